import type { Random } from '../image/random.js';
import { GraphBuilder } from '../onnx/builder.js';
import type { Graph } from '../onnx/model.js';
import { tensor } from '../onnx/tensor.js';

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

/** Share of the usual deviation that the last convolution of a residual block starts with: near identity... */
const RESIDUAL_GAIN = 0.1;
/** ...and the last of the net: a denoiser starts by changing nearly nothing. */
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

const SAME = { pads: [1, 1, 1, 1] } as const;

type ConvAttributes = Readonly<Record<string, readonly number[]>>;

/** Adds layers with their weights, drawn from N(0, 2 / fan-in) (He et al. 2015, arXiv:1502.01852) times a gain. */
class NetBuilder {
  readonly b = new GraphBuilder();

  constructor(private readonly random: Random) {}

  /** x + Conv(Relu(Conv(x))), 3x3 */
  residualBlock(name: string, x: string, width: number): string {
    const inner = this.conv(`${name}.a`, x, [width, width, 3, 3], SAME);
    const outer = this.conv(
      `${name}.b`,
      this.b.op('Relu', [inner], {}, `${name}.relu`),
      [width, width, 3, 3],
      SAME,
      RESIDUAL_GAIN,
    );
    return this.b.op('Add', [x, outer], {}, `${name}.sum`);
  }

  /** Weight: features x channels x kernel. */
  conv(name: string, x: string, dims: readonly number[], attributes: ConvAttributes, gain = 1): string {
    const [, channels, ...kernel] = dims as [number, number, ...number[]];
    const weight = this.weight(`${name}.weight`, dims, channels * count(kernel), gain);
    return this.b.op('Conv', [x, weight], attributes, name);
  }

  convWithBias(
    name: string,
    x: string,
    dims: readonly number[],
    attributes: ConvAttributes,
    gain = 1,
    bias = 0,
  ): string {
    const [features, channels, ...kernel] = dims as [number, number, ...number[]];
    const weight = this.weight(`${name}.weight`, dims, channels * count(kernel), gain);
    const offset = this.b.initializer(
      `${name}.bias`,
      tensor('float32', [features], new Float32Array(features).fill(bias)),
    );
    return this.b.op('Conv', [x, weight, offset], attributes, name);
  }

  /** Doubles sides; weight: channels x features x 2 x 2. */
  convTranspose(name: string, x: string, dims: readonly number[]): string {
    // Strides as large as the kernel: each output pixel is the sum over channels alone.
    const weight = this.weight(`${name}.weight`, dims, dims[0]!, 1);
    return this.b.op('ConvTranspose', [x, weight], { strides: [2, 2] }, name);
  }

  private weight(name: string, dims: readonly number[], fanIn: number, gain: number): string {
    const deviation = gain * Math.sqrt(2 / fanIn);
    const data = Float32Array.from({ length: count(dims) }, () => deviation * this.random.normal());
    return this.b.initializer(name, tensor('float32', dims, data));
  }
}

const count = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1);
