import { addBackward } from '../../main/core/autodiff/gradient.js';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import type { Graph, Tensor } from '../../main/core/onnx/model.js';
import { elementCount, float32Tensor, toNumbers } from '../../main/core/onnx/tensor.js';
import { randomStream, runGraph } from './onnx-runtime.js';

/** Holds derived gradients against finite differences of the graph itself, both on the real runtime. */

export interface GradientError {
  readonly name: string;
  /** Of the derivative along a random direction, relative to what such a direction gives on average. */
  readonly error: number;
}

/** Half the distance of the two points of a difference. The truncation error is its square, rounding 1e-7 over it. */
const STEP = 1e-2;

/** Numbers in [-1, 1] but not within 0.1 of 0, so that a difference does not straddle the kink of a Relu. */
export function awayFromZero(dims: readonly number[], seed: number): Tensor {
  const random = randomStream(seed);
  const values = Array.from({ length: elementCount(dims) }, () => (random() < 0.5 ? -1 : 1) * (0.1 + 0.9 * random()));
  return float32Tensor(dims, values);
}

/** Numbers in [low, high]. */
export function between(low: number, high: number, dims: readonly number[], seed: number): Tensor {
  const random = randomStream(seed);
  return float32Tensor(
    dims,
    Array.from({ length: elementCount(dims) }, () => low + (high - low) * random()),
  );
}

/** The graph with its gradients: outputs `d/NAME` for each input or initializer wanted, for random dL/dy. */
export function gradientGraph(graph: Graph, wanted: readonly string[], seed = 7): Graph {
  const b = new GraphBuilder();
  const inputs = graph.inputs.map(({ name, type, dims }) => [name, b.input(name, type, dims)] as const);
  const values = b.inlineAll(graph, 'net', Object.fromEntries(inputs));
  const seeds = graph.outputs.map(({ name }, index) => {
    const weights = awayFromZero(b.typeOf(values.get(name)!).dims, seed + index);
    return [name, b.initializer(`seed_${name}`, weights)] as const;
  });
  const gradients = addBackward(b, graph, values, { seeds: new Map(seeds), wanted });
  return b.build(Object.fromEntries([...gradients].map(([name, value]) => [`d/${name}`, value])), 'gradients');
}

/** The error of the gradient by each of some inputs, at the point that `feeds` gives. */
export async function gradientErrors(
  graph: Graph,
  feeds: Record<string, Tensor>,
  wanted: readonly string[] = Object.keys(feeds),
  step = STEP,
): Promise<GradientError[]> {
  const seed = 7;
  const gradients = await runGraph(gradientGraph(graph, wanted, seed), feeds);
  const errors: GradientError[] = [];
  for (const [index, name] of wanted.entries()) {
    const at = feeds[name]!;
    const gradient = gradients.get(`d/${name}`);
    if (gradient?.dims.join() !== at.dims.join())
      throw new Error(`${name}: ${gradient?.dims.join('x') ?? 'no gradient'}`);
    const direction = toNumbers(awayFromZero(at.dims, 100 + index));
    const loss = async (distance: number): Promise<number> => {
      const moved = toNumbers(at).map((value, i) => value + distance * direction[i]!);
      const outputs = await runGraph(graph, { ...feeds, [name]: float32Tensor(at.dims, moved) });
      return graph.outputs.reduce((sum, output, k) => {
        const weights = toNumbers(awayFromZero(outputs.get(output.name)!.dims, seed + k));
        return sum + dot(toNumbers(outputs.get(output.name)!), weights);
      }, 0);
    };
    const difference = ((await loss(step)) - (await loss(-step))) / (2 * step);
    const derived = dot(toNumbers(gradient), direction);
    const norm = Math.sqrt(dot(toNumbers(gradient), toNumbers(gradient)));
    errors.push({ name, error: Math.abs(difference - derived) / Math.max(norm * 0.6, 1e-3) });
  }
  return errors;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
