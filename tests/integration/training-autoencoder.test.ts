import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../main/core/onnx/codec.js';
import { decodeImage } from '../../main/engine/codec.js';
import { decodeCheckpoint } from '../../main/engine/training/checkpoint.js';
import { balanceFigures, balanceOf } from '../../preload/training/balance.js';
import { TrainingRecipe } from '../../preload/training/recipe.js';
import type { TrainingNews } from '../../preload/training/train-call.js';
import { writeManyPhotos } from '../support/training-photos.js';
import { metricsText, runTraining, stepsOf, type MetricsLine } from '../support/training-runs.js';
import { sharedFolder, tempFolder } from '../support/temp-folder.js';

const photos = await writeManyPhotos(sharedFolder(), 8);

const KL = { weight: 1e-4, warmupShare: 0.5, freeBits: 0 };
const ADVERSARY = { widths: [8, 8], learningRate: 0.01, balance: { most: 1, least: 0 } };

/** An autoencoder so small that a step takes milliseconds. */
function recipeOf({ kl = {}, adversary = null, ...changed }: Readonly<Record<string, unknown>> = {}) {
  return TrainingRecipe.parse({
    name: 'tiny',
    net: { kind: 'vae', side: 32, latent: 6, widths: [8, 16, 16], depths: [0, 0, 1], tail: 6 },
    objective: { task: 'autoencode', kl: { ...KL, ...(kl as object) }, adversary },
    data: { crop: 32, batch: 4, parts: [0, 1], transpose: false, heldOut: { share: 0.25, most: 2 } },
    optimizer: { learningRate: 0.004, continueRate: 0.002, warmupSteps: 5 },
    steps: 80,
    evaluateEvery: 40,
    checkpointEvery: 10,
    ...changed,
  });
}

function folderFor(name: string): string {
  const out = join(tempFolder(), name);
  mkdirSync(out);
  return out;
}

/** What balance the figures of a step are in. */
const balanceAt = (line: MetricsLine) => balanceOf(balanceFigures(line as Record<string, number>)!);
const mean = (lines: readonly MetricsLine[], name: string): number =>
  lines.reduce((sum, line) => sum + line[name]!, 0) / lines.length;

describe('a VAE', () => {
  it('learns to reconstruct photos that it has not seen, and writes two models and a sheet', async () => {
    const out = folderFor('vae');
    const { before, scores, model, beside } = await runTraining(recipeOf({ steps: 120 }), photos, out);
    const steps = stepsOf(out);
    expect(mean(steps.slice(-20), 'reconstruction')).toBeLessThan(0.75 * mean(steps.slice(0, 5), 'reconstruction'));
    expect(scores['psnr']! - before['psnr']!).toBeGreaterThan(1);
    expect(scores['objective']!).toBeLessThan(before['objective']!);
    expect(scores['active']).toBeGreaterThan(2);
    expect(steps.at(-1)).toMatchObject({ latents: 6, warmup: 1 });
    expect(balanceAt(steps.at(-1)!)).toBe('code-in-use');

    const [encoder, decoder] = [model, beside[0]!].map((file) => decodeModel(readFileSync(file)));
    expect([model, ...beside]).toEqual([join(out, 'tiny-encoder.onnx'), join(out, 'tiny-decoder.onnx')]);
    expect(encoder!.graph.inputs.map(({ name, dims }) => [name, dims])).toEqual([['image', ['n', 3, 32, 32]]]);
    expect(encoder!.graph.outputs.map(({ name, dims }) => [name, dims[1]])).toEqual([
      ['mean', 6],
      ['logvar', 6],
    ]);
    expect(decoder!.graph.inputs.map(({ name, dims }) => [name, dims])).toEqual([['latent', ['n', 6]]]);
    expect(decoder!.graph.outputs.map(({ name, dims }) => [name, dims.slice(1)])).toEqual([['image', [3, 32, 32]]]);
    expect([encoder!.metadata.get('kind'), decoder!.metadata.get('kind')]).toEqual(['vae-encoder', 'vae-decoder']);
    const sheet = await decodeImage(join(out, 'samples.png'));
    // Of eight columns and, of photos, reconstructions and samples, five rows; samples are as many as a batch.
    expect([sheet.width, sheet.height]).toEqual([8 * 34 + 2, 5 * 34 + 2]);
  });

  it('weighs the code more and more until its warm-up is over', async () => {
    const out = folderFor('warm');
    await runTraining(recipeOf({ kl: { weight: 0.05, warmupShare: 0.5 }, steps: 40 }), photos, out);
    const steps = stepsOf(out);
    expect(steps.map(({ warmup }) => warmup)).toEqual(
      Array.from({ length: 40 }, (_, index) => Math.min(1, index / 40 / 0.5)),
    );
    // The loss is the reconstruction's and what the code costs so far.
    for (const { loss, reconstruction, kl, warmup } of steps) {
      expect(loss).toBeCloseTo(reconstruction! + 0.05 * warmup! * kl!, 4);
    }
    expect(balanceAt(steps[10]!)).toBe('warming-up');
  });

  it('collapses under a huge weight of the code, which is seen, and does not where some nats are free', async () => {
    const [collapsed, free] = [folderFor('collapsed'), folderFor('free')];
    const huge = { weight: 10, warmupShare: 0 };
    await runTraining(recipeOf({ kl: huge, steps: 80 }), photos, collapsed);
    await runTraining(recipeOf({ kl: { ...huge, freeBits: 1 }, steps: 80 }), photos, free);
    // Less than a nat of the six or so that it starts with.
    expect(mean(stepsOf(collapsed).slice(-10), 'kl')).toBeLessThan(1);
    expect(balanceAt(stepsOf(collapsed).at(-1)!)).toBe('posterior-collapsed');
    // A nat for each of six latents.
    expect(mean(stepsOf(free).slice(-10), 'kl')).toBeGreaterThan(3);
    expect(balanceAt(stepsOf(free).at(-1)!)).toBe('code-in-use');
  });

  it('adds up the gradients of several batches', async () => {
    const out = folderFor('sums');
    const optimizer = { learningRate: 0.004, continueRate: 0.002, accumulate: 2 };
    await runTraining(recipeOf({ optimizer, steps: 4 }), photos, out);
    expect(stepsOf(out)).toHaveLength(4);
  });
});

describe('a VAE-GAN', () => {
  it('starts from a VAE with a fresh discriminator, and its players take turns', async () => {
    const [vae, gan] = [folderFor('vae'), folderFor('gan')];
    const { scores } = await runTraining(recipeOf({ steps: 20 }), photos, vae);
    const recipe = recipeOf({
      name: 'gan',
      kl: { warmupShare: 0 },
      adversary: { ...ADVERSARY, startShare: 0.25 },
      steps: 40,
    });
    const report = await runTraining(recipe, photos, gan, { init: vae });
    for (const name of ['psnr', 'kl']) expect(report.before[name]).toBeCloseTo(scores[name]!, 3);
    const steps = stepsOf(gan);
    expect(steps.slice(0, 10).every((line) => line['discriminator'] === undefined && line['begins'] === 0.25)).toBe(
      true,
    );
    expect(balanceAt(steps[5]!)).toBe('adversary-waits');
    for (const line of steps.slice(10)) {
      expect(line['adversarial']).toBeGreaterThan(0);
      expect(line['adversarialWeight']).toBeGreaterThan(0);
      expect(line['discriminator']).toBeGreaterThan(0);
    }
    // Of its end, not the best by any error: that would be the start.
    expect(report.bestStep).toBe(40);
    const at = (out: string) => decodeCheckpoint(readFileSync(join(out, 'checkpoint.bin')));
    expect((at(gan).notes as { kept: object }).kept).toMatchObject({ updates: 30 });
    expect([...at(vae).arrays.keys()].some((name) => name.includes('discriminator'))).toBe(false);
    expect([...at(gan).arrays.keys()].some((name) => name.startsWith('discriminator'))).toBe(true);
  });

  it('lets a discriminator that wins wait, and a generator not listen to one that knows nothing', async () => {
    const [wins, chance] = [folderFor('wins'), folderFor('chance')];
    // Chance is 0.5: one that may be right in fewer cases never learns, and one that must be right in more is not heard.
    const waiting = recipeOf({ adversary: { ...ADVERSARY, balance: { least: 0, most: 0.01 } }, steps: 12 });
    await runTraining(waiting, photos, wins);
    const { notes, arrays } = decodeCheckpoint(readFileSync(join(wins, 'checkpoint.bin')));
    expect((notes as { kept: object }).kept).toMatchObject({ updates: 0 });
    expect(arrays.get('m/discriminator.logits.weight')!.every((value) => value === 0)).toBe(true);
    expect(stepsOf(wins).every((line) => line['adversarial']! > 0)).toBe(true);
    await runTraining(
      recipeOf({ adversary: { ...ADVERSARY, balance: { least: 0.99, most: 1 } }, steps: 12 }),
      photos,
      chance,
    );
    expect(stepsOf(chance).every((line) => line['adversarial'] === undefined && line['discriminator']! > 0)).toBe(true);
  });

  it('goes on to the numbers of an unbroken run when it was stopped, and when it was killed', async () => {
    const recipe = recipeOf({ adversary: ADVERSARY, steps: 20, evaluateEvery: 5, checkpointEvery: 7 });
    const whole = folderFor('whole');
    await runTraining(recipe, photos, whole);
    const checkpointOf = (out: string) => decodeCheckpoint(readFileSync(join(out, 'checkpoint.bin')));
    for (const killed of [false, true]) {
      const out = folderFor(`killed-${killed}`);
      // An evaluation three steps behind the last checkpoint.
      const stopAt = (news: TrainingNews): boolean => news.type === 'evaluated' && news.step === 10;
      const broken = runTraining(recipe, photos, out, { stopAt, killed });
      await expect(broken).rejects.toMatchObject({ code: 'engine/cancelled' });
      expect((checkpointOf(out).notes as { step: number }).step).toBe(killed ? 7 : 10);
      await runTraining(recipe, photos, out, { resume: true });
      expect(metricsText(out)).toBe(metricsText(whole));
      for (const file of ['tiny-encoder.onnx', 'tiny-decoder.onnx', 'samples.png']) {
        expect(readFileSync(join(out, file)).equals(readFileSync(join(whole, file))), file).toBe(true);
      }
      expect(checkpointOf(out).arrays).toEqual(checkpointOf(whole).arrays);
    }
  });
});

describe('what is no autoencoder to train', () => {
  it('is said: too few photos, nothing or too much to start from, other sizes', async () => {
    const out = folderFor('none');
    const refused = (promise: Promise<unknown>, message: RegExp) => expect(promise).rejects.toThrow(message);
    await refused(
      runTraining(recipeOf(), photos.slice(0, 7), out),
      /^7 photos can be learnt from, and fewer than 8 .*: add photos/,
    );
    await refused(runTraining(recipeOf(), photos, out, { init: out }), /holds no autoencoder to start from/);
    await refused(runTraining(recipeOf(), photos, out, { init: join(out, 'missing') }), /missing-encoder\.onnx/);
    const other = folderFor('other');
    await runTraining(recipeOf({ steps: 1 }), photos, other);
    const larger = { kind: 'vae', side: 32, latent: 7, widths: [8, 16, 16], depths: [0, 0, 1], tail: 6 };
    await refused(
      runTraining(recipeOf({ net: larger }), photos, out, { init: other }),
      /'encoder\.mean\.weight' is 6x256, not 7x256/,
    );
  });

  it('is said when the loss stops being a number', async () => {
    const optimizer = {
      learningRate: 1,
      continueRate: 1,
      clipNorm: null,
      warmupSteps: 0,
      betas: [0, 0],
      epsilon: 1e-30,
    };
    const wild = recipeOf({ optimizer, kl: { weight: 1e6, warmupShare: 0 }, steps: 300 });
    await expect(runTraining(wild, photos, folderFor('wild'))).rejects.toMatchObject({ code: 'training/diverged' });
  });
});
