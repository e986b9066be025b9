import type { Random } from '../image/random.js';
import type { Graph } from '../onnx/model.js';
import { NetBuilder, RESIDUAL_GAIN, SAME } from './net-builder.js';

/**
 * Networks by a few numbers: the architectures of the shipped models (models/README.md), with random weights. Weights have
 * the names that the shipped files give them, so that a run can start from those.
 */

export interface UNetShape {
  /** Channels of each level, the finest (half resolution) first: two levels or more. */
  readonly widths: readonly number[];
  /** Residual blocks of each level, before and behind the levels below. */
  readonly depths: readonly number[];
}

export interface EstimatorShape {
  readonly width: number;
  /** Convolutions between the first and the last. */
  readonly depth: number;
}

/** Share of the usual deviation that the last convolution of a denoiser starts with: it changes nearly nothing. */
const TAIL_GAIN = 0.02;

const FREE_SIZES = ['n', 3, 'h', 'w'] as const;

/**
 * The residual U-Net without biases: `image` and `sigma` (float32 [N,3,H,W] in [0,1]) to `denoised` of the same shape. H
 * and W are multiples of 2^levels.
 */
export function unet({ widths, depths }: UNetShape, random: Random, name = 'unet'): Graph {
  const net = new NetBuilder(random);
  const { b } = net;
  const image = b.input('image', 'float32', FREE_SIZES);
  const sigma = b.input('sigma', 'float32', FREE_SIZES);
  const input = b.op('Concat', [image, sigma], { axis: 1 }, 'input');
  const head = net.conv('head', input, [widths[0]!, 6, 4, 4], { strides: [2, 2], pads: [1, 1, 1, 1] });
  const level = (at: number, x: string): string => {
    const blocks = (prefix: string, from: string): string =>
      Array.from({ length: depths[at]! }).reduce<string>(
        (value, _, index) => net.residualBlock(`${prefix}.${index}`, value, widths[at]!),
        from,
      );
    if (at === widths.length - 1) return blocks('m', x);
    const skip = blocks(`e${at}`, x);
    const down = net.conv(`d${at}`, skip, [widths[at + 1]!, widths[at]!, 2, 2], { strides: [2, 2] });
    const up = net.convTranspose(`u${at}`, level(at + 1, down), [widths[at + 1]!, widths[at]!, 2, 2]);
    return blocks(`f${at}`, b.op('Add', [up, skip], {}, `skip${at}`));
  };
  const body = b.op('Add', [level(0, head), head], {}, 'body');
  const tail = net.conv('tail', body, [12, widths[0]!, 3, 3], SAME, TAIL_GAIN);
  const noise = b.op('DepthToSpace', [tail], { blocksize: 2, mode: 'CRD' }, 'noise');
  return b.build({ denoised: b.op('Sub', [image, noise], {}, 'result') }, name);
}

/** The noise estimator: `image` (float32 [N,3,H,W] in [0,1]) to `sigma`, at least 0, of the same shape; H and W are even. */
export function estimator({ width, depth }: EstimatorShape, random: Random, name = 'estimator'): Graph {
  const net = new NetBuilder(random);
  const { b } = net;
  const image = b.input('image', 'float32', FREE_SIZES);
  let value = net.convWithBias('net.0', image, [width, 3, 4, 4], { strides: [2, 2], pads: [1, 1, 1, 1] });
  for (let index = 1; index <= depth; index++) {
    value = net.convWithBias(`net.${2 * index}`, b.op('Relu', [value]), [width, width, 3, 3], SAME);
  }
  value = net.convWithBias(
    `net.${2 * depth + 2}`,
    b.op('Relu', [value]),
    [12, width, 3, 3],
    SAME,
    RESIDUAL_GAIN,
    START_SIGMA,
  );
  const full = b.op('DepthToSpace', [value], { blocksize: 2, mode: 'CRD' }, 'full');
  return b.build({ sigma: b.op('Softplus', [full], {}, 'positive') }, name);
}

/** Before Softplus: an estimator starts by saying that sigma is 0.05 (13 of 255). */
const START_SIGMA = Math.log(Math.expm1(0.05));
