import { describe, expect, it } from 'vitest';
import { createRandom } from '../../main/core/image/random.js';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import { bindInputShapes } from '../../main/core/onnx/shapes.js';
import type { Graph, Tensor } from '../../main/core/onnx/model.js';
import { float32Tensor, toNumbers } from '../../main/core/onnx/tensor.js';
import { BATCH_INPUTS, LOSS_OUTPUT } from '../../main/core/training/objectives.js';
import {
  BALANCE_OUTPUT,
  momentOf,
  nextOf,
  stepGraph,
  stepScalars,
  varianceOf,
} from '../../main/core/training/step-graph.js';
import { featuresOf, patchDiscriminator, vaeDecoder, vaeEncoder } from '../../main/core/training/vae-nets.js';
import {
  discriminatorObjective,
  vaeObjective,
  VAE_INPUTS,
  VAE_OUTPUTS,
} from '../../main/core/training/vae-objectives.js';
import { noiseTensor, runGraph } from './onnx-runtime.js';

const SIDE = 32;
const LATENT = 5;
const SHAPE = { side: SIDE, latent: LATENT, widths: [6, 8], depths: [0, 1], tail: 4 };
const BATCH = { batch: 3, crop: SIDE };
const IMAGES = [3, 3, SIDE, SIDE];
const nets = {
  encoder: vaeEncoder(SHAPE, createRandom(1)),
  decoder: vaeDecoder(SHAPE, createRandom(2)),
  discriminator: patchDiscriminator({ widths: [4, 6] }, createRandom(3)),
};
const [noisy, clean] = [1, 2].map((seed) => noiseTensor('float32', IMAGES, seed)) as [Tensor, Tensor];
const epsilon = noiseTensor('float32', [3, LATENT], 3);
const scalar = (value: number): Tensor => float32Tensor([], [value]);
const generatorInputs = {
  [BATCH_INPUTS.noisy]: noisy,
  [BATCH_INPUTS.clean]: clean,
  [VAE_INPUTS.epsilon]: epsilon,
  [VAE_INPUTS.klWeight]: scalar(0.3),
};
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const softplus = (x: number): number => Math.log1p(Math.exp(x));

async function outputsOf(graph: Graph, feeds: Record<string, Tensor>): Promise<(name: string) => number[]> {
  const outputs = await runGraph(graph, feeds);
  return (name) => toNumbers(outputs.get(name)!);
}
const bound = (graph: Graph, dims: readonly number[]): Graph =>
  bindInputShapes(graph, { [graph.inputs[0]!.name]: [...dims] });

describe('the generator', () => {
  it('reconstructs noisy images from a drawn code, and pays for the code beyond its free nats', async () => {
    const freeBits = 0.4;
    const terms = { loss: { kind: 'l1' }, freeBits, features: 0 } as const;
    const got = await outputsOf(vaeObjective({ ...nets, discriminator: null }, terms, BATCH), generatorInputs);
    const posterior = await outputsOf(bound(nets.encoder, IMAGES), { image: noisy });
    const [mu, logvar, drawn] = [posterior('mean'), posterior('logvar'), toNumbers(epsilon)];
    const code = mu.map((value, i) => value + Math.exp(logvar[i]! / 2) * drawn[i]!);
    const decoded = await outputsOf(bound(nets.decoder, [3, LATENT]), { latent: float32Tensor([3, LATENT], code) });
    const made = decoded('image');
    const target = toNumbers(clean);
    const reconstruction = mean(made.map((value, i) => Math.abs(value - target[i]!)));
    const nats = mu.map((value, i) => (value ** 2 + Math.exp(logvar[i]!) - 1 - logvar[i]!) / 2);
    const perLatent = Array.from({ length: LATENT }, (_, unit) => mean(nats.filter((__, i) => i % LATENT === unit)));
    const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
    expect(got(VAE_OUTPUTS.reconstruction)[0]).toBeCloseTo(reconstruction, 5);
    expect(got(VAE_OUTPUTS.kl)[0]).toBeCloseTo(sum(perLatent), 4);
    const counted = sum(perLatent.map((value) => Math.max(value, freeBits)));
    expect(got(LOSS_OUTPUT)[0]).toBeCloseTo(reconstruction + 0.3 * counted, 4);
    const variances = Array.from({ length: LATENT }, (_, unit) => {
      const own = mu.filter((__, i) => i % LATENT === unit);
      return mean(own.map((value) => value ** 2)) - mean(own) ** 2;
    });
    expect(got(VAE_OUTPUTS.active)[0]).toBe(variances.filter((variance) => variance > 0.01).length);
  });

  it('is judged by the answer of the discriminator and by what that sees in the photo', async () => {
    const terms = { loss: { kind: 'l1' }, freeBits: 0, features: 3 } as const;
    const feeds = { ...generatorInputs, [VAE_INPUTS.adversarialShare]: scalar(1) };
    const got = await outputsOf(vaeObjective(nets, terms, BATCH), feeds);
    const made = float32Tensor(IMAGES, got(VAE_OUTPUTS.made));
    const [ofMade, ofPhoto] = await Promise.all(
      [made, clean].map((image) => outputsOf(bound(nets.discriminator, IMAGES), { image })),
    );
    const distances = [featuresOf(0), featuresOf(1)].map((layer) => {
      const photo = ofPhoto!(layer);
      const error = mean(ofMade!(layer).map((value, i) => Math.abs(value - photo[i]!)));
      return error / mean(photo.map(Math.abs));
    });
    const answer = mean(ofMade!('logits').map((logit) => softplus(logit) - logit));
    expect(got(VAE_OUTPUTS.adversarial)[0]).toBeCloseTo(answer, 5);
    expect(got(VAE_OUTPUTS.features)[0]).toBeCloseTo(mean(distances), 4);
    expect(got(VAE_OUTPUTS.judged)[0]).toBeCloseTo(answer + 3 * mean(distances), 4);
  });

  it('gets the adversarial gradient at a set share of the reconstruction, whatever its scale', async () => {
    // So small that gradients can be told by hand: at = k z, terms 3 mean at and mean (at - x)^2.
    const [k, z, x] = [
      [0.5, 0.2, 0.1, 0.9],
      [1, -2, 0.5, 3],
      [1, 1, 1, 1],
    ] as const;
    const b = new GraphBuilder();
    const weight = b.initializer('k', float32Tensor([4], [...k]));
    const at = b.op('Mul', [weight, b.input('z', 'float32', [4])], {}, 'at');
    const error = b.op('Sub', [at, b.input('x', 'float32', [4])]);
    b.input('share', 'float32', []);
    const average = (value: string): string => b.op('ReduceMean', [value], { keepdims: 0 });
    const against = average(b.op('Mul', [error, error]));
    const term = b.op('Mul', [average(at), b.scalar(3)]);
    const graph = b.build({ loss: b.op('Mul', [against, b.scalar(1)]), against, term, at }, 'two terms');
    const step = stepGraph(graph, {
      ...{ loss: 'loss', trainable: ['k'], clipNorm: null, emaDecay: null },
      adamW: { betas: [0, 0.5], epsilon: 1e-8, weightDecay: 0 },
      balanced: { term: 'term', against: 'against', at: 'at', by: 'k', share: 'share' },
    });
    const vector = (values: readonly number[]): Tensor => float32Tensor([4], [...values]);
    const zeros = vector([0, 0, 0, 0]);
    const rates = Object.entries(stepScalars(1, 0.1, [0, 0.5])).map(([name, value]) => [name, scalar(value)] as const);
    const got = await outputsOf(step, {
      ...{ k: vector(k), [momentOf('k')]: zeros, [varianceOf('k')]: zeros },
      ...{ z: vector(z), x: vector(x), share: scalar(0.5) },
      ...Object.fromEntries(rates),
    });
    const ofLoss = k.map((value, i) => ((2 * (value * z[i]! - x[i]!)) / 4) * z[i]!);
    const ofTerm = z.map((value) => 0.75 * value);
    const lambda = (0.5 * Math.hypot(...ofLoss)) / Math.hypot(...ofTerm);
    expect(got(BALANCE_OUTPUT)[0]).toBeCloseTo(lambda, 5);
    // With a first decay of 0 the first moment is the gradient.
    const gradient = got(nextOf(momentOf('k')));
    for (const [i, value] of ofLoss.entries()) expect(gradient[i]).toBeCloseTo(value + lambda * ofTerm[i]!, 5);
  });

  it('makes images of every declared side, each of as many codes as there are', async () => {
    for (const side of [64, 96, 160]) {
      const shape = { ...SHAPE, side, widths: [4, 4, 4, 4, 6], depths: [0, 0, 0, 0, 1] };
      const encoder = bound(vaeEncoder(shape, createRandom(1)), [2, 3, side, side]);
      const decoder = bound(vaeDecoder(shape, createRandom(1)), [2, LATENT]);
      const posterior = await runGraph(encoder, { image: noiseTensor('float32', [2, 3, side, side], 1) });
      expect(posterior.get('logvar')!.dims).toEqual([2, LATENT]);
      const { dims, ...image } = (await runGraph(decoder, { latent: posterior.get('mean')! })).get('image')!;
      expect(dims).toEqual([2, 3, side, side]);
      expect(toNumbers({ dims, ...image }).every((value) => value > 0 && value < 1)).toBe(true);
    }
  });
});

describe('the discriminator', () => {
  it('is to say 1 of photos and 0 of what is made, and is right by the sign of what it says', async () => {
    const got = await outputsOf(discriminatorObjective(nets.discriminator, BATCH), {
      [BATCH_INPUTS.clean]: clean,
      [VAE_INPUTS.made]: noisy,
    });
    const judge = bound(nets.discriminator, IMAGES);
    const real = (await outputsOf(judge, { image: clean }))('logits');
    const made = (await outputsOf(judge, { image: noisy }))('logits');
    const wanted = (mean(real.map((x) => softplus(-x))) + mean(made.map(softplus))) / 2;
    expect(got(LOSS_OUTPUT)[0]).toBeCloseTo(wanted, 5);
    const right = (mean(real.map((x) => Number(x > 0))) + mean(made.map((x) => Number(x < 0)))) / 2;
    expect(got(VAE_OUTPUTS.accuracy)[0]).toBeCloseTo(right, 5);
  });

  it('sees patches, not whole images', async () => {
    const dims = bound(nets.discriminator, IMAGES);
    const logits = (await runGraph(dims, { image: clean })).get('logits')!;
    // 32, 15, 6 and with the last kernel 4 across.
    expect(logits.dims).toEqual([3, 1, 4, 4]);
  });

  it('cannot tell patches by where they lie, nor by their brightness', async () => {
    const judge = bound(nets.discriminator, IMAGES);
    const ofChecks = async (light: number, dark: number): Promise<number[]> => {
      const checks = Float32Array.from({ length: 3 * 3 * SIDE * SIDE }, (_, i) =>
        (i + Math.floor(i / SIDE)) % 2 === 0 ? light : dark,
      );
      return toNumbers((await runGraph(judge, { image: float32Tensor(IMAGES, checks) })).get('logits')!);
    };
    const [first, ...others] = await ofChecks(0.4, 0.2);
    for (const logit of others) expect(logit).toBeCloseTo(first!, 5);
    const brighter = await ofChecks(0.7, 0.5);
    expect(brighter[0]).toBeCloseTo(first!, 5);
    const flatter = await ofChecks(0.35, 0.25);
    expect(Math.abs(flatter[0]! - first!)).toBeGreaterThan(1e-3);
  });
});
