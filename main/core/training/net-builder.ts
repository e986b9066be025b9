import type { Random } from '../image/random.js';
import { GraphBuilder } from '../onnx/builder.js';
import { tensor } from '../onnx/tensor.js';

/** Layers with random weights: what networks are made of. */

/** Share of the usual deviation that the last convolution of a residual block starts with: near identity. */
export const RESIDUAL_GAIN = 0.1;

/** Keeps height and width. */
export const SAME = { pads: [1, 1, 1, 1] } as const;

/** Each pixel as 2x2. */
const REPEATING = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' } as const;
/** (1 2 1)/4 across and down: of repeated pixels it makes what linear interpolation would. */
const BINOMIAL = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((share) => share / 16);

export type ConvAttributes = Readonly<Record<string, readonly number[]>>;

/** Adds layers with their weights, drawn from N(0, 2 / fan-in) (He et al. 2015, arXiv:1502.01852) times a gain. */
export class NetBuilder {
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
    return this.b.op('Conv', [x, weight, this.bias(name, features, bias)], attributes, name);
  }

  /** Doubles sides; weight: channels x features x 2 x 2. */
  convTranspose(name: string, x: string, dims: readonly number[]): string {
    // Strides as large as the kernel: each output pixel is the sum over channels alone.
    const weight = this.weight(`${name}.weight`, dims, dims[0]!, 1);
    return this.b.op('ConvTranspose', [x, weight], { strides: [2, 2] }, name);
  }

  /**
   * Doubles sides by repeating pixels, and convolves 3x3. It starts as what enlarges linearly, each of whose channels is
   * a random mixture: repeated pixels and a random kernel start as a grid (as with Aitken et al. 2017, arXiv:1707.02937).
   */
  doubled(name: string, x: string, [features, channels]: readonly [number, number]): string {
    const scales = this.b.constant(tensor('float32', [4], Float32Array.of(1, 1, 2, 2)));
    const large = this.b.op('Resize', [x, undefined, scales], REPEATING, `${name}.large`);
    const data = new Float32Array(features * channels * BINOMIAL.length);
    for (let at = 0; at < data.length; at += BINOMIAL.length) {
      const mixed = Math.sqrt(2 / channels) * this.random.normal();
      data.set(
        BINOMIAL.map((share) => share * mixed),
        at,
      );
    }
    const weight = this.b.initializer(`${name}.weight`, tensor('float32', [features, channels, 3, 3], data));
    return this.b.op('Conv', [large, weight, this.bias(name, features, 0)], SAME, name);
  }

  /** x W' + bias; weight: features x inputs. */
  linear(name: string, x: string, [features, inputs]: readonly [number, number], gain = 1, bias = 0): string {
    const weight = this.weight(`${name}.weight`, [features, inputs], inputs, gain);
    const offset = this.bias(name, features, bias);
    return this.b.op('Gemm', [x, weight, offset], { transB: 1 }, name);
  }

  private bias(name: string, features: number, value: number): string {
    const values = new Float32Array(features).fill(value);
    return this.b.initializer(`${name}.bias`, tensor('float32', [features], values));
  }

  private weight(name: string, dims: readonly number[], fanIn: number, gain: number): string {
    const deviation = gain * Math.sqrt(2 / fanIn);
    const data = Float32Array.from({ length: count(dims) }, () => deviation * this.random.normal());
    return this.b.initializer(name, tensor('float32', dims, data));
  }
}

const count = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1);
