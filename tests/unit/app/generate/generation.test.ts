import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Duty } from '../../../../main/app/duty.js';
import { EngineDeath } from '../../../../main/app/engine-errors.js';
import { AppError } from '../../../../main/app/errors.js';
import { Generation } from '../../../../main/app/generate/generation.js';
import { ImageRegistry } from '../../../../main/app/images.js';
import type { CallParams, Place, PlaceId } from '../../../../preload/contract.js';
import { DEFAULT_PREFERENCES, DEFAULT_RUNTIME } from '../../../../preload/contract.js';
import type { EngineParams } from '../../../../preload/engine-protocol.js';
import type { VariationRecipe } from '../../../../preload/generate/recipe.js';
import { FakeEngine, untilAborted, type Answers } from '../../../support/fake-engine.js';
import { LibraryBench } from '../../../support/library.js';
import { tempFolder } from '../../../support/temp-folder.js';

const forever = new AbortController().signal;
const sha256 = 'f'.repeat(64);
const denoise = { settings: DEFAULT_PREFERENCES.adjustments, sha256 };
const recipeOf = (steps: VariationRecipe['steps']): VariationRecipe => ({
  version: 1,
  made: 'variation',
  vae: { encoder: sha256, decoder: sha256 },
  photo: { name: 'a.jpg', sha256 },
  steps,
  denoise,
});

/** Answers with files of a few bytes. */
const ANSWERS: Answers = {
  variations: ({ folder, count, seed, strength, parent }) => {
    const write = (name: string): string => {
      const file = join(folder, name);
      writeFileSync(file, name);
      return file;
    };
    return {
      photo: { name: 'a.jpg', sha256 },
      base: write('base.jpg'),
      variations: Array.from({ length: count }, (_, index) => ({
        recipe: recipeOf([...parent, { kind: 'around', seed, index, strength }]),
        name: `variation ${index + 1}`,
        file: write(`${seed}-${index}-${strength}-${parent.length}.jpg`),
        width: 480,
        height: 320,
        distance: 4,
      })),
      ms: 1,
    };
  },
  exportVariations: ({ items }, _, give) => {
    const done = items.map(({ steps, output }) => {
      writeFileSync(output.path, 'full');
      const item = { output: output.path, recipe: recipeOf(steps), notes: ['the location was left out'], error: null };
      give(item);
      return item;
    });
    return { width: 9, height: 9, noise: { sigma: 1, perChannel: [1], low: 1, high: 1 }, items: done, ms: 1 };
  },
  interpolate: ({ outputs, animation }) => {
    const files = [...outputs, ...(animation === null ? [] : [animation])];
    for (const { path } of files) writeFileSync(path, 'frame');
    const recipe = {
      version: 1 as const,
      made: 'interpolation' as const,
      vae: { encoder: sha256, decoder: sha256 },
      photos: [],
      frames: 2,
      frame: 0,
      closed: false,
      detail: 1,
    };
    return { files: files.map(({ path }) => ({ output: path, recipe, width: 480, height: 320 })) };
  },
  latentMap: ({ photos }) => ({
    points: photos.slice(1).map((path, at) => ({
      path,
      photo: { name: path, sha256 },
      x: at,
      y: -at,
      neighbours: at === 0 && photos.length > 2 ? [{ index: 1, distance: 0.5 }] : [],
    })),
    explained: [0.5, 0.2],
    recipe: { version: 1, made: 'map', vae: { encoder: sha256, decoder: sha256 }, photos: [] },
    problems: [{ path: photos[0]!, error: { code: 'input/damaged', message: 'it is damaged' } }],
  }),
  latentPoint: ({ folder, photos, x }) => {
    const file = join(folder, `point${x}.jpg`);
    writeFileSync(file, 'point');
    return { file, width: 384, height: 384, nearest: photos[0]! };
  },
};

const PLACE = { id: '1'.repeat(32) as PlaceId, name: 'out', label: 'Pictures/out' } satisfies Place;

class Bench {
  readonly files = new LibraryBench('a.jpg', 'b.jpg', 'c.jpg');
  readonly out = tempFolder();
  readonly session = tempFolder();
  readonly images = new ImageRegistry();
  readonly revealed: string[] = [];
  readonly engine: FakeEngine;
  readonly handlers;
  readonly generation: Generation;
  originals: readonly string[] = [];
  settings = DEFAULT_PREFERENCES.adjustments;

  constructor(answers: Answers = {}) {
    this.engine = new FakeEngine({ ...ANSWERS, ...answers });
    this.generation = new Generation({
      engine: this.engine,
      runtime: () => DEFAULT_RUNTIME,
      duty: new Duty(),
      emit: this.files.events.emit,
      library: this.files.library,
      models: { promoted: () => Promise.resolve([]), forUse: () => Promise.resolve(null) },
      settingsOf: () => this.settings,
      images: this.images.pool({ bytes: Infinity, count: Infinity, ownsFiles: true }),
      session: this.session,
      vaeFolder: (id) => Promise.resolve(id && `/vaes/${id}`),
      latents: join(this.session, 'latents'),
      placeOf: (id) => (id === PLACE.id ? { place: PLACE, path: this.out } : null),
      remember: () => undefined,
      isOriginal: (path) => this.originals.includes(path),
    });
    this.handlers = this.generation.handlers({ reveal: (path) => this.revealed.push(path) });
  }

  ids = () => this.files.add();

  sheet = async (patch: Partial<CallParams<'generate.variations'>> = {}, signal = forever) => {
    const photo = (await this.ids())['a.jpg']!;
    const wanted = { ticket: 5, vae: null, photo, parent: [], kind: 'around' as const, count: 3, strength: 1, seed: 7 };
    return this.handlers['generate.variations']({ ...wanted, ...patch }, signal);
  };

  export = async (patch: Partial<CallParams<'generate.exportVariations'>['export']>, names = ['variation 1']) => {
    const photo = (await this.ids())['a.jpg']!;
    const items = names.map((name, index) => ({
      name,
      steps: [{ kind: 'around', seed: 7, index, strength: 1 } as const],
    }));
    const settings = {
      ...DEFAULT_PREFERENCES.export,
      destination: { kind: 'place', place: PLACE.id },
      ...patch,
    } as const;
    return this.handlers['generate.exportVariations'](
      { ticket: 6, vae: null, photo, items, export: settings },
      forever,
    );
  };
}

describe('variations for the window', () => {
  it('are pictures under opaque ids, with their recipes and without paths', async () => {
    const bench = new Bench();
    const { base, variations } = await bench.sheet();
    expect(variations.map(({ name }) => name)).toEqual(['variation 1', 'variation 2', 'variation 3']);
    expect(variations[1]!.recipe.steps).toEqual([{ kind: 'around', seed: 7, index: 1, strength: 1 }]);
    for (const { image } of [base, ...variations.map(({ picture }) => picture)]) {
      expect(image).toMatch(/^[0-9a-f]{32}$/);
      expect(bench.images.resolve(image)).toMatchObject({ contentType: 'image/jpeg' });
    }
    expect(JSON.stringify({ base, variations })).not.toContain(bench.session);
    expect(bench.engine.calls[0]!.params).toMatchObject({ vae: null, sheet: null, photo: bench.files.path('a.jpg') });
  });

  it('have the same ids when the same is asked again', async () => {
    const bench = new Bench();
    const first = await bench.sheet();
    expect(await bench.sheet()).toEqual(first);
    const other = await bench.sheet({ seed: 8 });
    expect(other.base).toEqual(first.base);
    expect(other.variations[0]!.picture.image).not.toBe(first.variations[0]!.picture.image);
  });

  it('end for newer ones', async () => {
    let calls = 0;
    const bench = new Bench({
      variations: (params, signal, give) =>
        ++calls === 1 ? untilAborted(signal) : ANSWERS.variations!(params, signal, give),
    });
    await bench.ids();
    const first = bench.sheet();
    const ended = expect(first).rejects.toMatchObject({ code: 'engine/cancelled' });
    await vi.waitFor(() => {
      expect(calls).toBe(1);
    });
    expect((await bench.sheet({ seed: 9 })).variations).toHaveLength(3);
    await ended;
  });

  it('are tried again with smaller tiles, then on the processor, when the engine dies', async () => {
    const tried: EngineParams<'variations'>['runtime'][] = [];
    const bench = new Bench({
      variations: (params, signal, give) => {
        tried.push(params.runtime);
        if (tried.length < 3) throw new EngineDeath('engine/crashed', 'the engine ended by SIGSEGV');
        return ANSWERS.variations!(params, signal, give);
      },
    });
    await bench.sheet();
    expect(tried.map(({ provider, tile }) => [provider, tile !== null])).toEqual([
      ['auto', false],
      ['auto', true],
      ['cpu', true],
    ]);
  });

  it('are looked at as the very place that their steps lead to', async () => {
    const bench = new Bench();
    const photo = (await bench.ids())['a.jpg']!;
    const steps = [{ kind: 'direction', name: 'warmer', strength: 2 } as const];
    await bench.handlers['generate.look']({ ticket: 1, vae: null, photo, steps }, forever);
    expect(bench.engine.calls.at(-1)!.params).toMatchObject({ parent: steps, count: 1, strength: 0, side: 960 });
  });

  it('ask for the camera of a photo whose model goes by it', async () => {
    const bench = new Bench({ camera: () => ({ camera: null }) });
    bench.settings = { ...bench.settings, model: 'auto' };
    await bench.sheet();
    expect(bench.engine.names()).toEqual(['camera', 'variations']);
    expect(bench.engine.calls[1]!.params).toMatchObject({ settings: { model: 'quality' } });
  });

  it('of a photo that is gone are refused', async () => {
    const bench = new Bench();
    await expect(bench.sheet({ photo: '9'.repeat(32) as never })).rejects.toMatchObject({ code: 'input/not-found' });
    expect(bench.engine.calls).toEqual([]);
  });
});

describe('exported variations', () => {
  it('are named after photo, seed and number, and shown where they are', async () => {
    const bench = new Bench();
    const done = await bench.export({}, ['variation 1', 'variation 2']);
    expect(done).toEqual({
      files: 2,
      failed: [],
      notes: ['the location was left out'],
      folder: 'Pictures/out',
      download: null,
    });
    expect(readdirSync(bench.out).sort()).toEqual(['a-7.1.jpg', 'a-7.2.jpg']);
    await bench.handlers['generate.reveal']({}, forever);
    expect(bench.revealed).toEqual([join(bench.out, 'a-7.1.jpg')]);
  });

  it('never take a name that is there, but where it may be replaced, and never an original', async () => {
    const bench = new Bench();
    writeFileSync(join(bench.out, 'a-7.1.jpg'), 'old');
    await bench.export({ existing: 'skip' });
    expect(readdirSync(bench.out).sort()).toEqual(['a-7.1 (2).jpg', 'a-7.1.jpg']);
    await bench.export({ existing: 'overwrite' });
    expect(bench.engine.calls.at(-1)!.params).toMatchObject({
      items: [{ output: { path: join(bench.out, 'a-7.1.jpg'), overwrite: true } }],
    });
    bench.originals = [join(bench.out, 'a-7.1.jpg')];
    await bench.export({ existing: 'overwrite' });
    expect(bench.engine.calls.at(-1)!.params).toMatchObject({
      items: [{ output: { path: join(bench.out, 'a-7.1 (3).jpg'), overwrite: false } }],
    });
  });

  it('go beside the photo, or wait as a zip that is there once and leaves nothing', async () => {
    const bench = new Bench();
    expect(await bench.export({ destination: { kind: 'beside', folder: 'Varied' } })).toMatchObject({
      folder: 'Varied',
    });
    expect(readdirSync(join(bench.files.root, 'Varied'))).toEqual(['a-7.1.jpg']);
    const { download, folder } = await bench.export({ destination: { kind: 'download' } });
    expect(folder).toBeNull();
    const id = download!.url.replace('download/', '');
    const zip = await bench.generation.takeDownload(id);
    const chunks: Buffer[] = [];
    for await (const chunk of zip!.stream) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString('latin1')).toContain('a-7.1.jpg');
    expect(await bench.generation.takeDownload(id)).toBeNull();
    await vi.waitFor(() => {
      expect(readdirSync(join(bench.session, 'generated-downloads'))).toEqual([]);
    });
  });

  it('need a destination that is known', async () => {
    const bench = new Bench();
    await expect(bench.export({ destination: null })).rejects.toMatchObject({ code: 'usage/invalid' });
    const lost = { kind: 'place', place: '2'.repeat(32) as PlaceId } as const;
    await expect(bench.export({ destination: lost })).rejects.toMatchObject({ code: 'output/gone' });
    expect(bench.engine.calls).toEqual([]);
  });

  it('say which of them failed; those that were written before the engine died are not written again', async () => {
    const asked: number[] = [];
    const bench = new Bench({
      exportVariations: (params, signal, give) => {
        asked.push(params.items.length);
        if (asked.length > 1) return ANSWERS.exportVariations!(params, signal, give);
        const [{ steps, output }] = params.items as [(typeof params.items)[number]];
        const error = { code: 'output/disk-full', message: 'the disk is full' };
        give({ output: output.path, recipe: recipeOf(steps), notes: [], error });
        throw new EngineDeath('engine/crashed', 'the engine ended by SIGSEGV');
      },
    });
    const done = await bench.export({}, ['variation 1', 'variation 2']);
    expect(asked).toEqual([2, 1]);
    expect(done).toMatchObject({
      files: 1,
      failed: [{ name: 'a-7.1.jpg', error: { code: 'output/disk-full' } }],
    });
  });

  it('leave nothing behind of a download that failed', async () => {
    const bench = new Bench({
      exportVariations: () => Promise.reject(new AppError('model/invalid', 'it is no model')),
    });
    await expect(bench.export({ destination: { kind: 'download' } })).rejects.toMatchObject({ code: 'model/invalid' });
    expect(readdirSync(join(bench.session, 'generated-downloads'))).toEqual([]);
  });
});

describe('ways, samples and the map', () => {
  it('show frames, and write files or an animation named after both ends', async () => {
    const bench = new Bench();
    const ids = await bench.ids();
    const way = { ticket: 1, vae: null, photos: [ids['a.jpg']!, ids['c.jpg']!], frames: 3, closed: false, detail: 1 };
    const { frames } = await bench.handlers['generate.between'](way, forever);
    expect(frames).toHaveLength(3);
    expect(new Set(frames.map(({ image }) => image)).size).toBe(3);
    const settings = { ...DEFAULT_PREFERENCES.export, destination: { kind: 'place', place: PLACE.id } } as const;
    const more = { ...way, side: 480, framesPerSecond: 12, export: settings } as const;
    await bench.handlers['generate.exportBetween']({ ...more, as: 'animation' }, forever);
    await bench.handlers['generate.exportBetween']({ ...more, as: 'frames' }, forever);
    expect(readdirSync(bench.out).sort()).toEqual([
      'a-to-c-001.png',
      'a-to-c-002.png',
      'a-to-c-003.png',
      'a-to-c.webp',
    ]);
  });

  it('leave no files of a request that failed', async () => {
    const bench = new Bench({
      interpolate: ({ outputs }) => {
        writeFileSync(outputs[0]!.path, 'frame');
        throw new AppError('input/damaged', 'c.jpg: it is damaged');
      },
    });
    const ids = await bench.ids();
    const way = { ticket: 1, vae: null, photos: [ids['a.jpg']!, ids['c.jpg']!], frames: 3, closed: false, detail: 1 };
    await expect(bench.handlers['generate.between'](way, forever)).rejects.toMatchObject({ code: 'input/damaged' });
    expect(readdirSync(join(bench.session, 'generated'))).toEqual([]);
  });

  it('samples of no photo have none to be put beside', async () => {
    const bench = new Bench();
    mkdirSync(join(bench.session, 'x'));
    const settings = { ...DEFAULT_PREFERENCES.export, destination: { kind: 'beside', folder: 'New' } } as const;
    const request = { ticket: 1, vae: null, photos: [], seed: 3, indices: [0], export: settings };
    await expect(bench.handlers['generate.exportSamples'](request, forever)).rejects.toMatchObject({
      code: 'usage/invalid',
      message: expect.stringContaining('choose a folder') as string,
    });
    expect(existsSync(join(bench.files.root, 'New'))).toBe(false);
  });

  it('the map names photos and neighbours by their ids, and says which are not on it', async () => {
    const bench = new Bench();
    const ids = await bench.ids();
    const photos = [ids['a.jpg']!, ids['b.jpg']!, ids['c.jpg']!];
    const map = await bench.handlers['generate.map']({ ticket: 1, vae: null, photos }, forever);
    expect(map.points).toEqual([
      { photo: ids['b.jpg'], x: 0, y: -0, neighbours: [{ photo: ids['c.jpg'], distance: 0.5 }] },
      { photo: ids['c.jpg'], x: 1, y: -1, neighbours: [] },
    ]);
    expect(map.problems).toEqual([{ photo: ids['a.jpg'], error: { code: 'input/damaged', message: 'it is damaged' } }]);
    const points = [
      { x: 1, y: 2 },
      { x: 3, y: 4 },
    ];
    const walk = await bench.handlers['generate.points'](
      { ticket: 1, vae: null, photos, points, detail: 0.5 },
      forever,
    );
    expect(walk.pictures.map(({ nearest }) => nearest)).toEqual([ids['a.jpg'], ids['a.jpg']]);
    expect(JSON.stringify(map)).not.toContain(bench.files.root);
  });
});
