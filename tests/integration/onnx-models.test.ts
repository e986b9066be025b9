import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import { checkModel } from '../../main/core/onnx/check.js';
import { decodeModel, encodeModel } from '../../main/core/onnx/codec.js';
import { countMacs, countParameters } from '../../main/core/onnx/cost.js';
import { requiredMultiple } from '../../main/core/onnx/receptive-field.js';
import { bindInputShapes, inferShapes } from '../../main/core/onnx/shapes.js';
import { bytesOf } from '../../main/core/onnx/tensor.js';
import { imageToTensor, tensorToImage } from '../../main/core/onnx/wrap.js';
import { noiseFeeds, noiseTensor, runGraph, runModel } from './onnx-runtime.js';

const read = (name: string): Uint8Array => readFileSync(new URL(`../../models/${name}.onnx`, import.meta.url));
const MODELS = [
  { name: 'denoise-fast', multiple: 8, parameters: 862_592, macsPerPixel: 31_328 },
  { name: 'denoise-quality', multiple: 8, parameters: 6_533_888, macsPerPixel: 232_640 },
  { name: 'noise-estimator', multiple: 2, parameters: 42_028, macsPerPixel: 10_464 },
];

describe.each(MODELS)('$name', ({ name, multiple, parameters, macsPerPixel }) => {
  const file = read(name);
  const model = decodeModel(file);
  const image = [1, 3, 40, 56];
  const bound = bindInputShapes(model.graph, { image });

  it('runs as before, bit for bit, after decoding, fixing its sizes and encoding', async () => {
    checkModel(model);
    const feeds = noiseFeeds(bound);
    const [before, after] = [
      await runModel(file, feeds),
      await runModel(encodeModel({ ...model, graph: bound }), feeds),
    ];
    expect(after).toEqual(before);
  });

  it('encodes to the same model', () => {
    const copy = decodeModel(encodeModel(model));
    // Weights are compared as bytes: an element-wise comparison of millions of numbers takes a minute.
    const weights = (of: typeof model): Buffer =>
      Buffer.concat([...of.graph.initializers.values()].map((tensor) => Buffer.from(bytesOf(tensor))));
    const rest = ({ graph, ...outer }: typeof model): unknown => ({
      ...outer,
      graph: { ...graph, initializers: [...graph.initializers].map(([key, { type, dims }]) => [key, type, dims]) },
    });
    expect(weights(copy).equals(weights(model))).toBe(true);
    expect(rest(copy)).toEqual(rest(model));
  });

  it('has values of the inferred shapes at run time', async () => {
    const inner = [...inferShapes(bound)].filter(([value]) => bound.nodes.some((node) => node.outputs.includes(value)));
    const outputs = inner.map(([value, type]) => ({ name: value, ...type }));
    const found = await runGraph({ ...bound, outputs }, noiseFeeds(bound));
    for (const output of outputs) expect(found.get(output.name)!.dims).toEqual(output.dims);
  });

  it('has the size and cost that its card states', () => {
    expect(requiredMultiple(model.graph, 'image')).toBe(multiple);
    expect(countParameters(model.graph)).toBe(parameters);
    expect(countMacs(bound) / (40 * 56)).toBe(macsPerPixel);
  });
});

it('runs an estimator and a denoiser merged into one graph on integer pixels', async () => {
  const b = new GraphBuilder();
  const layout = { type: 'uint8', channels: 3, height: 16, width: 24 } as const;
  const image = imageToTensor(b, 'pixels', layout);
  const estimate = b.inline(decodeModel(read('noise-estimator')).graph, 'estimate', { image });
  const denoiser = decodeModel(read('denoise-fast')).graph;
  const clean = b.inline(denoiser, 'denoise', { image, sigma: estimate.get('sigma')! });
  const graph = b.build({ denoised: tensorToImage(b, clean.get('denoised')!, 'uint8') }, 'blind');
  expect(graph.outputs).toEqual([{ name: 'denoised', type: 'uint8', dims: [16, 24, 3] }]);

  const pixels = noiseTensor('uint8', [16, 24, 3]);
  const merged = await runGraph(graph, { pixels });

  const planes = new Float32Array(3 * 16 * 24);
  for (const [i, sample] of (pixels.data as Uint8Array).entries()) {
    planes[(i % 3) * 16 * 24 + Math.floor(i / 3)] = Math.fround(sample / 255);
  }
  const unit = { type: 'float32', dims: [1, 3, 16, 24], data: planes } as const;
  const sigma = (await runModel(read('noise-estimator'), { image: unit })).get('sigma')!;
  const expected = (await runModel(read('denoise-fast'), { image: unit, sigma })).get('denoised')!;
  const found = merged.get('denoised')!.data as Uint8Array;
  for (const [i, sample] of found.entries()) {
    const value = Number(expected.data[(i % 3) * 16 * 24 + Math.floor(i / 3)]);
    expect(Math.abs(sample - Math.min(1, Math.max(0, value)) * 255)).toBeLessThan(0.501);
  }
});
