import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Duty } from '../../../../main/app/duty.js';
import { EngineDeath } from '../../../../main/app/engine-errors.js';
import { AppError } from '../../../../main/app/errors.js';
import { ImageRegistry } from '../../../../main/app/images.js';
import { OpenedPhotos } from '../../../../main/app/view/opened-photos.js';
import { Previews } from '../../../../main/app/view/previews.js';
import { Viewer } from '../../../../main/app/view/viewer.js';
import { DEFAULT_RUNTIME, PhotoView, type PhotoId, type PreviewRequest } from '../../../../preload/contract.js';
import type { EngineParams, EngineResult } from '../../../../preload/engine-protocol.js';
import { cutRegion, FakeEngine, later, openPhoto, untilAborted, type Answers } from '../../../support/fake-engine.js';
import { LibraryBench } from '../../../support/library.js';
import { tempFolder } from '../../../support/temp-folder.js';

const forever = new AbortController().signal;
const noise = { sigma: 7, perChannel: [7, 7, 7], low: 6, high: 8 };
const trust = { score: 0.8, verdict: 'fair' as const };

class Bench extends LibraryBench {
  readonly cache = tempFolder();
  readonly images = new ImageRegistry();
  readonly duty = new Duty();
  readonly engine: FakeEngine;
  readonly viewer: Viewer;

  constructor(files: readonly string[], answers: Answers = {}, limits = { bytes: 1e6, count: 3 }) {
    super(...files);
    const engine = new FakeEngine({ open: openPhoto, region: cutRegion, preview: writePreview, ...answers });
    const pool = (ownsFiles: boolean) => this.images.pool({ bytes: 1e9, count: 1000, ownsFiles });
    const opened = new OpenedPhotos({
      engine,
      folder: join(this.cache, 'opened'),
      limits,
      luts: pool(false),
      duty: this.duty,
    });
    const previews = new Previews({
      engine,
      modelOf: (model) => Promise.resolve({ model, fallback: null }),
      runtime: () => DEFAULT_RUNTIME,
      duty: this.duty,
      emit: this.events.emit,
      folder: join(this.cache, 'previews'),
      images: pool(true),
    });
    const folder = join(this.cache, 'tiles');
    this.engine = engine;
    this.viewer = new Viewer({ library: this.library, engine, opened, previews, tiles: pool(true), folder });
  }

  list = (folder: string): string[] =>
    existsSync(join(this.cache, folder)) ? readdirSync(join(this.cache, folder)) : [];
  count = (name: string): number => this.engine.names().filter((call) => call === name).length;
}

/** Answers `preview` with one part, and writes a file that it never tells of. */
function writePreview(
  { output, prefix, region }: EngineParams<'preview'>,
  _signal: AbortSignal,
  give: (part: { region: typeof region; draft: boolean; image: string; first: string; second: null }) => void,
): EngineResult<'preview'> {
  const file = (name: string): string => {
    writeFileSync(join(output, prefix + name), name);
    return join(output, prefix + name);
  };
  file('scrap');
  give({ region, draft: false, image: file('image'), first: file('first'), second: null });
  return { noise, trust, maps: { file: file('maps'), width: 2, height: 2 }, ms: 5 };
}

const ask = (photo: PhotoId, more: Partial<PreviewRequest> = {}): PreviewRequest => ({
  photo,
  ticket: 1,
  level: 0,
  region: { left: 0, top: 0, width: 64, height: 64 },
  model: 'quality',
  sigma: null,
  secondPass: false,
  ...more,
});

describe('opening a photo', () => {
  it.each(['well', 'badly'])('goes before what is done in the background, until it has ended %s', async (how) => {
    const gate = later();
    const bench = new Bench(['a.jpg'], {
      open: async (params, signal, give) => {
        await gate.promise;
        if (how === 'badly') throw new AppError('input/damaged', 'it is damaged');
        return openPhoto(params, signal, give);
      },
    });
    const view = bench.viewer.open(forever, (await bench.add())['a.jpg']!);
    await vi.waitFor(() => {
      expect(bench.duty.busy).toBe(true);
    });
    gate.resolve(undefined);
    await view.catch(() => undefined);
    expect(bench.duty.busy).toBe(false);
  });

  it('unpacks it into a folder of its own, once for all who ask, and says what it is', async () => {
    const bench = new Bench(['a.jpg']);
    const id = (await bench.add())['a.jpg']!;
    const [view, same] = await Promise.all([bench.viewer.open(forever, id), bench.viewer.open(forever, id)]);
    expect(same).toEqual(view);
    expect(PhotoView.strict().parse(view)).toEqual(view);
    expect(view).toMatchObject({ photo: id, width: 1200, height: 700, depth: 8, camera: null });
    expect(existsSync(bench.images.resolve(view.lut)!.file)).toBe(true);
    expect(bench.count('open')).toBe(1);
    expect(bench.entry('a.jpg')).toMatchObject({ width: 1200, height: 700, format: 'jpeg' });
  });

  it('unpacks it again when its file has changed', async () => {
    const bench = new Bench(['a.jpg']);
    const id = (await bench.add())['a.jpg']!;
    await bench.viewer.open(forever, id);
    utimesSync(bench.path('a.jpg'), 1000, 1000);
    await bench.viewer.open(forever, id);
    expect(bench.count('open')).toBe(2);
  });

  it('keeps the photos that were looked at last, and removes the rest with their tables', async () => {
    const bench = new Bench(['a.jpg', 'b.jpg', 'c.jpg'], {}, { bytes: 2500, count: 10 });
    const ids = await bench.add();
    const first = await bench.viewer.open(forever, ids['a.jpg']!);
    await bench.viewer.open(forever, ids['b.jpg']!);
    await bench.viewer.open(forever, ids['a.jpg']!);
    await bench.viewer.open(forever, ids['c.jpg']!);
    expect(bench.images.resolve(first.lut)).not.toBeNull();
    await vi.waitFor(() => {
      expect(bench.list('opened')).toHaveLength(2);
    });
    await bench.viewer.open(forever, ids['a.jpg']!);
    expect(bench.count('open')).toBe(3);
    const again = await bench.viewer.open(forever, ids['b.jpg']!);
    expect(bench.count('open')).toBe(4);
    expect(bench.images.resolve(again.lut)).not.toBeNull();
  });

  it('stops when nobody waits for it any more, and not before', async () => {
    const bench = new Bench(['a.jpg'], { open: (_, signal) => untilAborted(signal) });
    const id = (await bench.add())['a.jpg']!;
    const [one, two] = [new AbortController(), new AbortController()];
    const answers = [one, two].map(({ signal }) => bench.viewer.open(signal, id).catch((error: unknown) => error));
    await vi.waitFor(() => {
      expect(bench.count('open')).toBe(1);
    });
    one.abort();
    expect(await answers[0]).toMatchObject({ code: 'engine/cancelled' });
    expect(bench.engine.calls[0]?.signal.aborted).toBe(false);
    two.abort();
    expect(await answers[1]).toMatchObject({ code: 'engine/cancelled' });
    expect(bench.engine.calls[0]?.signal.aborted).toBe(true);
    await vi.waitFor(() => {
      expect(bench.list('opened')).toEqual([]);
    });
  });

  it('fails with the reason, which its entry says too, and can be tried again', async () => {
    const bench = new Bench(['a.jpg'], {
      open: () => {
        throw new AppError('input/damaged', 'cut short');
      },
    });
    const id = (await bench.add())['a.jpg']!;
    await expect(bench.viewer.open(forever, id)).rejects.toMatchObject({ code: 'input/damaged' });
    expect(bench.entry('a.jpg').error?.code).toBe('input/damaged');
    await expect(bench.viewer.open(forever, id)).rejects.toMatchObject({ code: 'input/damaged' });
    expect(bench.count('open')).toBe(2);
  });

  it('makes room on a full disk by letting the others go', async () => {
    let left = 1;
    const bench = new Bench(['a.jpg', 'b.jpg'], {
      open: (params, signal, give) => {
        if (params.input.endsWith('b.jpg') && left-- > 0) throw new AppError('output/disk-full', 'the disk is full');
        return openPhoto(params, signal, give);
      },
    });
    const ids = await bench.add();
    await bench.viewer.open(forever, ids['a.jpg']!);
    await bench.viewer.open(forever, ids['b.jpg']!);
    await vi.waitFor(() => {
      expect(bench.list('opened')).toHaveLength(1);
    });
  });
});

describe('a tile', () => {
  it('is cut once; those at the edge are smaller', async () => {
    const bench = new Bench(['a.jpg']);
    const photo = (await bench.add())['a.jpg']!;
    const tile = (level: number, column: number, row: number) =>
      bench.viewer.tile(forever, { photo, level, column, row });
    const corner = await tile(0, 2, 1);
    expect(corner).toMatchObject({ width: 176, height: 188 });
    expect(await tile(0, 2, 1)).toEqual(corner);
    expect(await tile(0, 0, 0)).toMatchObject({ width: 512, height: 512 });
    expect(await tile(1, 1, 0)).toMatchObject({ width: 88, height: 350 });
    expect(bench.count('region')).toBe(3);
    expect(bench.count('open')).toBe(1);
    expect(bench.engine.calls.find(({ name }) => name === 'region')?.params).toMatchObject({
      level: 0,
      region: { left: 1024, top: 512, width: 176, height: 188 },
    });
  });

  it.each([
    [0, 3, 0],
    [0, 0, 2],
    [1, 2, 0],
    [2, 0, 0],
    [24, 65_536, 65_536],
  ])('is refused where there is none: level %i, column %i, row %i', async (level, column, row) => {
    const bench = new Bench(['a.jpg']);
    const photo = (await bench.add())['a.jpg']!;
    await expect(bench.viewer.tile(forever, { photo, level, column, row })).rejects.toMatchObject({
      code: 'request/invalid',
    });
    expect(bench.count('region')).toBe(0);
  });

  it.each([
    ['the engine died', () => new EngineDeath('engine/crashed', 'the engine ended'), false, 1],
    ['the cache was emptied', () => new AppError('input/not-found', 'no such file or folder'), true, 2],
  ])('is cut again when %s meanwhile', async (_, fault, emptied, opens) => {
    let fails = false;
    const bench: Bench = new Bench(['a.jpg'], {
      region: (params, signal, give) => {
        if (!fails) return cutRegion(params, signal, give);
        fails = false;
        throw fault();
      },
    });
    const photo = (await bench.add())['a.jpg']!;
    await bench.viewer.tile(forever, { photo, level: 0, column: 0, row: 0 });
    if (emptied) rmSync(join(bench.cache, 'opened'), { recursive: true });
    fails = true;
    const tile = await bench.viewer.tile(forever, { photo, level: 0, column: 1, row: 0 });
    expect(bench.images.resolve(tile.image)).not.toBeNull();
    expect(bench.count('open')).toBe(opens);
    expect(bench.entry('a.jpg').error).toBeNull();
  });
});

describe('a preview', () => {
  it('comes in parts under ids of their own, ends with a report, and tells the entry what it found', async () => {
    const bench = new Bench(['a.jpg']);
    const photo = (await bench.add())['a.jpg']!;
    const report = await bench.viewer.preview(forever, ask(photo, { ticket: 41 }));
    expect(report).toMatchObject({ noise, trust, maps: { width: 2, height: 2 } });
    const [part] = bench.payloads('preview.part');
    expect(part).toMatchObject({ ticket: 41, level: 0, draft: false, second: null });
    for (const image of [part!.image, part!.first, report.maps.image]) {
      expect(existsSync(bench.images.resolve(image)!.file)).toBe(true);
    }
    expect(bench.list('previews').map((name) => name.split('-').at(-1))).toEqual(['first', 'image', 'maps']);
    expect(bench.entry('a.jpg')).toMatchObject({ noise: 7, trust });
  });

  it('does not let a part of the photo outweigh a measurement, nor say anything at another level', async () => {
    const bench = new Bench(['a.jpg', 'b.jpg']);
    const ids = await bench.add();
    bench.library.learn(ids['a.jpg']!, { noise: 3 });
    await bench.viewer.preview(forever, ask(ids['a.jpg']!));
    expect(bench.entry('a.jpg')).toMatchObject({ noise: 3, trust });
    await bench.viewer.preview(forever, ask(ids['b.jpg']!, { level: 1 }));
    expect(bench.entry('b.jpg')).toMatchObject({ noise: null, trust: null });
    await bench.viewer.preview(forever, ask(ids['b.jpg']!, { sigma: 50 }));
    expect(bench.entry('b.jpg')).toMatchObject({ noise: null, trust });
  });

  it('ends when a newer one comes; those between are never started', async () => {
    const started: number[] = [];
    const bench = new Bench(['a.jpg'], {
      preview: (params, signal, give) => {
        started.push(params.region.left);
        return params.region.left < 3 ? untilAborted(signal) : writePreview(params, signal, give);
      },
    });
    const photo = (await bench.add())['a.jpg']!;
    const at = (left: number) =>
      bench.viewer
        .preview(forever, ask(photo, { ticket: left, region: { left, top: 0, width: 8, height: 8 } }))
        .catch((error: unknown) => (error as AppError).code);
    const first = at(1);
    await vi.waitFor(() => {
      expect(started).toEqual([1]);
    });
    const answers = await Promise.all([first, at(2), at(3)]);
    expect(answers).toEqual(['engine/cancelled', 'engine/cancelled', expect.objectContaining({ noise })]);
    expect(started).toEqual([1, 3]);
    expect(bench.payloads('preview.part').map(({ ticket }) => ticket)).toEqual([3]);
  });

  it('ends with its own request, and leaves no files behind', async () => {
    const bench = new Bench(['a.jpg'], {
      preview: (params, signal) => {
        writeFileSync(join(params.output, `${params.prefix}half`), 'x');
        return untilAborted(signal);
      },
    });
    const photo = (await bench.add())['a.jpg']!;
    const gone = new AbortController();
    const answer = bench.viewer.preview(gone.signal, ask(photo));
    await vi.waitFor(() => {
      expect(bench.list('previews')).toHaveLength(1);
    });
    gone.abort();
    await expect(answer).rejects.toMatchObject({ code: 'engine/cancelled' });
    expect(bench.list('previews')).toEqual([]);
  });

  it('goes before what runs in the background, for as long as it lasts', async () => {
    const gate = later();
    const bench = new Bench(['a.jpg'], {
      preview: async (params, signal, give) => {
        await gate.promise;
        return writePreview(params, signal, give);
      },
    });
    const photo = (await bench.add())['a.jpg']!;
    const answer = bench.viewer.preview(forever, ask(photo));
    await vi.waitFor(() => {
      expect(bench.duty.busy).toBe(true);
    });
    gate.resolve(undefined);
    await answer;
  });

  it('falls back to the processor when the accelerator fails, says so once, and stays there', async () => {
    const bench = new Bench(['a.jpg'], {
      preview: (params, signal, give) => {
        if (params.runtime.provider !== 'cpu') throw new AppError('engine/provider', 'there is no adapter');
        return writePreview(params, signal, give);
      },
    });
    const photo = (await bench.add())['a.jpg']!;
    await bench.viewer.preview(forever, ask(photo));
    await bench.viewer.preview(forever, ask(photo));
    const providers = bench.engine.calls
      .filter(({ name }) => name === 'preview')
      .map(({ params }) => (params as EngineParams<'preview'>).runtime.provider);
    expect(providers).toEqual(['auto', 'cpu', 'cpu']);
    expect(bench.payloads('app.notice')).toMatchObject([{ level: 'warning', code: 'engine/provider' }]);
  });

  it('gives up when the engine dies of it again and again', async () => {
    const bench = new Bench(['a.jpg'], {
      preview: () => {
        throw new EngineDeath('engine/crashed', 'the engine ended');
      },
    });
    const photo = (await bench.add())['a.jpg']!;
    await expect(bench.viewer.preview(forever, ask(photo))).rejects.toMatchObject({ code: 'engine/crashed' });
    expect(bench.count('preview')).toBe(3);
  });

  it.each([
    { level: 5 },
    { region: { left: 1199, top: 0, width: 2, height: 1 } },
    { region: { left: 0, top: 2 ** 24, width: 1, height: 1 } },
    { level: 1, region: { left: 0, top: 0, width: 600, height: 351 } },
  ])('is refused outside of the photo: %j', async (more) => {
    const bench = new Bench(['a.jpg']);
    const photo = (await bench.add())['a.jpg']!;
    await expect(bench.viewer.preview(forever, ask(photo, more))).rejects.toMatchObject({ code: 'request/invalid' });
    expect(bench.count('preview')).toBe(0);
  });
});
