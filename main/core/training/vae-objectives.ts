import { GraphBuilder } from '../onnx/builder.js';
import type { Graph } from '../onnx/model.js';
import { bindInputShapes } from '../onnx/shapes.js';
import { binaryCrossEntropy, featureDistance, klDivergence } from './losses.js';
import { BATCH_INPUTS, imageLoss, LOSS_OUTPUT, type BatchShape, type ImageLoss } from './objectives.js';

/**
 * What the two players of a VAE-GAN make small (Larsen et al. 2016, arXiv:1512.09300), and what evaluations measure. A
 * VAE is the generator alone.
 */

export interface VaeNets {
  readonly encoder: Graph;
  readonly decoder: Graph;
  /** Null for a VAE. */
  readonly discriminator: Graph | null;
}

/** What goes in besides the images of `BATCH_INPUTS`. */
export const VAE_INPUTS = {
  /** N(0, 1), [N,latent]: codes are drawn with it. */
  epsilon: 'batch/epsilon',
  /** Scalar. */
  klWeight: 'batch/kl_weight',
  /** Scalar, for the balanced step of `stepGraph`. */
  adversarialShare: 'batch/adversarial_share',
  /** Images that the generator made, for the discriminator. */
  made: 'batch/made',
} as const;

/** What comes out besides the loss: scalars, unless it says otherwise. */
export const VAE_OUTPUTS = {
  reconstruction: 'reconstruction',
  /** Nats. */
  kl: 'kl',
  /** Latents in use, as far as a batch tells. */
  active: 'active',
  /** [N,3,S,S] */
  made: 'made',
  adversarial: 'adversarial',
  /** Distance from the photo in the discriminator's features, a share of these. */
  features: 'features',
  /** What the generator makes small for the discriminator's sake: both of these, weighed. */
  judged: 'judged',
  /** Share of patches that the discriminator is right about. */
  accuracy: 'accuracy',
} as const;

/** Variance over the data of a latent's mean above which it is in use (Burda et al. 2016, arXiv:1509.00519, section 5). */
export const ACTIVE_VARIANCE = 1e-2;

export interface VaeTerms {
  readonly loss: ImageLoss;
  /** Nats that each latent may carry for nothing. */
  readonly freeBits: number;
  /** How much likeness in the discriminator's features counts beside its answer. */
  readonly features: number;
}

/**
 * The generator: loss of the reconstruction of noisy images against clean ones + weight x KL divergence, the code drawn as
 * mean + e^(logvar / 2) epsilon (Kingma and Welling 2014, arXiv:1312.6114). With a discriminator there is also the term
 * that makes it say "photo" of what is made, and see in it what it sees in the photo, for `stepGraph` to balance; weights of
 * all nets keep their names.
 */
export function vaeObjective(nets: VaeNets, { loss, freeBits, features }: VaeTerms, shape: BatchShape): Graph {
  const b = builderFor(nets);
  const image = (name: string): string => b.input(name, 'float32', imageDims(shape));
  const [noisy, clean] = [image(BATCH_INPUTS.noisy), image(BATCH_INPUTS.clean)];
  const { mean, logvar } = encoded(b, nets, noisy, shape);
  const epsilon = b.input(VAE_INPUTS.epsilon, 'float32', b.typeOf(mean).dims);
  const klWeight = b.input(VAE_INPUTS.klWeight, 'float32', []);
  const deviation = b.op('Exp', [b.op('Mul', [logvar, b.scalar(0.5)])], {}, 'deviation');
  const code = b.op('Add', [mean, b.op('Mul', [deviation, epsilon])], {}, 'code');
  const made = decoded(b, nets, code, 'decoder');
  const reconstruction = imageLoss(b, made, clean, loss);
  const counted = b.op('Mul', [klDivergence(b, mean, logvar, freeBits), klWeight]);
  const outputs: Record<string, string> = {
    [LOSS_OUTPUT]: b.op('Add', [reconstruction, counted], {}, 'objective'),
    [VAE_OUTPUTS.reconstruction]: reconstruction,
    [VAE_OUTPUTS.kl]: klDivergence(b, mean, logvar),
    [VAE_OUTPUTS.active]: activeUnits(b, mean),
    [VAE_OUTPUTS.made]: made,
  };
  if (nets.discriminator !== null) {
    b.input(VAE_INPUTS.adversarialShare, 'float32', []);
    const ofMade = judged(b, nets.discriminator, made, 'discriminator');
    const adversarial = binaryCrossEntropy(b, ofMade.logits, b.scalar(1));
    outputs[VAE_OUTPUTS.adversarial] = adversarial;
    outputs[VAE_OUTPUTS.judged] = adversarial;
    if (features > 0) {
      const ofPhoto = judged(b, nets.discriminator, clean, 'photo');
      const distance = featureDistance(b, ofMade.features, ofPhoto.features);
      outputs[VAE_OUTPUTS.features] = distance;
      outputs[VAE_OUTPUTS.judged] = b.op('Add', [adversarial, b.op('Mul', [distance, b.scalar(features)])]);
    }
  }
  return b.build(outputs, 'generator objective');
}

/** The discriminator: mean binary cross-entropy of what it says of clean images (1) and of those made (0). */
export function discriminatorObjective(discriminator: Graph, shape: BatchShape): Graph {
  const b = new GraphBuilder();
  for (const [name, value] of discriminator.initializers) b.initializer(name, value);
  const image = (name: string): string => b.input(name, 'float32', imageDims(shape));
  const real = judged(b, discriminator, image(BATCH_INPUTS.clean), 'real').logits;
  const made = judged(b, discriminator, image(VAE_INPUTS.made), 'made').logits;
  const half = (of: string, and: string, hint: string): string =>
    b.op('Mul', [b.op('Add', [of, and]), b.scalar(0.5)], {}, hint);
  const share = (condition: 'Greater' | 'Less', logits: string): string =>
    b.op('ReduceMean', [b.cast(b.op(condition, [logits, b.scalar(0)]), 'float32')], { keepdims: 0 });
  return b.build(
    {
      [LOSS_OUTPUT]: half(
        binaryCrossEntropy(b, real, b.scalar(1)),
        binaryCrossEntropy(b, made, b.scalar(0)),
        'objective',
      ),
      [VAE_OUTPUTS.accuracy]: half(share('Greater', real), share('Less', made), 'right'),
    },
    'discriminator objective',
  );
}

/** What evaluations look at. */
export const VAE_SCORE_OUTPUTS = {
  /** [N,latent] */
  mean: 'mean',
  /** [N,latent] */
  logvar: 'logvar',
  /** Of the means, [N,3,S,S]. */
  reconstructed: 'reconstructed',
  /** Of codes from the prior, [N,3,S,S]. */
  sampled: 'sampled',
} as const;

/** Posterior, reconstruction and its loss, samples: of clean images and of `epsilon` as codes. */
export function vaeScore(nets: VaeNets, loss: ImageLoss, shape: BatchShape): Graph {
  const b = builderFor({ ...nets, discriminator: null });
  const clean = b.input(BATCH_INPUTS.clean, 'float32', imageDims(shape));
  const { mean, logvar } = encoded(b, nets, clean, shape);
  const epsilon = b.input(VAE_INPUTS.epsilon, 'float32', b.typeOf(mean).dims);
  const reconstructed = decoded(b, nets, mean, 'reconstructed');
  return b.build(
    {
      [LOSS_OUTPUT]: imageLoss(b, reconstructed, clean, loss),
      [VAE_SCORE_OUTPUTS.mean]: mean,
      [VAE_SCORE_OUTPUTS.logvar]: logvar,
      [VAE_SCORE_OUTPUTS.reconstructed]: reconstructed,
      [VAE_SCORE_OUTPUTS.sampled]: decoded(b, nets, epsilon, 'sampled'),
    },
    'vae score',
  );
}

/** A builder in which the nets' weights have their names. */
function builderFor({ encoder, decoder, discriminator }: VaeNets): GraphBuilder {
  const b = new GraphBuilder();
  for (const net of [encoder, decoder, discriminator]) {
    for (const [name, value] of net?.initializers ?? []) b.initializer(name, value);
  }
  return b;
}

const imageDims = ({ batch, crop }: BatchShape): number[] => [batch, 3, crop, crop];

function encoded(b: GraphBuilder, { encoder }: VaeNets, image: string, shape: BatchShape) {
  const outputs = b.inline(bindInputShapes(encoder, { image: imageDims(shape) }), 'encoder', { image });
  return { mean: outputs.get('mean')!, logvar: outputs.get('logvar')! };
}

/** @param prefix of the copy's names: two nodes of a graph may not share one */
function decoded(b: GraphBuilder, { decoder }: VaeNets, latent: string, prefix: string): string {
  const bound = bindInputShapes(decoder, { latent: [...b.typeOf(latent).dims] });
  return b.inline(bound, prefix, { latent }).get('image')!;
}

function judged(b: GraphBuilder, discriminator: Graph, image: string, prefix: string) {
  const bound = bindInputShapes(discriminator, { image: [...b.typeOf(image).dims] });
  const { logits, ...features } = Object.fromEntries(b.inline(bound, prefix, { image })) as Record<'logits', string>;
  return { logits, features: Object.values<string>(features) };
}

/** The number of latents whose mean varies by more than `ACTIVE_VARIANCE` over the batch. */
function activeUnits(b: GraphBuilder, mean: string): string {
  const overBatch = (value: string): string => b.op('ReduceMean', [value], { axes: [0], keepdims: 0 });
  const middle = overBatch(mean);
  const variance = b.op('Sub', [overBatch(b.op('Mul', [mean, mean])), b.op('Mul', [middle, middle])]);
  const inUse = b.cast(b.op('Greater', [variance, b.scalar(ACTIVE_VARIANCE)]), 'float32');
  return b.op('ReduceSum', [inUse], { keepdims: 0 }, 'active');
}
