import type { Random } from '../image/random.js';
import type { Graph } from '../onnx/model.js';
import { float32Tensor } from '../onnx/tensor.js';
import { NetBuilder, RESIDUAL_GAIN, SAME } from './net-builder.js';

/** The networks of a variational autoencoder, and the discriminator that judges its pictures, with random weights. */

export interface VaeShape {
  /** Height and width of the images in pixels: a multiple of 2 to the number of widths. */
  readonly side: number;
  /** Numbers of a code. */
  readonly latent: number;
  /** Channels of each level, that of half the side first. */
  readonly widths: readonly number[];
  /** Residual blocks of each level, in the encoder and in the decoder. */
  readonly depths: readonly number[];
  /** Channels in front of the decoder's last convolution, at full size. */
  readonly tail: number;
}

export interface DiscriminatorShape {
  /** Channels of each level, each half as high and wide as the one before. */
  readonly widths: readonly number[];
}

/** Bounds of the logarithm of the posterior's variance: beyond them e^x says nothing more, or overflows. */
export const LOGVAR_RANGE = [-10, 6] as const;
/** Where it starts: codes that are nearly certain, so that the decoder hears of the picture from the first step. */
const START_LOGVAR = -3;
/** Share of the usual deviation with which codes start. */
const CODE_GAIN = 0.5;
/**
 * Of the samples of photos, roughly: encoders see them centred. Else what all have in common is the most of what comes out
 * at first, and a net learns to ignore its input.
 */
const PHOTOS = { mean: 0.45, deviation: 0.25 } as const;
const LAST_LAYER = 'decoder.image';
/** The decoder's last weights: what all that is said of an image has to go through. */
export const LAST_WEIGHT = `${LAST_LAYER}.weight`;
const HALVED = { strides: [2, 2], pads: [1, 1, 1, 1] } as const;
/** Slope of the discriminator's activations below 0 (Radford et al. 2016, arXiv:1511.06434). */
const LEAK = 0.2;

/** `image` (float32 [N,3,side,side] in [0,1]) to `mean` and `logvar` of the posterior of its code, [N,latent] each. */
export function vaeEncoder({ side, latent, widths, depths }: VaeShape, random: Random, name = 'vae-encoder'): Graph {
  const net = new NetBuilder(random);
  const { b } = net;
  const image = b.input('image', 'float32', ['n', 3, side, side]);
  let x = b.op('Mul', [b.op('Sub', [image, b.scalar(PHOTOS.mean)]), b.scalar(1 / PHOTOS.deviation)], {}, 'centred');
  let channels = 3;
  for (const [level, width] of widths.entries()) {
    x = net.convWithBias(`encoder.down${level}`, x, [width, channels, 4, 4], HALVED);
    x = blocks(net, `encoder.level${level}`, x, width, depths[level]!);
    x = b.op('Relu', [x]);
    channels = width;
  }
  const flat = b.op('Flatten', [x], { axis: 1 }, 'flat');
  const inputs = channels * bottomOf(side, widths) ** 2;
  const mean = net.linear('encoder.mean', flat, [latent, inputs], CODE_GAIN);
  const logvar = net.linear('encoder.logvar', flat, [latent, inputs], RESIDUAL_GAIN, START_LOGVAR);
  const [least, most] = LOGVAR_RANGE;
  return b.build({ mean, logvar: b.op('Clip', [logvar, b.scalar(least), b.scalar(most)], {}, 'bounded') }, name);
}

/**
 * `latent` (float32 [N,latent]) to `image` (float32 [N,3,side,side] in [0,1]). Sizes are doubled by repeating pixels and
 * convolving: transposed convolutions leave a grid (Odena et al. 2016, doi:10.23915/distill.00003).
 */
export function vaeDecoder(shape: VaeShape, random: Random, name = 'vae-decoder'): Graph {
  const { side, latent, widths, depths, tail } = shape;
  const net = new NetBuilder(random);
  const { b } = net;
  const bottom = bottomOf(side, widths);
  const deepest = widths.at(-1)!;
  const code = b.input('latent', 'float32', ['n', latent]);
  const flat = net.linear('decoder.code', code, [deepest * bottom ** 2, latent]);
  // 0: as many as there are codes.
  let x = b.op('Reshape', [flat, b.ints([0, deepest, bottom, bottom])], {}, 'unflat');
  for (let level = widths.length - 1; level >= 0; level--) {
    const width = widths[level]!;
    x = b.op('Relu', [blocks(net, `decoder.level${level}`, x, width, depths[level]!)]);
    const above = level === 0 ? tail : widths[level - 1]!;
    x = net.doubled(`decoder.up${level}`, x, [above, width]);
  }
  const image = net.convWithBias(LAST_LAYER, b.op('Relu', [x]), [3, tail, 3, 3], SAME, RESIDUAL_GAIN);
  return b.build({ image: b.op('Sigmoid', [image], {}, 'bounded') }, name);
}

/** Side in pixels of what the discriminator counts as coarse; the images of recipes are multiples of twice as many. */
const COARSE_PX = 8;
/** Of what is finer in photos, roughly: the discriminator sees it at the size that its weights expect. */
const FINE_DEVIATION = 0.1;
/** Each pixel as a square of `COARSE_PX`, between which values change in a line. */
const ENLARGING = { mode: 'linear', coordinate_transformation_mode: 'half_pixel' } as const;

/** The discriminator's output after a level. */
export const featuresOf = (level: number): string => `features${level}`;

/**
 * `image` (float32 [N,3,H,W] in [0,1]) to `logits` [N,1,H',W'], one for each patch: above 0 says that it is of a photo
 * (Isola et al. 2017, arXiv:1611.07004, section 3.2.2). No patch sees all of an image, nor anything beyond its edges: with
 * padding, patches there are told apart by it, and the generator learns to draw frames. Nor does it see what is coarse:
 * light and colour of larger parts are for the reconstruction to tell, and a discriminator that judges them makes them
 * swing. Beside the logits, the activations of each level: `featuresOf`.
 */
export function patchDiscriminator({ widths }: DiscriminatorShape, random: Random, name = 'discriminator'): Graph {
  const net = new NetBuilder(random);
  const { b } = net;
  const image = b.input('image', 'float32', ['n', 3, 'h', 'w']);
  let x = b.op('Mul', [b.op('Sub', [image, coarseOf(net, image)]), b.scalar(1 / FINE_DEVIATION)], {}, 'fine');
  let channels = 3;
  const features: Record<string, string> = {};
  for (const [level, width] of widths.entries()) {
    x = net.convWithBias(`discriminator.down${level}`, x, [width, channels, 4, 4], { strides: HALVED.strides });
    x = leaky(net, x);
    features[featuresOf(level)] = x;
    channels = width;
  }
  const logits = net.convWithBias('discriminator.logits', x, [1, channels, 3, 3], {}, RESIDUAL_GAIN);
  return b.build({ logits, ...features }, name);
}

function coarseOf({ b }: NetBuilder, image: string): string {
  const square = [COARSE_PX, COARSE_PX];
  const small = b.op('AveragePool', [image], { kernel_shape: square, strides: square });
  const scales = b.constant(float32Tensor([4], [1, 1, ...square]));
  return b.op('Resize', [small, undefined, scales], ENLARGING, 'coarse');
}

const bottomOf = (side: number, widths: readonly number[]): number => side / 2 ** widths.length;

function blocks(net: NetBuilder, name: string, x: string, width: number, count: number): string {
  let value = x;
  for (let index = 0; index < count; index++) value = net.residualBlock(`${name}.${index}`, value, width);
  return value;
}

/** max(x, 0.2 x), whose gradient is a product where LeakyRelu's is a choice: those run on one thread. */
function leaky({ b }: NetBuilder, x: string): string {
  const positive = b.op('Relu', [x]);
  return b.op('Add', [b.op('Mul', [positive, b.scalar(1 - LEAK)]), b.op('Mul', [x, b.scalar(LEAK)])], {}, 'leaky');
}
