import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Duty } from '../../../../main/app/duty.js';
import { EventHub } from '../../../../main/app/events.js';
import { AppError } from '../../../../main/app/errors.js';
import { ImageRegistry } from '../../../../main/app/images.js';
import { ModelLibrary } from '../../../../main/app/model-library.js';
import { learningFolder } from '../../../../main/app/state-folder.js';
import { TrainingService } from '../../../../main/app/training/training-service.js';
import { VaeLibrary } from '../../../../main/app/vae-library.js';
import { DEFAULT_RUNTIME, type PhotoId, type TrainingRun, type VaeStart } from '../../../../preload/contract.js';
import type { EngineParams, EnginePart, EngineResult } from '../../../../preload/engine-protocol.js';
import { FakeEngine, later, untilAborted, type Later } from '../../../support/fake-engine.js';
import { tempFolder } from '../../../support/temp-folder.js';
import { newVaeCard, writeTinyRecipes, writeTinyVae } from '../../../support/tiny-vae.js';
import { vaeEvaluated, vaeStarted, vaeStepped } from '../../../support/vae-news.js';

type Train = EngineParams<'train'>;

const ids = (count: number): PhotoId[] => Array.from({ length: count }, (_, index) => `${index}`.repeat(8) as PhotoId);

/** A service over a real state folder, whose engines train as they are told. */
class Bench {
  readonly state: string;
  readonly duty = new Duty();
  readonly images = new ImageRegistry();
  readonly vaes: VaeLibrary;
  readonly engines: FakeEngine[] = [];
  kept = 0;
  asked: Later<{ request: Train; give: (part: EnginePart<'train'>) => void }> = later();
  answer: Later<EngineResult<'train'>> = later();
  readonly service: TrainingService;

  constructor(of?: Bench) {
    this.state = of?.state ?? tempFolder();
    this.vaes = new VaeLibrary(this.state);
    const recipes = join(this.state, 'recipes');
    writeTinyRecipes(recipes);
    this.service = new TrainingService({
      state: this.state,
      folder: this.state,
      launch: () => this.engine(),
      library: { get: (id: PhotoId) => ({ path: `/photos/${id}.jpg` }) as never },
      models: new ModelLibrary(this.state),
      vaes: this.vaes,
      recipes,
      parentOf: () => Promise.reject(new Error('no denoiser is asked for')),
      runtime: () => DEFAULT_RUNTIME,
      duty: this.duty,
      emit: new EventHub().emit,
      pictures: join(this.state, of === undefined ? 'pictures' : 'pictures-2'),
      images: this.images.pool({ bytes: Infinity, count: Infinity, ownsFiles: true }),
      onKept: () => undefined,
      onVaeKept: () => {
        this.kept++;
      },
    });
    onTestFinished(() => this.service.close());
  }

  private engine() {
    const fake = new FakeEngine({
      train: (request, signal, give) => {
        this.asked.resolve({ request, give });
        return Promise.race([this.answer.promise, untilAborted(signal)]);
      },
      pauseTraining: () => ({ found: true }),
    });
    this.engines.push(fake);
    return Object.assign(fake, { shutdown: () => Promise.resolve(), kill: () => undefined });
  }

  start = (changes: Partial<VaeStart> = {}): Promise<void> =>
    this.service.startVae({ name: 'album', method: 'vae', photos: ids(8), minutes: 2, parent: null, ...changes });

  begun = () => this.asked.promise;
  run = (): TrainingRun => this.service.view()!;
  until = (state: TrainingRun['state']): Promise<void> =>
    vi.waitFor(() => {
      expect(this.run().state).toBe(state);
    });
}

/** What an engine answers that has trained: its files lie in the run's folder. */
function report({ out }: Train, seed = 1): EngineResult<'train'> {
  const { encoder, decoder } = writeTinyVae(out, seed);
  const scores = { psnr: 14, kl: 20, active: 5, sharpness: 0.1, objective: 0.2 };
  return { model: encoder, beside: [decoder], steps: 90, bestStep: 80, scores, before: { psnr: 8 }, seconds: 6 };
}

describe('a VAE in the window', () => {
  it('is trained with the recipe that ships, shown as it goes, and kept under its name', async () => {
    const bench = new Bench();
    await bench.start();
    const { request, give } = await bench.begun();
    expect(request).toMatchObject({ init: null, length: { by: 'minutes', minutes: 2 }, resume: false });
    expect(request.recipe).toMatchObject({ name: 'vae', net: { kind: 'vae', side: 32 }, checkpointEvery: 10 });
    expect(request.photos).toHaveLength(8);
    expect(bench.run()).toMatchObject({ method: 'vae', phase: 'reading', parent: null, sheet: null });
    writeFileSync(join(request.out, 'samples.png'), 'sheet 0');
    for (const news of [vaeStarted(0), vaeEvaluated(0, 8), vaeStepped(9, 0.5)]) give(news);
    expect(bench.run()).toMatchObject({ state: 'running', phase: 'training', step: 9, fraction: 0.5 });
    expect(bench.run().etaMs).toBeGreaterThan(0);
    await vi.waitFor(() => {
      expect(readFileSync(bench.images.resolve(bench.run().sheet)!.file, 'utf8')).toBe('sheet 0');
    });
    bench.answer.resolve(report(request));
    await bench.until('ended');
    const { result, sheet } = bench.run();
    expect(result).toMatchObject({ promoted: false, verdict: null });
    const kept = await bench.vaes.get('album');
    expect(kept.id).toBe(result!.version);
    expect(kept.card).toMatchObject({ method: 'vae', parent: null, photos: 7, heldOut: 2, steps: 90 });
    expect(kept.card.scores).toMatchObject({ before: { psnr: 8 }, after: { psnr: 14 } });
    expect(kept.card.curves).toHaveLength(1);
    // The last of the run.
    expect(readFileSync(bench.images.resolve(sheet)!.file, 'utf8')).toBe('sheet 1');
    expect(bench.kept).toBe(1);
    await vi.waitFor(() => {
      expect(readdirSync(learningFolder(bench.state))).toEqual([]);
    });
  });

  it('is sharpened from one of the person’s own, in the shape of its nets', async () => {
    const bench = new Bench();
    const card = newVaeCard('album');
    const other = {
      ...(card.recipe as object),
      net: { kind: 'vae', side: 64, latent: 9, widths: [8], depths: [0], tail: 6 },
    };
    const parent = await bench.vaes.add(writeTinyVae(join(bench.state, 'parent'), 5), {
      ...card,
      recipe: { ...other, data: { crop: 64 } },
    });
    await bench.start({ name: 'sharp', method: 'vae-gan', parent: parent.id });
    const { request } = await bench.begun();
    expect(request.init).toBe(parent.folder);
    expect(request.recipe).toMatchObject({ net: { side: 64, latent: 9 }, data: { crop: 64 } });
    expect(request.recipe.objective).toMatchObject({ adversary: { widths: [8, 8] } });
    expect(bench.run().parent).toBe('album');
    bench.answer.resolve(report(request, 6));
    await bench.until('ended');
    expect((await bench.vaes.get('sharp')).card).toMatchObject({ parent: { name: 'album', id: parent.id } });
  });

  it('goes first for nobody: it yields to what is more urgent, and waits when the person pauses', async () => {
    const bench = new Bench();
    await bench.start();
    await bench.begun();
    const urgent = bench.duty.begin();
    expect(bench.run().waits).toBe(true);
    urgent();
    bench.service.pause();
    await vi.waitFor(() => {
      const said = bench.engines[0]!.calls.filter(({ name }) => name === 'pauseTraining');
      expect(said.map(({ params }) => (params as { paused: boolean }).paused)).toEqual([true, false, true]);
    });
  });

  it('is gone on with by the next process as it began, whatever recipe ships by then', async () => {
    const first = new Bench();
    await first.start();
    const { request, give } = await first.begun();
    for (const name of ['checkpoint.bin', 'samples.png']) writeFileSync(join(request.out, name), name);
    for (const news of [vaeStarted(0), vaeStepped(9, 0.5)]) give(news);
    await first.service.close();
    const second = new Bench(first);
    rmSync(join(first.state, 'recipes'), { recursive: true });
    await second.service.load();
    expect(second.run()).toMatchObject({ name: 'album', state: 'stopped', step: 9 });
    expect(readFileSync(second.images.resolve(second.run().sheet)!.file, 'utf8')).toBe('samples.png');
    second.service.resume();
    expect((await second.begun()).request).toEqual({ ...request, resume: true });
    await second.service.stop();
    await second.service.discard();
    expect(second.service.view()).toBeNull();
    expect(existsSync(request.out)).toBe(false);
  });

  it.each([
    ['seven photos', { photos: ids(7) }, 'usage/invalid'],
    ['sharper pictures of nothing', { method: 'vae-gan' }, 'usage/invalid'],
    ['a parent that is not there', { parent: '0'.repeat(12) }, 'model/not-found'],
  ] as const)('refuses %s', async (_, changes, code) => {
    const bench = new Bench();
    await expect(bench.start(changes as Partial<VaeStart>)).rejects.toMatchObject({ code });
    expect(bench.service.view()).toBeNull();
  });

  it.each([
    ['training/diverged', true],
    ['input/not-found', false],
    ['output/disk-full', false],
    // Photos that it began with are missing.
    ['usage/invalid', false],
  ])('says what stopped it: %s', async (code, hopeless) => {
    const bench = new Bench();
    await bench.start();
    const { out } = (await bench.begun()).request;
    bench.answer.reject(new AppError(code as 'training/diverged', `${out} said so`));
    await bench.until('stopped');
    expect(bench.run()).toMatchObject({ hopeless, error: { code, message: "the run's folder said so" } });
    // One run at a time, of whatever kind.
    await expect(bench.start()).rejects.toMatchObject({ code: 'usage/invalid' });
  });
});
