import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../main/core/image/random.js';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import { checkModel } from '../../main/core/onnx/check.js';
import type { Graph, Tensor } from '../../main/core/onnx/model.js';
import { receptiveField, requiredMultiple } from '../../main/core/onnx/receptive-field.js';
import { bindInputShapes } from '../../main/core/onnx/shapes.js';
import { float32Tensor, toNumbers } from '../../main/core/onnx/tensor.js';
import { equalized } from '../../main/core/quantization/equalize.js';
import { floatNodes } from '../../main/core/quantization/plan.js';
import { activationStep, LARGEST_WEIGHT, quantized } from '../../main/core/quantization/quantize.js';
import { ActivationStatistics, observed } from '../../main/core/quantization/ranges.js';
import { withoutTransposedConvolutions } from '../../main/core/quantization/transposed.js';
import { unet } from '../../main/core/training/nets.js';
import { openGraph } from '../../main/engine/sessions.js';
import { noiseTensor, runGraph } from './onnx-runtime.js';

/** Writing nets for 8 bits, on the real runtime. */

const DIMS = [1, 3, 32, 48];
const feeds = { image: noiseTensor('float32', DIMS, 1), sigma: noiseTensor('float32', DIMS, 2) };
const net = unet({ widths: [8, 16, 24], depths: [1, 1, 1] }, createRandom(3));

const outputOf = async (graph: Graph): Promise<number[]> => toNumbers([...(await runGraph(graph, feeds)).values()][0]!);

const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);

async function statisticsOf(graph: Graph): Promise<ActivationStatistics> {
  const statistics = new ActivationStatistics();
  statistics.add(await runGraph(observed(bindInputShapes(graph, { image: DIMS, sigma: DIMS })), feeds));
  return statistics;
}

describe('a transposed convolution that doubles each pixel', () => {
  it('is a 1x1 convolution and a DepthToSpace', async () => {
    const plain = withoutTransposedConvolutions(net);
    expect(plain.nodes.map(({ op }) => op)).not.toContain('ConvTranspose');
    expect(largestDifference(await outputOf(plain), await outputOf(net))).toBeLessThan(1e-5);
  });

  it('keeps its bias', async () => {
    const b = new GraphBuilder();
    const image = b.input('image', 'float32', DIMS);
    const weight = b.initializer('w', noiseTensor('float32', [3, 2, 2, 2], 5));
    const bias = b.initializer('bias', float32Tensor([2], [0.5, -2]));
    const graph = b.build([b.op('ConvTranspose', [image, weight, bias], { strides: [2, 2] })], 'up');
    const plain = withoutTransposedConvolutions(graph);
    const [one, other] = await Promise.all([graph, plain].map((each) => runGraph(each, { image: feeds.image })));
    const values = [one!, other!].map((result) => toNumbers([...result.values()][0]!));
    expect(largestDifference(values[0]!, values[1]!)).toBeLessThan(1e-6);
  });

  it.each([
    ['overlaps', [3, 2, 3, 3], { strides: [2, 2] }],
    ['does not double', [3, 2, 2, 2], { strides: [1, 1] }],
    ['is cut', [3, 2, 2, 2], { strides: [2, 2], pads: [1, 1, 1, 1] }],
    ['is in groups', [3, 1, 2, 2], { strides: [2, 2], group: 3 }],
  ])('stays where it %s', (_, dims, attributes) => {
    const b = new GraphBuilder();
    const weight = b.initializer('w', noiseTensor('float32', dims));
    const graph = b.build([b.op('ConvTranspose', [b.input('image', 'float32', DIMS), weight], attributes)], 'up');
    expect(withoutTransposedConvolutions(graph).nodes).toEqual(graph.nodes);
  });
});

describe('channels of equal size', () => {
  it('change nothing of what the net does', async () => {
    const plain = withoutTransposedConvolutions(net);
    const magnitudes = (await statisticsOf(plain)).magnitudes(0);
    const even = equalized(plain, magnitudes, 1);
    expect(largestDifference(await outputOf(even), await outputOf(net))).toBeLessThan(1e-5);
    // Values of a trunk are scaled alike: the largest of each channel were of sizes that differ, now they are of one.
    const trunk = ['d0', 'e1.0.b', 'e1.0.sum', 'u1', 'skip1', 'f1.0.b', 'f1.0.sum'];
    const spread = (sizes: ReadonlyMap<string, Float32Array>): number => {
      const largest = sizes.get('d0')!.map((_, c) => Math.max(...trunk.map((name) => sizes.get(name)![c]!)));
      return Math.max(...largest) / Math.min(...largest);
    };
    expect(spread(magnitudes)).toBeGreaterThan(1.5);
    expect(spread((await statisticsOf(even)).magnitudes(0))).toBeLessThan(1.001);
  });

  it('are not asked for with a strength of 0', async () => {
    const even = equalized(net, (await statisticsOf(net)).magnitudes(0), 0);
    expect(await outputOf(even)).toEqual(await outputOf(net));
  });
});

describe('a net in 8 bits', () => {
  const plain = withoutTransposedConvolutions(net);
  let statistics: ActivationStatistics;
  let small: Graph;
  beforeAll(async () => {
    statistics = await statisticsOf(plain);
    small = quantized(plain, { ranges: statistics.ranges(0), float: floatNodes(plain) });
  });

  it('leaves in float what its errors would be seen of', () => {
    expect([...floatNodes(plain)].sort()).toMatchInlineSnapshot(`
      [
        "body",
        "e0.0.sum",
        "f0.0.b",
        "f0.0.sum",
        "head",
        "input",
        "noise",
        "result",
        "skip0",
        "tail",
      ]
    `);
  });

  it('does nearly what the float net does, with the runtime’s 8-bit kernels, too', async () => {
    checkModel(small);
    const float = await outputOf(net);
    const written = await outputOf(small);
    const change = largestDifference(float, toNumbers(feeds.image));
    expect(largestDifference(written, float)).toBeGreaterThan(0);
    expect(largestDifference(written, float)).toBeLessThan(change / 20);
    const session = await openGraph(small, { provider: 'cpu', threads: 1 });
    const { denoised } = await session.run(feeds as Record<string, Tensor & { type: 'float32' }>);
    await session.release();
    expect(largestDifference(toNumbers(denoised!), written)).toBeLessThan(change / 20);
  });

  it('has weights that no processor adds up wrongly', () => {
    const weights = [...small.initializers].filter(([, { type, data }]) => type === 'int8' && data.some(Boolean));
    expect(weights.length).toBeGreaterThan(5);
    const largest = Math.max(...weights.flatMap(([, value]) => toNumbers(value).map(Math.abs)));
    expect(largest).toBe(LARGEST_WEIGHT);
    // Two products of an unsigned and a signed number in 16 bits: vpmaddubsw.
    expect(2 * 255 * largest).toBeLessThan(2 ** 15);
  });

  it('sees as far as the float net, and wants the same multiples', () => {
    expect(receptiveField(small, 'denoised', 'image')).toEqual(receptiveField(net, 'denoised', 'image'));
    expect(requiredMultiple(small, 'image')).toBe(requiredMultiple(net, 'image'));
  });

  it('has a range that begins at 0 in place of a Relu', () => {
    const float = floatNodes(plain);
    const relus = plain.nodes.filter(({ op }) => op === 'Relu').map(({ name }) => name);
    const ranges = new Map([...statistics.ranges(0)].map(([name]) => [name, [-1, 1] as const]));
    const folded = quantized(plain, { ranges, float });
    expect(folded.nodes.filter(({ op }) => op === 'Relu')).toEqual([]);
    for (const name of relus) expect(toNumbers(folded.initializers.get(`${name}/zero`)!), name).toEqual([0]);
  });

  it('is refused without what it is made of', () => {
    const ranges = statistics.ranges(0);
    const refused = (change: Partial<Parameters<typeof quantized>[1]>, graph = plain): unknown => {
      try {
        return quantized(graph, { ranges, float: new Set(), ...change });
      } catch (error) {
        return error;
      }
    };
    const invalid = (message: RegExp): unknown =>
      expect.objectContaining({ code: 'model/invalid', message: expect.stringMatching(message) as string });
    expect(refused({ float: new Set(['nobody']) })).toEqual(invalid(/no node 'nobody'/));
    expect(refused({ ranges: new Map() })).toEqual(invalid(/no range for/));
    const backwards = new Map([...ranges].map(([name]) => [name, [1, -1] as const]));
    expect(refused({ ranges: backwards })).toEqual(invalid(/no range for/));
    const b = new GraphBuilder();
    const image = b.input('image', 'float32', DIMS);
    const weight = b.initializer('w', noiseTensor('float32', [2, 3, 1, 1]));
    const conv = b.op('Conv', [image, weight, b.input('bias', 'float32', [2])], {}, 'conv');
    const both = new Map(['image', 'conv'].map((name) => [name, [0, 1] as const]));
    expect(refused({ ranges: both }, b.build([conv], 'computed bias'))).toEqual(invalid(/bias must be stored/));
  });
});

describe('ranges', () => {
  const of = (values: readonly number[]): ActivationStatistics => {
    const statistics = new ActivationStatistics();
    statistics.add(new Map([['x', float32Tensor([1, 2, 1, values.length / 2], values)]]));
    return statistics;
  };

  it('hold all but a share of each tail, and 0', () => {
    const values = Array.from({ length: 2000 }, (_, i) => i + 1);
    expect(of(values).ranges(0).get('x')).toEqual([0, 2000]);
    expect(of(values).ranges(0.01).get('x')).toEqual([0, 1980]);
    expect(
      of(values.map((value) => -value))
        .ranges(0.01)
        .get('x'),
    ).toEqual([-1980, 0]);
  });

  it('are found for channels one by one', () => {
    expect([...of([1, -4, 3, 10, -20, 0]).magnitudes(0).get('x')!]).toEqual([4, 20]);
  });

  it('become steps that tell 0 exactly', () => {
    const [scale, zero] = activationStep([-1, 2]);
    expect(scale).toBeCloseTo(3 / 255, 7);
    expect(zero).toBe(85);
    expect(activationStep([0, 0])[0]).toBeGreaterThan(0);
  });
});
