import { AppError } from '../errors.js';
import type { Graph, Tensor } from '../onnx/model.js';
import { inferShapes } from '../onnx/shapes.js';
import { elementCount } from '../onnx/tensor.js';

/** What values a net's activations take on photos: what its 8-bit steps are made to fit. */

/** The least and the largest value that 8 bits are to hold. */
export type Range = readonly [number, number];

/** Elements that are kept of each activation of each batch. */
const KEPT_ELEMENTS = 30_000;

/** The graph, whose sizes are fixed, with every float activation of four axes as an output. Errors as `inferShapes`. */
export function observed(graph: Graph): Graph {
  const types = inferShapes(graph);
  const outputs = graph.nodes
    .flatMap((node) => node.outputs)
    .flatMap((name) => {
      const type = types.get(name);
      return type?.type === 'float32' && type.dims.length === 4 ? [{ name, ...type }] : [];
    });
  return { ...graph, outputs };
}

/** Collects what activations are like, batch by batch. */
export class ActivationStatistics {
  private readonly samples = new Map<string, number[]>();
  private readonly channels = new Map<string, number[][]>();

  /** @param values float32 [N,C,H,W] by name */
  add(values: ReadonlyMap<string, Tensor>): void {
    for (const [name, { type, dims, data }] of values) {
      if (type !== 'float32' || dims.length !== 4) continue;
      const kept = this.samples.get(name) ?? [];
      this.samples.set(name, kept);
      const perChannel = this.channels.get(name) ?? Array.from({ length: dims[1]! }, (): number[] => []);
      this.channels.set(name, perChannel);
      // A step that is no multiple of a row or a plane visits all of them.
      const step = Math.max(1, Math.floor(elementCount(dims) / KEPT_ELEMENTS)) | 1;
      const plane = dims[2]! * dims[3]!;
      for (let at = 0; at < data.length; at += step) {
        kept.push(data[at]!);
        perChannel[Math.floor(at / plane) % dims[1]!]!.push(Math.abs(data[at]!));
      }
    }
  }

  /** For each activation the values between which all but a share of each tail lie; 0 is always between them. */
  ranges(share: number): Map<string, Range> {
    return new Map(
      [...this.samples].map(([name, values]) => {
        const sorted = Float32Array.from(values).sort();
        return [name, [Math.min(0, quantile(sorted, share)), Math.max(0, quantile(sorted, 1 - share))]];
      }),
    );
  }

  /** For each activation the size that all but a share of each channel's values keep below. */
  magnitudes(share: number): Map<string, Float32Array> {
    return new Map(
      [...this.channels].map(([name, channels]) => [
        name,
        Float32Array.from(channels, (values) => quantile(Float32Array.from(values).sort(), 1 - share)),
      ]),
    );
  }
}

function quantile(sorted: Float32Array, at: number): number {
  if (sorted.length === 0) throw new AppError('model/invalid', 'an activation has no values to find a range of');
  return sorted[Math.round(at * (sorted.length - 1))]!;
}
