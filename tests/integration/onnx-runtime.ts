import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { encodeModel } from '../../main/core/onnx/codec.js';
import { modelOf, type ElementType, type Graph, type Model, type Tensor } from '../../main/core/onnx/model.js';
import { ELEMENT_ARRAYS, elementCount, tensor } from '../../main/core/onnx/tensor.js';

/** A graph that is run more than once. */
export interface OpenGraph {
  readonly run: (feeds: Record<string, Tensor>) => Promise<Map<string, Tensor>>;
  readonly release: () => Promise<void>;
}

/** Runs a model on the real runtime's CPU provider; what comes back has the runtime's own types and shapes. */
export async function runModel(model: Model | Uint8Array, feeds: Record<string, Tensor>): Promise<Map<string, Tensor>> {
  const session = await openModel(model);
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

async function openModel(model: Model | Uint8Array): Promise<OpenGraph> {
  const bytes = model instanceof Uint8Array ? model : encodeModel(model);
  const session = await InferenceSession.create(bytes, {
    // Graphs run as they are written: the optimizer fuses a Pad into a pool even where pools may not have such pads.
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  return {
    run: async (feeds) => {
      const inputs = Object.entries(feeds).map(([name, { type, data, dims }]) => {
        return [name, new OrtTensor(type, data as OrtTensor['data'], dims)] as const;
      });
      const results = await session.run(Object.fromEntries(inputs));
      return new Map(
        Object.entries(results).map(([name, { type, dims, data }]) => [
          name,
          { type, dims, data } as unknown as Tensor,
        ]),
      );
    },
    release: () => session.release(),
  };
}

/** As `runModel`, for a bare graph of the operator set that we build; it stays open until it is released. */
export const openGraph = (graph: Graph): Promise<OpenGraph> => openModel(modelOf(graph));

/** As `runModel`, for a bare graph of the operator set that we build. */
export function runGraph(graph: Graph, feeds: Record<string, Tensor>): Promise<Map<string, Tensor>> {
  return runModel(modelOf(graph), feeds);
}

/** A reproducible stream of numbers in [0, 1) (mulberry32). */
export function randomStream(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A tensor of reproducible noise: floats in [0, 1), integers in 0..3, bools. */
export function noiseTensor(type: Exclude<ElementType, 'float16'>, dims: readonly number[], seed = 1): Tensor {
  const random = randomStream(seed);
  const scale = type.startsWith('float') ? 1 : type === 'bool' ? 2 : 4;
  const values = Array.from({ length: elementCount(dims) }, () => random() * scale);
  if (type === 'int64')
    return tensor(
      type,
      dims,
      BigInt64Array.from(values, (value) => BigInt(Math.floor(value))),
    );
  if (type === 'uint64')
    return tensor(
      type,
      dims,
      BigUint64Array.from(values, (value) => BigInt(Math.floor(value))),
    );
  return tensor(type, dims, ELEMENT_ARRAYS[type].from(type.startsWith('float') ? values : values.map(Math.floor)));
}

/** The feeds that a graph with fixed input sizes takes, filled with noise. */
export function noiseFeeds(graph: Graph): Record<string, Tensor> {
  const feeds = graph.inputs.map(({ name, type, dims }, index) => {
    if (type === 'float16') throw new Error('no noise for float16');
    return [name, noiseTensor(type, dims.map(Number), index + 1)] as const;
  });
  return Object.fromEntries(feeds);
}
