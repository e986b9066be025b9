import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Claims } from '../../../../main/app/claims.js';
import { Duty } from '../../../../main/app/duty.js';
import { EngineDeath } from '../../../../main/app/engine-errors.js';
import { AppError } from '../../../../main/app/errors.js';
import { EventHub } from '../../../../main/app/events.js';
import { ImageRegistry } from '../../../../main/app/images.js';
import { ModelLibrary } from '../../../../main/app/model-library.js';
import { newOwner } from '../../../../main/app/owner.js';
import { learningFolder, trainingClaimsFolder } from '../../../../main/app/state-folder.js';
import { TrainingService } from '../../../../main/app/training/training-service.js';
import { VaeLibrary } from '../../../../main/app/vae-library.js';
import { DEFAULT_RUNTIME, type PhotoId, type TrainingRun, type TrainStart } from '../../../../preload/contract.js';
import type { EngineParams, EnginePart, EngineResult } from '../../../../preload/engine-protocol.js';
import { ROOT } from '../../../../scripts/support/cli.js';
import { FakeEngine, later, untilAborted, type Later } from '../../../support/fake-engine.js';
import { evaluated, learningReport, measured, started, stepped } from '../../../support/learning-news.js';
import { tempFolder } from '../../../support/temp-folder.js';

type Learn = EngineParams<'learn'>;

/** A service over a real state folder, whose engines learn as they are told. */
class Bench {
  readonly state: string;
  readonly events = new EventHub();
  readonly duty = new Duty();
  readonly images = new ImageRegistry();
  readonly models: ModelLibrary;
  readonly vaes: VaeLibrary;
  readonly engines: FakeEngine[] = [];
  readonly told: (TrainingRun | null)[] = [];
  kept = 0;
  asked: Later<{ request: Learn; give: (part: EnginePart<'learn'>) => void }> = later();
  answer: Later<EngineResult<'learn'>> = later();
  readonly service: TrainingService;

  constructor(of?: Bench) {
    this.state = of?.state ?? tempFolder();
    this.models = new ModelLibrary(this.state);
    this.vaes = new VaeLibrary(this.state);
    this.events.on('train.changed', ({ run }) => this.told.push(run));
    this.service = new TrainingService({
      state: this.state,
      folder: this.state,
      launch: () => this.engine(),
      library: { get: (id: PhotoId) => this.photo(id) },
      models: this.models,
      parentOf: (model) => Promise.resolve({ model, name: model, base: 'fast' }),
      runtime: () => DEFAULT_RUNTIME,
      duty: this.duty,
      emit: this.events.emit,
      vaes: this.vaes,
      recipes: join(ROOT, 'models/recipes'),
      pictures: join(this.state, 'pictures'),
      images: this.images.pool({ bytes: Infinity, count: Infinity, ownsFiles: true }),
      onKept: () => {
        this.kept++;
      },
      onVaeKept: () => {
        this.kept++;
      },
    });
    onTestFinished(() => this.service.close());
  }

  private photo(id: PhotoId): never {
    if (id.startsWith('0')) throw new AppError('input/not-found', 'this photo is not in the library any more');
    return { path: `/photos/${id}.jpg` } as never;
  }

  private engine() {
    const fake = new FakeEngine({
      learn: (request, signal, give) => {
        this.asked.resolve({ request, give });
        return Promise.race([this.answer.promise, untilAborted(signal)]);
      },
      pauseTraining: () => ({ found: true }),
    });
    this.engines.push(fake);
    return Object.assign(fake, { shutdown: () => Promise.resolve(), kill: () => undefined });
  }

  start = (changes: Partial<TrainStart> = {}): Promise<void> =>
    this.service.start({
      ...{ name: 'night', method: 'noisy', photos: ids('a', 'b', 'c'), clean: [], minutes: 2, parent: 'fast' },
      ...changes,
    });

  /** The engine has the run. */
  begun = () => this.asked.promise;
  run = (): TrainingRun => this.service.view()!;
  pauses = (): unknown[] =>
    this.engines
      .at(-1)!
      .calls.flatMap(({ name, params }) => (name === 'pauseTraining' ? [(params as { paused: boolean }).paused] : []));
  until = (state: TrainingRun['state']): Promise<void> =>
    vi.waitFor(() => {
      expect(this.run().state).toBe(state);
    });
}

const ids = (...names: string[]): PhotoId[] => names.map((name) => name.repeat(8) as PhotoId);

describe('training in the window', () => {
  it('learns in an engine of its own, keeps what came of it and promotes it if it is better', async () => {
    const bench = new Bench();
    await bench.start();
    const { request, give } = await bench.begun();
    expect(request).toMatchObject({ model: 'fast', minutes: 2, resume: false, clean: [] });
    expect(request.photos).toEqual(['/photos/aaaaaaaa.jpg', '/photos/bbbbbbbb.jpg', '/photos/cccccccc.jpg']);
    for (const news of [measured(1), started(1, 0), evaluated(1, 0, 32), stepped(1, 4, 0.5)]) give(news);
    expect(bench.run()).toMatchObject({ state: 'running', phase: 'training', step: 4, fraction: 0.25 });
    expect(bench.run().cameras[0]).toMatchObject({ model: 'Canon EOS 80D', iso: 6400 });
    bench.answer.resolve(learningReport(request, true));
    await bench.until('ended');
    const { result } = bench.run();
    expect(result).toMatchObject({ promoted: true, verdict: { passed: true } });
    expect((await bench.models.get('night')).id).toBe(result!.version);
    expect(bench.kept).toBe(1);
    // Nothing that was learnt from is left behind.
    await vi.waitFor(() => {
      expect(readdirSync(learningFolder(bench.state))).toEqual([]);
    });
    await vi.waitFor(() => {
      expect(bench.told.at(-1)?.state).toBe('ended');
    });
  });

  it('tells scenes by folders and names, and wants two frames of one', async () => {
    const bench = new Bench();
    await expect(bench.start({ method: 'pairs', photos: ids('a') })).rejects.toThrow(/frames of one scene/);
    await bench.start({ method: 'pairs' });
    const { request } = await bench.begun();
    expect(request.photos).toEqual([]);
    expect(request.pairs).toEqual([
      { name: '/photos', frames: ['/photos/aaaaaaaa.jpg', '/photos/bbbbbbbb.jpg', '/photos/cccccccc.jpg'] },
    ]);
  });

  it('keeps a model that was refused, without promoting it', async () => {
    const bench = new Bench();
    await bench.start();
    bench.answer.resolve(learningReport((await bench.begun()).request, false));
    await bench.until('ended');
    expect(bench.run().result).toMatchObject({ promoted: false });
    expect((await bench.models.list()).versions).toMatchObject([{ promoted: false }]);
    // The next run takes its place.
    bench.asked = later();
    await bench.start({ name: 'dawn' });
    await bench.begun();
    expect(bench.run()).toMatchObject({ name: 'dawn', state: 'running', result: null });
  });

  it('yields to what is more urgent, and waits when the person pauses', async () => {
    const bench = new Bench();
    const urgent = bench.duty.begin();
    await bench.start();
    await bench.begun();
    // Said before the first step: the engine hears of it behind the run itself.
    await vi.waitFor(() => {
      expect(bench.pauses()).toEqual([true]);
    });
    expect(bench.engines[0]!.names()).toEqual(['learn', 'pauseTraining']);
    expect(bench.run()).toMatchObject({ state: 'running', waits: true });
    urgent();
    expect(bench.run()).toMatchObject({ state: 'running', waits: false });
    bench.service.pause();
    expect(bench.run()).toMatchObject({ state: 'paused', waits: false });
    const again = bench.duty.begin();
    again();
    bench.service.resume();
    await vi.waitFor(() => {
      expect(bench.pauses()).toEqual([true, false, true, false]);
    });
    expect(bench.run().state).toBe('running');
  });

  it('is stopped and gone on with, by this process and by the next', async () => {
    const first = new Bench();
    await first.start();
    const { request, give } = await first.begun();
    writeFileSync(join(request.out, 'notes.json'), '{}');
    for (const news of [measured(1), started(1, 0), stepped(1, 4, 0.5)]) give(news);
    await first.service.stop();
    expect(first.run()).toMatchObject({ state: 'stopped', step: 4, error: null });
    first.asked = later();
    first.service.resume();
    expect((await first.begun()).request).toEqual({ ...request, resume: true });
    await first.service.close();

    const second = new Bench(first);
    await second.service.load();
    // Offered, not started.
    expect(second.run()).toMatchObject({ name: 'night', state: 'stopped', step: 4 });
    expect(second.engines).toEqual([]);
    await expect(second.start()).rejects.toMatchObject({ code: 'usage/invalid' });
    second.service.resume();
    expect((await second.begun()).request).toMatchObject({ out: request.out, photos: request.photos, resume: true });
    await expect(second.service.discard()).rejects.toMatchObject({ code: 'usage/invalid' });
    await second.service.stop();
    await second.service.discard();
    expect(second.service.view()).toBeNull();
    expect(existsSync(request.out)).toBe(false);
    await second.service.close();
    const third = new Bench(first);
    await third.service.load();
    expect(third.service.view()).toBeNull();
  });

  it.each([
    [new EngineDeath('engine/crashed', 'the engine ended by SIGSEGV'), false],
    [new AppError('output/disk-full', 'the disk is full'), false],
    [new AppError('learn/no-noise', 'they are clean already'), true],
  ])('says what stopped it: %s', async (error, hopeless) => {
    const bench = new Bench();
    await bench.start();
    await bench.begun();
    bench.answer.reject(error);
    await bench.until('stopped');
    expect(bench.run()).toMatchObject({ hopeless, error: { code: error.code, message: error.message } });
  });

  it('tells the window no paths', async () => {
    const bench = new Bench();
    await bench.start();
    const { request } = await bench.begun();
    bench.answer.reject(new AppError('output/failed', `${request.out} could not be written`));
    await bench.until('stopped');
    expect(bench.run().error!.message).toBe("the run's folder could not be written");
    expect(JSON.stringify(bench.run())).not.toContain(bench.state);
  });

  it('does not go on where another process does', async () => {
    const bench = new Bench();
    await bench.start();
    const { out } = (await bench.begun()).request;
    await bench.service.stop();
    const claim = await new Claims(trainingClaimsFolder(bench.state), newOwner()).tryClaim(out);
    bench.service.resume();
    await vi.waitFor(() => {
      expect(bench.run().error).toMatchObject({ code: 'output/locked' });
    });
    await claim!.release();
  });

  it.each([
    ['clean photos without the recipe for them', { clean: ids('d') }, 'usage/invalid'],
    ['the recipe for clean photos without any', { method: 'clean' }, 'usage/invalid'],
    ['one clean photo', { method: 'clean', clean: ids('d') }, 'usage/invalid'],
    ['clean photos alone', { method: 'clean', photos: ids('a', 'b'), clean: ids('a', 'b') }, 'usage/invalid'],
    ['photos that are not there', { photos: ids('0') }, 'input/not-found'],
  ] as const)('refuses %s', async (_, changes, code) => {
    const bench = new Bench();
    await expect(bench.start(changes as Partial<TrainStart>)).rejects.toMatchObject({ code });
    expect(bench.service.view()).toBeNull();
  });

  it('serves pictures of held-out parts by ids, and deletes those that are replaced', async () => {
    const bench = new Bench();
    await bench.start();
    const { request, give } = await bench.begun();
    const file = (name: string): string => join(bench.state, name);
    const show = (step: number): void => {
      for (const name of ['noisy', 'parent', `now-${step}`]) writeFileSync(file(name), name);
      const part = { noisy: file('noisy'), parent: file('parent'), current: file(`now-${step}`) };
      give({ type: 'samples', round: 1, step, parts: [part] });
    };
    show(0);
    const [before] = bench.run().samples;
    expect(bench.images.resolve(before!.current)).toMatchObject({ file: file('now-0'), contentType: 'image/png' });
    show(100);
    const [after] = bench.run().samples;
    expect(after).toMatchObject({ noisy: before!.noisy, parent: before!.parent });
    // A window may still be fetching the last ones, not those before them.
    expect(bench.images.resolve(before!.current)).not.toBeNull();
    show(200);
    expect(bench.images.resolve(before!.current)).toBeNull();
    await vi.waitFor(() => {
      expect(existsSync(file('now-0'))).toBe(false);
    });
    expect(JSON.stringify(bench.run())).not.toContain(request.out);
  });
});
