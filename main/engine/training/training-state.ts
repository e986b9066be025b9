import { AppError } from '../../core/errors.js';
import { elementCount } from '../../core/onnx/tensor.js';
import { emaOf, momentOf, nextOf, sumOf, varianceOf } from '../../core/training/step-graph.js';
import { LOSS_OUTPUT } from '../../core/training/objectives.js';
import type { RuntimeTensor } from '../runtime.js';
import type { Graph, Tensor } from '../../core/onnx/model.js';

type FloatTensor = Extract<RuntimeTensor, { type: 'float32' }>;

/** Where training starts, and which initializers are trained. */
export interface Weights {
  readonly graph: Pick<Graph, 'initializers'>;
  readonly trainable: readonly string[];
}

/** The weights of a run with what the optimiser knows of each: two moments and a running mean. */
export class TrainingState {
  private readonly values = new Map<string, FloatTensor>();
  private readonly sums = new Map<string, FloatTensor>();

  /** @param saved arrays of a checkpoint; null to start at the net's weights. @throws AppError 'input/damaged' */
  constructor(
    private readonly net: Weights,
    saved: ReadonlyMap<string, Float32Array> | null,
  ) {
    for (const name of net.trainable) {
      const { dims, data } = net.graph.initializers.get(name)!;
      const start = data as Float32Array;
      const zeros = (): Float32Array => new Float32Array(start.length);
      const parts = {
        [name]: () => start,
        [momentOf(name)]: zeros,
        [varianceOf(name)]: zeros,
        [emaOf(name)]: () => start,
      };
      for (const [key, make] of Object.entries(parts)) {
        const array = saved === null ? make() : saved.get(key);
        if (array?.length !== elementCount(dims)) {
          throw new AppError('input/damaged', `the checkpoint is of another net: '${key}' does not fit`);
        }
        this.values.set(key, { type: 'float32', dims, data: array });
      }
    }
  }

  /** The number of weights that are trained. */
  get parameters(): number {
    return this.net.trainable.reduce((sum, name) => sum + this.values.get(name)!.data.length, 0);
  }

  /** A weight, a part of its state, or the sum of its gradients so far. */
  get(name: string): RuntimeTensor {
    return this.values.get(name) ?? this.sums.get(name) ?? this.noSum(name);
  }

  /** Takes what a step gives over as the state of the next; weights that it does not train stay. */
  advance(outputs: Readonly<Record<string, RuntimeTensor>>): void {
    for (const name of this.values.keys()) {
      const next = outputs[nextOf(name)];
      if (next !== undefined) this.values.set(name, next as FloatTensor);
    }
    this.sums.clear();
  }

  /** Takes the sums of gradients over and returns the batch's loss. */
  accumulate(outputs: Readonly<Record<string, RuntimeTensor>>): number {
    for (const name of this.net.trainable.map(sumOf)) this.sums.set(name, outputs[nextOf(name)] as FloatTensor);
    return Number(outputs[LOSS_OUTPUT]!.data[0]);
  }

  /** The running means, by the weights' names. */
  means(): Record<string, RuntimeTensor> {
    return Object.fromEntries(this.net.trainable.map((name) => [name, this.values.get(emaOf(name))!]));
  }

  /** A net with the running means of those of its weights that are trained. */
  trained(graph: Graph): Graph {
    const initializers = new Map<string, Tensor>(graph.initializers);
    for (const name of this.net.trainable) {
      if (initializers.has(name)) initializers.set(name, this.values.get(emaOf(name))!);
    }
    return { ...graph, initializers };
  }

  arrays(): Map<string, Float32Array> {
    return new Map([...this.values].map(([name, { data }]) => [name, data]));
  }

  private noSum(name: string): FloatTensor {
    const weight = this.net.trainable.find((candidate) => sumOf(candidate) === name)!;
    const { dims, data } = this.values.get(weight)!;
    return { type: 'float32', dims, data: new Float32Array(data.length) };
  }
}
