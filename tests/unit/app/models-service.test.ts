import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ModelLibrary } from '../../../main/app/model-library.js';
import { ModelsService } from '../../../main/app/models-service.js';
import { PhotoCameras } from '../../../main/app/training/photo-cameras.js';
import type { CameraInfo, PhotoId } from '../../../preload/contract.js';
import { FakeEngine } from '../../support/fake-engine.js';
import { LibraryBench } from '../../support/library.js';
import { newCard, tinyDenoiser, writeDenoiser } from '../../support/model-files.js';
import { tempFolder } from '../../support/temp-folder.js';

const forever = new AbortController().signal;
const camera = (iso: number | null, model: string | null = 'Canon EOS R5'): CameraInfo => ({
  ...{ make: 'Canon', model, iso, lens: null, exposureTime: null, aperture: null, focalLength: null, takenAt: null },
});

/** Models in a state folder, photos whose headers say what they are told to, and dialogs that answer. */
class Bench {
  readonly folder = tempFolder();
  readonly photos = new LibraryBench('a.jpg', 'b.jpg', 'c.jpg');
  readonly models = new ModelLibrary(join(this.folder, 'state'));
  headers: Record<string, CameraInfo | null> = {};
  readonly engine = new FakeEngine({
    camera: ({ input }) => ({ camera: this.headers[input.split('/').at(-1)!] ?? null }),
  });
  readonly cameras = new PhotoCameras(this.photos.library, this.engine);
  target: string | null = null;
  chosen: string | null = null;
  readonly service = new ModelsService({
    models: this.models,
    cameras: this.cameras,
    platform: {
      pickModel: () => Promise.resolve(this.chosen),
      pickModelTarget: () => Promise.resolve(this.target),
    },
    shipped: () => Promise.resolve(['quality', 'fast']),
    emit: this.photos.events.emit,
    scratch: join(this.folder, 'scratch'),
  });

  at = (name: string): string => join(this.folder, name);
  add = async (name: string, gain = 0.9): Promise<string> =>
    (await this.models.add(writeDenoiser(this.at('given.onnx'), gain), newCard(name))).version.id;
  changes = () => this.photos.payloads('models.changed');
}

describe('models of one’s own in the window', () => {
  it('are promoted and rolled back, and every window hears of it', async () => {
    const bench = new Bench();
    const [first, second] = [await bench.add('night', 0.9), await bench.add('night', 0.8)];
    await bench.service.promote(first);
    await bench.service.promote(second);
    const inUse = () =>
      bench
        .changes()
        .at(-1)!
        .versions.filter(({ promoted }) => promoted);
    expect(inUse()).toMatchObject([{ id: second }]);
    expect(await bench.service.rollback('night')).toBe(first);
    expect(inUse()).toMatchObject([{ id: first }]);
    expect(await bench.service.rollback('night')).toBeNull();
    expect(inUse()).toEqual([]);
    await expect(bench.service.rollback('night')).rejects.toMatchObject({ code: 'usage/invalid' });
    // Neither versions nor what is damaged tell where files are.
    expect(JSON.stringify(bench.changes())).not.toContain(bench.folder);
  });

  it('go out as a file, and come back with their card', async () => {
    const bench = new Bench();
    const id = await bench.add('night');
    expect(await bench.service.export(id)).toBe(false);
    bench.target = bench.at('night.onnx');
    writeFileSync(bench.target, 'what the person agreed to replace');
    expect(await bench.service.export(id)).toBe(true);
    const { url, name } = await bench.service.download(id);
    expect(name).toBe('night.onnx');
    const ticket = url.replace('download/', '');
    const fetched = (await bench.service.takeDownload(ticket))!;
    const bytes = await buffer(fetched.stream);
    expect(bytes).toEqual(readFileSync(bench.target));
    expect(await bench.service.takeDownload(ticket)).toBeNull();

    const other = new Bench();
    expect(await other.service.receive(Readable.from([bytes]), 'a name.onnx')).toEqual({ name: 'night', isNew: true });
    expect(await other.service.receive(Readable.from([bytes]), 'a name.onnx')).toEqual({ name: 'night', isNew: false });
    expect((await other.service.list()).versions).toMatchObject([{ id, card: { steps: 2000 } }]);
    expect(readdirSync(other.at('scratch'))).toEqual([]);
  });

  it('are called after their files where they have no card', async () => {
    const bench = new Bench();
    expect(await bench.service.import()).toBeNull();
    bench.chosen = writeDenoiser(bench.at('Night, 밤 (2).onnx'), 0.9);
    expect(await bench.service.import()).toEqual({ name: 'Night 밤 2', isNew: true });
    bench.chosen = writeDenoiser(bench.at('auto.onnx'), 0.8);
    expect(await bench.service.import()).toEqual({ name: 'imported model', isNew: true });
  });

  it('refuse what is none, by the name that the person knows', async () => {
    const bench = new Bench();
    const receiving = bench.service.receive(Readable.from([Buffer.from('GIF89a')]), 'cat.onnx');
    await expect(receiving).rejects.toMatchObject({
      code: 'model/invalid',
      message: expect.stringMatching(/^cat\.onnx is no denoiser/) as string,
    });
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from(tinyDenoiser().subarray(0, 10));
        await Promise.reject(new Error('the page went away'));
      })(),
    );
    await expect(bench.service.receive(broken, 'half.onnx')).rejects.toThrow();
    expect(readdirSync(bench.at('scratch'))).toEqual([]);
    expect((await bench.service.list()).versions).toEqual([]);
  });

  it('are chosen for a photo by its camera and ISO, and it is said which', async () => {
    const bench = new Bench();
    const { 'a.jpg': a, 'b.jpg': b } = await bench.photos.add();
    bench.headers = { 'a.jpg': camera(3200), 'b.jpg': camera(100) };
    expect(await bench.service.pick(forever, a!)).toEqual({ photo: a, model: 'quality', camera: null });
    await bench.service.promote(await bench.add('night'));
    expect(await bench.service.pick(forever, a!)).toEqual({
      photo: a,
      model: 'night',
      camera: { model: 'Canon EOS R5', iso: 3200 },
    });
    expect(await bench.service.pick(forever, b!)).toEqual({ photo: b, model: 'quality', camera: null });
    // A header is read once.
    expect(bench.engine.calls).toHaveLength(2);
    await expect(bench.service.pick(forever, '0'.repeat(32) as PhotoId)).rejects.toMatchObject({
      code: 'input/not-found',
    });
  });

  it('can be gone on from: a name means its promoted version, or what it came from', async () => {
    const bench = new Bench();
    const id = await bench.add('night');
    await expect(bench.service.parentOf('night')).rejects.toMatchObject({ code: 'usage/invalid' });
    await bench.service.promote(id);
    expect(await bench.service.parentOf('night')).toMatchObject({ name: 'night', base: 'fast' });
    await bench.service.rollback('night');
    expect(await bench.service.parentOf('night')).toEqual({ model: 'fast', name: 'fast', base: 'fast' });
    await expect(bench.service.parentOf('estimator')).rejects.toMatchObject({ code: 'usage/invalid' });
  });
});

describe('the cameras of photos', () => {
  it('are summed up with the range of their ISO speeds', async () => {
    const bench = new Bench();
    const ids = await bench.photos.add();
    bench.headers = { 'a.jpg': camera(3200), 'b.jpg': camera(800), 'c.jpg': null };
    const photos = Object.values(ids);
    expect(await bench.cameras.summary(forever, [...photos, '0'.repeat(32) as PhotoId])).toEqual({
      cameras: [
        { make: 'Canon', model: 'Canon EOS R5', isoFrom: 800, isoTo: 3200, photos: 2 },
        { make: null, model: null, isoFrom: null, isoTo: null, photos: 1 },
      ],
      looked: 3,
    });
  });
});
