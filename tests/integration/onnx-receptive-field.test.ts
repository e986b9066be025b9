import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import { decodeModel } from '../../main/core/onnx/codec.js';
import type { Graph, Tensor } from '../../main/core/onnx/model.js';
import { receptiveField, requiredMultiple } from '../../main/core/onnx/receptive-field.js';
import { bindInputShapes } from '../../main/core/onnx/shapes.js';
import { elementCount, float32Tensor } from '../../main/core/onnx/tensor.js';
import { runGraph } from './onnx-runtime.js';

type Fraction = readonly [number, number];

/** A graph whose weights are all positive and average their inputs: no influence cancels, none under- or overflows. */
function withAveragingWeights(graph: Graph): Graph {
  const initializers = [...graph.initializers].map(([name, value]): [string, Tensor] => {
    if (value.type !== 'float32' || value.dims.length < 4) {
      return [name, value.type === 'float32' ? { ...value, data: new Float32Array(value.data.length) } : value];
    }
    return [name, { ...value, data: new Float32Array(value.data.length).fill(1 / value.dims[1]!) }];
  });
  return { ...graph, initializers: new Map(initializers) };
}

/**
 * Changes one row (axis 2) or column (axis 3) of the input per batch entry, from `start` on, and sees how far before
 * and after it output rows change; undefined if none does. The last entry stays as it is, to compare with. `scale` is output pixels per input
 * pixel.
 */
async function measureAxis(
  graph: Graph,
  input: string,
  axis: 2 | 3,
  start: number,
  [outputs, inputs]: Fraction = [1, 1],
): Promise<{ before: number; after: number } | undefined> {
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, dims }) => {
      const sizes = dims.map(Number);
      return [name, float32Tensor(sizes, new Float32Array(elementCount(sizes)))];
    }),
  );
  const image = feeds[input]!;
  const [batch, channel, position] = [0, 1, axis].map((of) => coordinateReader(image.dims, of)) as Readers;
  for (let i = 0; i < image.data.length; i++) {
    const isChanged = batch(i) < image.dims[0]! - 1 && position(i) === start + batch(i);
    // Different in each channel, or `image - network(image)` might cancel exactly.
    if (isChanged) image.data[i] = 1 + channel(i) / 7;
  }
  const output = (await runGraph(graph, feeds)).get(graph.outputs[0]!.name)!;
  const [entry, , place] = [0, 1, axis].map((of) => coordinateReader(output.dims, of)) as Readers;
  const values = output.data as Float32Array;
  const size = elementCount(output.dims.slice(1));
  const untouched = values.subarray(-size);
  const margins = { before: 0, after: 0 };
  let anyChanged = false;
  for (let i = 0; i < values.length; i++) {
    if (values[i] === untouched[i % size]) continue;
    anyChanged = true;
    const changed = start + entry(i);
    margins.before = Math.max(margins.before, Math.floor((place(i) * inputs) / outputs) - changed);
    margins.after = Math.max(margins.after, changed - Math.ceil(((place(i) + 1) * inputs) / outputs) + 1);
  }
  return anyChanged ? margins : undefined;
}

type Readers = [(index: number) => number, (index: number) => number, (index: number) => number];

function coordinateReader(dims: readonly number[], axis: number): (index: number) => number {
  const stride = elementCount(dims.slice(axis + 1));
  const size = dims[axis]!;
  return (index) => Math.floor(index / stride) % size;
}

describe('the receptive field of a shipped network', () => {
  it.each([
    ['denoise-fast', 'image', 144],
    ['denoise-fast', 'sigma', 144],
    ['denoise-quality', 'image', 264],
    ['noise-estimator', 'image', 48],
  ])('%s with respect to %s is what one changed row or column reaches', async (name, input, size) => {
    const file = readFileSync(new URL(`../../models/${name}.onnx`, import.meta.url));
    const { graph } = decodeModel(file);
    const output = graph.outputs[0]!.name;
    const { top, left, bottom, right } = receptiveField(graph, output, input);
    // One changed row for each phase of the strides, and one entry without.
    const batch = requiredMultiple(graph, input) + 1;
    const at = (height: number, width: number): Graph =>
      withAveragingWeights(bindInputShapes(graph, { image: [batch, 3, height, width] }));
    const vertical = await measureAxis(at(size, 16), input, 2, size / 2);
    const horizontal = await measureAxis(at(16, size), input, 3, size / 2);
    expect(vertical).toEqual({ before: top, after: bottom });
    expect(horizontal).toEqual({ before: left, after: right });
  });
});

interface Layer {
  readonly op:
    | 'Conv'
    | 'ConvTranspose'
    | 'MaxPool'
    | 'AveragePool'
    | 'DepthToSpace'
    | 'SpaceToDepth'
    | 'Pad'
    | 'Resize';
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly pads: readonly number[];
  readonly dilation: number;
  readonly scale: Fraction;
  readonly mode: 'nearest' | 'linear';
  readonly transformation: 'half_pixel' | 'asymmetric';
  readonly rounding: 'floor' | 'ceil' | 'round_prefer_floor' | 'round_prefer_ceil';
}

const layer: fc.Arbitrary<Layer> = fc.record({
  op: fc.constantFrom(
    'Conv',
    'ConvTranspose',
    'MaxPool',
    'AveragePool',
    'DepthToSpace',
    'SpaceToDepth',
    'Pad',
    'Resize',
  ),
  kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  stride: fc.integer({ min: 1, max: 3 }),
  pads: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 }),
  dilation: fc.integer({ min: 1, max: 2 }),
  scale: fc.constantFrom([1, 2], [2, 1], [3, 1], [3, 2], [3, 4]),
  mode: fc.constantFrom('nearest', 'linear'),
  transformation: fc.constantFrom('half_pixel', 'asymmetric'),
  rounding: fc.constantFrom('floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil'),
});

function addLayer(b: GraphBuilder, x: string, { op, kernel, stride, pads, dilation, ...resize }: Layer): string {
  const channels = b.typeOf(x).dims[1]!;
  const strides = [stride, stride];
  const ones = (...dims: number[]): string =>
    b.constant(float32Tensor(dims, new Array<number>(elementCount(dims)).fill(1)));
  switch (op) {
    case 'Conv':
    case 'ConvTranspose':
      return b.op(op, [x, ones(channels, channels, ...kernel)], {
        strides,
        pads,
        dilations: kernel.map((size) => (size < 4 ? dilation : 1)),
      });
    case 'MaxPool':
    case 'AveragePool': {
      const smaller = pads.map((pad, i) => Math.min(pad, kernel[i % 2]! - 1));
      return b.op(op, [x], { strides, kernel_shape: kernel, pads: smaller });
    }
    case 'DepthToSpace':
      return b.op(op, [b.op('Conv', [x, ones(4, channels, 1, 1)])], { blocksize: 2 });
    case 'SpaceToDepth':
      return b.op('Conv', [b.op(op, [x], { blocksize: 2 }), ones(1, channels * 4, 1, 1)]);
    case 'Pad':
      return b.op(op, [x, b.ints([0, 0, pads[0]!, pads[1]!, 0, 0, -pads[2]!, pads[3]!])]);
    case 'Resize': {
      const scale = resize.scale[0] / resize.scale[1];
      const scales = b.constant(float32Tensor([4], [1, 1, scale, scale]));
      return b.op(op, [x, undefined, scales], {
        mode: resize.mode,
        coordinate_transformation_mode: resize.transformation,
        ...(resize.mode === 'nearest' ? { nearest_mode: resize.rounding } : {}),
      });
    }
  }
}

/** Output pixels per input pixel of a layer. */
function scaleOf({ op, stride, scale }: Layer): Fraction {
  switch (op) {
    case 'Conv':
    case 'MaxPool':
    case 'AveragePool':
      return [1, stride];
    case 'ConvTranspose':
      return [stride, 1];
    case 'DepthToSpace':
      return [2, 1];
    case 'SpaceToDepth':
      return [1, 2];
    case 'Pad':
      return [1, 1];
    case 'Resize':
      return scale;
  }
}

describe('the receptive field of random networks', () => {
  const SIZE = 108; // a multiple of the strides 1, 2 and 3, three times over
  const START = 36;
  const PHASES = 36; // more than the period of any three layers, so that each phase is seen far from the border

  it('is exactly what one changed row or column reaches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(layer, { minLength: 1, maxLength: 3 }), async (layers) => {
        const b = new GraphBuilder();
        let x = b.input('x', 'float32', [PHASES + 1, 1, SIZE, SIZE]);
        let scale: Fraction = [1, 1];
        for (const next of layers) {
          const [, , height, width] = b.typeOf(x).dims as [number, number, number, number];
          // SpaceToDepth needs even sizes; upsampling without end takes memory.
          if (next.op === 'SpaceToDepth' && (height % 2 !== 0 || width % 2 !== 0)) continue;
          if (Math.min(height, width) < 24 || Math.max(height, width) > 220) break;
          x = addLayer(b, x, next);
          const [outputs, inputs] = scaleOf(next);
          scale = [scale[0] * outputs, scale[1] * inputs];
        }
        const graph = b.build({ y: x }, 'random');
        const { top, left, bottom, right } = receptiveField(graph, 'y', 'x');
        const vertical = await measureAxis(graph, 'x', 2, START, scale);
        const horizontal = await measureAxis(graph, 'x', 3, START, scale);
        // A stride may pick nothing but the gaps that a strided ConvTranspose of a small kernel leaves.
        fc.pre(vertical !== undefined && horizontal !== undefined);
        expect(vertical).toEqual({ before: top, after: bottom });
        expect(horizontal).toEqual({ before: left, after: right });
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});
