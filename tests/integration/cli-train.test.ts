import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TrainingNews, TrainingReport } from '../../preload/training/train-call.js';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import { decodeModel, encodeModel } from '../../main/core/onnx/codec.js';
import { modelOf } from '../../main/core/onnx/model.js';
import { float32Tensor } from '../../main/core/onnx/tensor.js';
import { decodeCheckpoint } from '../../main/engine/training/checkpoint.js';
import { finished, runCli, startCli, type CliResult } from '../support/cli.js';
import { ODD_PHOTOS } from '../support/odd-photos.js';
import { MODELS, SAMPLES, samplePath } from '../support/photos.js';
import { sharedFolder, tempFolder } from '../support/temp-folder.js';

type Json = TrainingNews | ({ type: 'finished' } & TrainingReport);

/** A net so small that a step takes milliseconds. */
const TINY = {
  name: 'tiny',
  net: { kind: 'unet', widths: [8, 8], depths: [0, 1] },
  objective: { task: 'denoise', told: 1 },
  data: { crop: 32, batch: 4, longestSide: 256, heldOut: { share: 0.25, most: 1 } },
  optimizer: { learningRate: 0.01, continueRate: 0.001 },
  steps: 40,
  evaluateEvery: 10,
  checkpointEvery: 5,
};

const data = sharedFolder();
for (const name of SAMPLES) copyFileSync(samplePath(name), join(data, `${name}.jpg`));

/** A folder for runs. Each recipe is a file of its own, so that several can be tried at once. */
function workplace() {
  const folder = tempFolder();
  let files = 0;
  const recipe = (changed: object | string = {}): string => {
    const file = join(folder, `recipe-${++files}.json`);
    writeFileSync(file, typeof changed === 'string' ? changed : JSON.stringify({ ...TINY, ...changed }));
    return file;
  };
  const plain = recipe();
  const args = (from: string, out: string, ...more: string[]): string[] => [
    ...['train', from, '--data', data, '--out', join(folder, out)],
    ...more,
  ];
  return {
    folder,
    recipe,
    plain,
    at: (...path: string[]) => join(folder, ...path),
    args: (out: string, ...more: string[]) => args(plain, out, ...more),
    train: (out: string, ...more: string[]) => runCli(args(plain, out, ...more), { state: folder }),
    trainBy: (from: string, out: string, ...more: string[]) => runCli(args(from, out, ...more), { state: folder }),
  };
}

const news = (result: CliResult): Json[] =>
  result.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json);

/** Starts a run, and ends it with a signal when it has told of a checkpoint at or behind a step. */
async function endedAt(args: string[], state: string, step: number, signal: NodeJS.Signals): Promise<CliResult> {
  const child = startCli([...args, '--json'], { state });
  const result = finished(child);
  let text = '';
  child.stdout!.on('data', (chunk: string) => {
    text += chunk;
    const reached = text
      .split('\n')
      .slice(0, -1)
      .some((line) => {
        const item = JSON.parse(line) as Json;
        return item.type === 'checkpoint' && item.step >= step;
      });
    if (reached) child.kill(signal);
  });
  return result;
}

describe('stillgrain train', () => {
  it('teaches a net to denoise, and writes a model that denoise takes', async () => {
    const place = workplace();
    const result = await place.train('run', '--steps', '150', '--json');
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
    const all = news(result);
    expect(all[0]).toMatchObject({ type: 'started', step: 0, photos: 3, heldOut: 1, problems: [] });
    const last = all.at(-1)!;
    if (last.type !== 'finished') throw new Error('no report');
    expect(last.steps).toBe(150);
    expect(Object.keys(last.scores)).toEqual(['gaussian-15', 'gaussian-25', 'gaussian-50', 'recipe']);
    expect(last.scores['gaussian-50']! - last.before['gaussian-50']!).toBeGreaterThan(1.5);
    const lines = readFileSync(place.at('run/metrics.jsonl'), 'utf8').trim().split('\n');
    const steps = lines.map((line) => JSON.parse(line) as { step: number; loss?: number; scores?: object });
    expect(steps.filter(({ loss }) => loss !== undefined).map(({ step }) => step)).toEqual(
      Array.from({ length: 150 }, (_, index) => index + 1),
    );
    expect(steps.filter(({ scores }) => scores !== undefined).map(({ step }) => step)).toEqual(
      Array.from({ length: 16 }, (_, index) => 10 * index),
    );

    const { graph, metadata } = decodeModel(readFileSync(last.model));
    expect(metadata.get('kind')).toBe('denoiser');
    expect(graph.inputs.map(({ dims }) => dims)).toEqual([
      ['n', 3, 'h', 'w'],
      ['n', 3, 'h', 'w'],
    ]);
    const denoised = await runCli(['denoise', samplePath('rocket'), '--out', place.at('out'), '--model', last.model], {
      state: place.folder,
    });
    expect(denoised).toMatchObject({ code: 0 });
    expect(existsSync(place.at('out', 'rocket.jpg'))).toBe(true);
  });

  it('goes on after a kill to the numbers of an unbroken run, and after Ctrl-C', async () => {
    const place = workplace();
    const whole = await place.train('whole');
    expect(whole.stderr + whole.stdout).toContain('40 steps in');
    expect(whole.code).toBe(0);

    const killed = await endedAt(place.args('broken'), place.folder, 15, 'SIGKILL');
    expect(killed.signal).toBe('SIGKILL');
    // The killed one's engine may live a little longer: it must not write any more.
    const stopped = await endedAt([...place.args('broken'), '--resume'], place.folder, 25, 'SIGINT');
    expect(stopped.code).toBe(130);
    const started = news(stopped)[0]!;
    expect(started).toMatchObject({ type: 'started' });
    expect((started as { step: number }).step).toBeGreaterThanOrEqual(15);
    const resumed = await place.train('broken', '--resume');
    expect(resumed.code).toBe(0);

    for (const file of ['metrics.jsonl', 'tiny.onnx']) {
      expect(readFileSync(place.at('broken', file)).equals(readFileSync(place.at('whole', file))), file).toBe(true);
    }
    const [a, b] = ['whole', 'broken'].map((run) => decodeCheckpoint(readFileSync(place.at(run, 'checkpoint.bin'))));
    expect(b!.arrays).toEqual(a!.arrays);
    expect([...a!.arrays.keys()].length).toBeGreaterThan(8);
  });

  it('starts at another model: the shipped one keeps what it knows', async () => {
    const place = workplace();
    const result = await runCli(
      [
        ...['train', 'denoise-fast', '--data', data, '--out', place.at('run'), '--json', '--steps', '2'],
        ...['--init', join(MODELS, 'denoise-fast.onnx')],
      ],
      { state: place.folder },
    );
    expect(result.stderr).toBe('');
    const report = news(result).at(-1) as TrainingReport;
    expect(report.before['gaussian-25']).toBeGreaterThan(28);
    expect(report.scores['gaussian-25']).toBeGreaterThan(28);
    const parent = decodeModel(readFileSync(join(MODELS, 'denoise-fast.onnx')));
    const child = decodeModel(readFileSync(report.model));
    expect([...child.graph.initializers.keys()]).toEqual([...parent.graph.initializers.keys()]);
  });

  it('trains the estimator, several batches a step, and nets from files, some weights frozen', async () => {
    const place = workplace();
    const estimator = {
      name: 'measure',
      net: { kind: 'estimator', width: 8, depth: 1 },
      objective: { task: 'estimate-noise' },
      optimizer: { ...TINY.optimizer, accumulate: 2 },
    };
    const run = async (recipe: object, out: string, steps: number): Promise<TrainingReport> =>
      news(await place.trainBy(place.recipe(recipe), out, '--steps', String(steps), '--json')).at(-1) as TrainingReport;
    const measured = await run(estimator, 'estimator', 80);
    expect(measured.scores['gaussian-50']).toBeLessThan(measured.before['gaussian-50']! * 0.85);

    copyFileSync(measured.model, place.at('net.onnx'));
    const frozen = { ...estimator, net: { kind: 'file', path: 'net.onnx' }, frozen: ['net.0.*'] };
    const again = await run(frozen, 'again', 30);
    for (const [set, score] of Object.entries(measured.scores)) expect(again.before[set]).toBeCloseTo(score, 4);
    const weights = (file: string) => decodeModel(readFileSync(file)).graph.initializers;
    const checkpoint = decodeCheckpoint(readFileSync(place.at('again/checkpoint.bin')));
    expect(checkpoint.arrays.has('net.2.weight')).toBe(true);
    expect(checkpoint.arrays.has('net.0.weight')).toBe(false);
    expect(weights(again.model).get('net.0.weight')).toEqual(weights(measured.model).get('net.0.weight'));
    expect(checkpoint.arrays.get('net.2.weight')).not.toEqual(weights(measured.model).get('net.2.weight')!.data);
  });

  it('ends by the clock, at the lowest learning rate', async () => {
    const place = workplace();
    expect((await place.train('run', '--minutes', '0.03')).code).toBe(0);
    const rates = readFileSync(place.at('run/metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { learningRate?: number }).learningRate)
      .filter((rate) => rate !== undefined);
    expect(Math.max(...rates)).toBeGreaterThan(0.003);
    expect(rates.at(-1)).toBeLessThan(0.001);
  });
});

describe('what cannot be trained', () => {
  const refused = async (result: Promise<CliResult>, code: number, text: string | RegExp): Promise<CliResult> => {
    const done = await result;
    expect(done.stderr).toMatch(text);
    expect(done.stderr.trim().split('\n').length).toBe(1);
    expect(done.code).toBe(code);
    return done;
  };

  it('is said for wrong words', async () => {
    const place = workplace();
    const wrong = (recipe: object | string): Promise<CliResult> => place.trainBy(place.recipe(recipe), 'run');
    await Promise.all([
      refused(
        place.trainBy('nothing', 'run'),
        1,
        /no recipe 'nothing': choose denoise-fast, denoise-quality, noise-est/,
      ),
      refused(place.train('run', '--steps', '5', '--minutes', '1'), 2, 'give either --minutes or --steps, not both'),
      refused(place.train('run', '--steps', '0'), 2, '--steps must be between 1 and'),
    ]);
    await Promise.all([
      refused(wrong({ data: { crop: 50 } }), 2, /recipe-\d\.json: data\.crop: is a multiple of 16/),
      refused(
        wrong({ optimizer: { ...TINY.optimizer, lerningRate: 1 } }),
        2,
        /recipe-\d\.json: optimizer: .*lerningRate/,
      ),
      refused(wrong('{ no json'), 2, /recipe-\d\.json is not JSON/),
    ]);
    expect(existsSync(place.at('run/checkpoint.bin'))).toBe(false);
  });

  it('is said for photos: none, unreadable, too small', async () => {
    const place = workplace();
    const from = (folder: string, out: string): Promise<CliResult> =>
      runCli(['train', place.plain, '--data', folder, '--out', place.at(out)], { state: place.folder });
    for (const folder of ['empty', 'bad', 'some']) mkdirSync(place.at(folder));
    for (const folder of ['bad', 'some']) {
      ODD_PHOTOS.text(place.at(folder, 'a.png'));
      ODD_PHOTOS.empty(place.at(folder, 'b.jpg'));
    }
    copyFileSync(samplePath('coffee'), place.at('some/c.png'));
    copyFileSync(samplePath('rocket'), place.at('some/d.jpg'));
    const [, , some] = await Promise.all([
      refused(from(place.at('empty'), 'run1'), 1, /no photos found in .*empty/),
      refused(from(place.at('bad'), 'run2'), 1, /none of the 2 photos found can be trained on: a\.png: /),
      from(place.at('some'), 'run3'),
    ]);
    expect(some.code).toBe(0);
    expect(some.stderr).toMatch(/left out {2}.*a\.png/);
  });

  it('is said for nets: other weights, none there, none trained, no gradient, other sizes', async () => {
    const place = workplace();
    const write = (
      file: string,
      size: readonly (number | string)[],
      body: (b: GraphBuilder, x: string) => string,
    ): void => {
      const b = new GraphBuilder();
      const weight = b.initializer('k', float32Tensor([3, 3, 1, 1], new Array<number>(9).fill(0.3)));
      const x = b.op('Conv', [b.input('image', 'float32', size), weight]);
      writeFileSync(place.at(file), encodeModel(modelOf(b.build({ denoised: body(b, x) }, 'net'))));
    };
    write('cubic.onnx', ['n', 3, 'h', 'w'], (b, x) =>
      b.op('Resize', [x, undefined, b.constant(float32Tensor([4], [1, 1, 1, 1]))], { mode: 'cubic' }, 'enlarge'),
    );
    write('fixed.onnx', [1, 3, 48, 48], (b, x) => b.op('Relu', [x]));
    let runs = 0;
    const wrong = (recipe: object, ...more: string[]): Promise<CliResult> =>
      place.trainBy(place.recipe(recipe), `run${++runs}`, ...more);
    const file = (path: string): object => ({ net: { kind: 'file', path } });
    const measures = { ...file(join(MODELS, 'noise-estimator.onnx')), objective: { task: 'estimate-noise' } };
    await Promise.all([
      refused(wrong(measures, '--init', join(MODELS, 'denoise-fast.onnx')), 1, /it has no weight 'net\.0\.weight'/),
      refused(wrong(file('missing.onnx')), 1, /missing\.onnx/),
      refused(wrong({ frozen: ['none'] }), 1, /frozen: no weight is called 'none'/),
    ]);
    await Promise.all([
      refused(wrong({ frozen: ['*'] }), 1, /all are frozen/),
      refused(wrong(file('cubic.onnx')), 1, /enlarge \(Resize\): .*cubic/),
      refused(wrong(file('fixed.onnx')), 1, /input 'image' is 1x3x48x48, not 4x3x32x32/),
    ]);
  });

  it('is said for too little memory, with the batch that fits', async () => {
    const place = workplace();
    const huge = place.recipe({
      data: { ...TINY.data, crop: 512, batch: 256 },
      net: { kind: 'unet', widths: [512, 64], depths: [4, 1] },
    });
    const { stderr } = await refused(
      place.trainBy(huge, 'run'),
      1,
      /a batch of 256 crops of 512 pixels needs \d+\.\d GiB of memory and \d+\.\d GiB are free: a batch of \d+ fits/,
    );
    const fits = Number(/a batch of (\d+) fits/.exec(stderr)![1]);
    expect(fits).toBeGreaterThan(0);
    expect(fits).toBeLessThan(256);
  });

  it('stops when the loss is no number any more, and keeps the last good checkpoint', async () => {
    const place = workplace();
    const wild = place.recipe({
      net: { kind: 'unet', widths: [16, 16, 16, 16], depths: [4, 4, 4, 4] },
      optimizer: { learningRate: 1, continueRate: 1, clipNorm: null, warmupSteps: 0, floor: 1 },
    });
    const result = await place.trainBy(wild, 'run', '--steps', '400');
    expect(result.code).toBe(1);
    const step = Number(/stopped being a number at step (\d+)/.exec(result.stderr)![1]);
    const kept = Number(/The checkpoint of step (\d+) is kept/.exec(result.stderr)![1]);
    expect(kept).toBe(step - 1 - ((step - 1) % 5));
    const { arrays, notes } = decodeCheckpoint(readFileSync(place.at('run/checkpoint.bin')));
    expect((notes as { step: number }).step).toBe(kept);
    for (const array of arrays.values()) expect(array.every(Number.isFinite)).toBe(true);
  });

  it('is said for folders: a run is there, none is there, it is another', async () => {
    const place = workplace();
    const [none, first] = await Promise.all([place.train('other', '--resume'), place.train('run', '--steps', '5')]);
    expect(first.code).toBe(0);
    expect(none.code).toBe(1);
    expect(none.stderr).toMatch(/holds no training run to go on with/);
    const before = readFileSync(place.at('run/checkpoint.bin'));
    mkdirSync(place.at('two'));
    for (const name of ['coffee', 'rocket'] as const) copyFileSync(samplePath(name), place.at('two', `${name}.png`));
    const two = ['train', place.plain, '--data', place.at('two'), '--out', place.at('run'), '--resume'];
    await refused(place.train('run'), 1, /holds a training run: --resume goes on with it, or choose another folder/);
    await refused(place.trainBy(place.recipe({ seed: 2 }), 'run', '--resume'), 2, /has another recipe \(seed\)/);
    await refused(runCli(two, { state: place.folder }), 2, /the photos are not those that the run/);
    expect(readFileSync(place.at('run/checkpoint.bin')).equals(before)).toBe(true);
    const child = startCli(place.args('long', '--steps', '100000', '--json'), { state: place.folder });
    const long = finished(child);
    await new Promise((resolve) => child.stdout!.once('data', resolve));
    await refused(place.train('long', '--resume'), 1, /a training run is in progress in .*long/);
    child.kill('SIGTERM');
    expect((await long).code).toBe(130);
    writeFileSync(place.at('run/checkpoint.bin'), before.subarray(0, before.length - 7));
    await refused(place.train('run', '--resume'), 1, /the checkpoint is damaged: its check sum is wrong/);
  });

  it('is said for a full disk, and the run goes on when there is room', async ({ skip }) => {
    const disk = tempFolder();
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk], { encoding: 'utf8' });
    if (mount.status !== 0) skip(`no tmpfs can be mounted here (${mount.stderr.trim()})`);
    onTestFinished(() => void spawnSync('umount', [disk]));
    const place = workplace();
    const train = (...more: string[]): Promise<CliResult> =>
      runCli(['train', place.plain, '--data', data, '--out', join(disk, 'run'), ...more], {
        state: place.folder,
      });
    expect((await train('--steps', '5')).code).toBe(0);
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize));
    const before = readFileSync(join(disk, 'run/checkpoint.bin'));
    const full = await train('--resume', '--steps', '20');
    expect(full.stderr).toMatch(/no space left on the disk: make room or choose another folder/);
    expect(full.code).toBe(1);
    expect(readFileSync(join(disk, 'run/checkpoint.bin')).equals(before)).toBe(true);
    rmSync(join(disk, 'ballast'));
    expect((await train('--resume', '--steps', '20')).code).toBe(0);
    const lines = readFileSync(join(disk, 'run/metrics.jsonl'), 'utf8').trim().split('\n');
    expect(
      lines.map((line) => JSON.parse(line) as { loss?: number }).filter(({ loss }) => loss !== undefined),
    ).toHaveLength(20);
  });
});
