import { addBackward } from '../autodiff/gradient.js';
import { isDifferentiable } from '../autodiff/rule.js';
import { AppError } from '../errors.js';
import { GraphBuilder } from '../onnx/builder.js';
import type { Graph, Tensor } from '../onnx/model.js';

/**
 * One step of training as one graph: forward, loss, gradient and optimiser, so that a step is one run of an ordinary
 * inference session. Weights and the optimiser's state go in and come out; what is frozen stays inside.
 */

export interface AdamWOptions {
  /** Decay rates of the means of gradients and of their squares. */
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  /** Share of a weight that a step takes off, times the learning rate. */
  readonly weightDecay: number;
}

export interface StepOptions {
  /** The graph's output to make small: a float32 scalar. */
  readonly loss: string;
  /** Initializers to train; all others are frozen. */
  readonly trainable: readonly string[];
  readonly adamW: AdamWOptions;
  /** Gradients whose norm, over all weights, is larger are scaled down to it; null: never. */
  readonly clipNorm: number | null;
  /** Most that a running mean of the weights keeps of itself in a step; null: none is kept. */
  readonly emaDecay: number | null;
  /** Initializers that steps of another graph train (the other of two players): they become inputs, too. */
  readonly shared?: readonly string[];
  /**
   * Batches whose gradients are averaged to one step, so that a large batch needs the memory of a small one: all but the
   * last run through `accumulationGraph`. Default 1.
   */
  readonly accumulate?: number;
  /** A further term to make small, its gradient scaled by what the loss weighs at a value that both depend on. */
  readonly balanced?: BalancedTerm;
}

/**
 * A term that is weighed anew in each step, so that at the net's last weights the norm of its gradient is a set share of
 * another's: lambda = share |d against / d by| / |d term / d by| (Esser et al. 2021, arXiv:2012.09841, equation 7).
 */
export interface BalancedTerm {
  /** Outputs, float32 scalars... */
  readonly term: string;
  readonly against: string;
  /** ...the output of the net that both look at... */
  readonly at: string;
  /** ...and the weights, the last in front of it as a rule, by which their gradients are compared. */
  readonly by: string;
  /** An input, a float32 scalar. */
  readonly share: string;
}

/** The weight that a balanced term got in a step. */
export const BALANCE_OUTPUT = 'balance';
/** Keeps the quotient of norms finite where a term's gradient vanishes. */
const LEAST_NORM = 1e-12;

export const DEFAULT_ADAMW: AdamWOptions = { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.01 };

/** What a step needs besides the batch, all scalars; see `stepScalars`. */
export const STEP_SCALARS = ['learning_rate', 'correction_1', 'correction_2'] as const;
/** One more, where a running mean is kept. */
export const EMA_DECAY = 'ema_decay';

/** The state that a weight has besides itself. */
export const momentOf = (weight: string): string => `m/${weight}`;
export const varianceOf = (weight: string): string => `v/${weight}`;
export const emaOf = (weight: string): string => `ema/${weight}`;
/** The sum of gradients over the batches before the last; it starts as zeros. */
export const sumOf = (weight: string): string => `sum/${weight}`;
/** The output that takes an input's place in the next step. */
export const nextOf = (state: string): string => `next/${state}`;

export const GRADIENT_NORM = 'gradient_norm';

/** The scalars of a step: Adam's means start at 0, which the corrections make up for; `step` counts from 1. */
export function stepScalars(step: number, learningRate: number, [beta1, beta2]: AdamWOptions['betas']) {
  return { learning_rate: learningRate, correction_1: 1 - beta1 ** step, correction_2: 1 - beta2 ** step };
}

/** How much the running mean keeps of itself in a step: less at first, when it is of weights that are soon far away. */
export const emaDecayAt = (step: number, most: number): number => Math.min(most, (1 + step) / (10 + step));

/**
 * The graph of a step. Inputs: those of `graph`, each trainable weight under its name with its `m/`, `v/` (and `ema/`)
 * state, and the scalars of `STEP_SCALARS`. Outputs: those of `graph`, `gradient_norm` before clipping, and `next/...` for
 * each weight and state.
 * @throws AppError 'model/invalid' for a weight that is none, or that the loss does not depend on; errors of `addBackward`
 */
export function stepGraph(graph: Graph, options: StepOptions): Graph {
  const { trainable, adamW, clipNorm, emaDecay, accumulate = 1 } = options;
  const { b, values, gradients: ofBatch, balance } = withGradients(graph, options);
  const scalars = Object.fromEntries(STEP_SCALARS.map((name) => [name, b.input(name, 'float32', [])]));
  const gradients = new Map(
    [...ofBatch].map(([name, gradient]) => {
      if (accumulate === 1) return [name, gradient];
      return [name, b.op('Mul', [addedToSum(b, graph, name, gradient), b.scalar(1 / accumulate)])];
    }),
  );
  const emaDecayInput = emaDecay === null ? null : b.input(EMA_DECAY, 'float32', []);
  const norm = globalNorm(b, [...gradients.values()]);
  const scale = clipNorm === null ? null : clipScale(b, norm, clipNorm);
  const outputs = new Map(graph.outputs.map(({ name }) => [name, values.get(name)!]));
  outputs.set(GRADIENT_NORM, norm);
  if (balance !== null) outputs.set(BALANCE_OUTPUT, balance);
  for (const name of trainable) {
    const { dims } = graph.initializers.get(name)!;
    const gradient = gradients.get(name)!;
    const state = {
      weight: values.get(name)!,
      m: b.input(momentOf(name), 'float32', dims),
      v: b.input(varianceOf(name), 'float32', dims),
      gradient: scale === null ? gradient : b.op('Mul', [gradient, scale]),
    };
    const next = addAdamW(b, state, scalars as Record<(typeof STEP_SCALARS)[number], string>, adamW);
    outputs.set(nextOf(name), next.weight);
    outputs.set(nextOf(momentOf(name)), next.m);
    outputs.set(nextOf(varianceOf(name)), next.v);
    if (emaDecayInput === null) continue;
    const ema = b.input(emaOf(name), 'float32', dims);
    outputs.set(nextOf(emaOf(name)), towards(b, ema, next.weight, emaDecayInput));
  }
  return b.build(Object.fromEntries(outputs), `${graph.name} step`);
}

/**
 * The graph of a batch that only adds to the sums of gradients. Inputs: those of `graph`, each trainable weight and its
 * `sum/` state; outputs: those of `graph` and `next/sum/...`. Errors as `stepGraph`.
 */
export function accumulationGraph(graph: Graph, options: StepOptions): Graph {
  const { b, values, gradients } = withGradients(graph, options);
  const outputs = new Map(graph.outputs.map(({ name }) => [name, values.get(name)!]));
  for (const [name, gradient] of gradients) outputs.set(nextOf(sumOf(name)), addedToSum(b, graph, name, gradient));
  return b.build(Object.fromEntries(outputs), `${graph.name} gradient sums`);
}

/** Forward and backward: the graph with its weights as inputs, and the gradient of each. */
function withGradients(graph: Graph, { loss, trainable, shared = [], balanced }: StepOptions) {
  const open = weightsAsInputs(graph, [...trainable, ...shared]);
  const b = new GraphBuilder();
  const inputs = open.inputs.map(({ name, type, dims }) => [name, b.input(name, type, dims)] as const);
  const values = b.inlineAll(open, 'net', Object.fromEntries(inputs));
  const seeds = new Map([[loss, b.scalar(1)]]);
  const balance = balanced === undefined ? null : addBalanced(b, open, values, balanced, seeds);
  const gradients = addBackward(b, open, values, { seeds, wanted: trainable });
  const idle = trainable.find((name) => !gradients.has(name));
  if (idle !== undefined) throw new AppError('model/invalid', `the loss does not depend on the weight '${idle}'`);
  return { b, values, gradients, balance };
}

/** Seeds the backward pass with the balanced term's gradient where it enters the net; gives its weight. */
function addBalanced(
  b: GraphBuilder,
  graph: Graph,
  values: ReadonlyMap<string, string>,
  { term, against, at, by, share }: BalancedTerm,
  seeds: Map<string, string>,
): string {
  const gradientOf = (seed: ReadonlyMap<string, string>, wanted: string): string => {
    const gradient = addBackward(b, graph, values, { seeds: seed, wanted: [wanted] }).get(wanted);
    if (gradient !== undefined) return gradient;
    throw new AppError(
      'model/invalid',
      `'${[...seed.keys()].join()}' does not depend on '${wanted}': nothing balances`,
    );
  };
  const atOutput = (output: string): string => gradientOf(new Map([[output, b.scalar(1)]]), at);
  const normBy = (gradient: string): string => globalNorm(b, [gradientOf(new Map([[at, gradient]]), by)]);
  const gradient = atOutput(term);
  const ratio = b.op('Div', [normBy(atOutput(against)), b.op('Max', [normBy(gradient), b.scalar(LEAST_NORM)])]);
  const weight = b.op('Mul', [values.get(share)!, ratio], {}, 'balance');
  seeds.set(at, b.op('Mul', [gradient, weight]));
  return weight;
}

function addedToSum(b: GraphBuilder, graph: Graph, name: string, gradient: string): string {
  return b.op('Add', [b.input(sumOf(name), 'float32', graph.initializers.get(name)!.dims), gradient]);
}

/** The graph with some of its weights as inputs. @throws AppError 'model/invalid' for what is no float32 weight */
export function weightsAsInputs(graph: Graph, names: readonly string[]): Graph {
  const weights = names.map((name) => [name, weightOf(graph, name)] as const);
  const initializers = new Map(graph.initializers);
  for (const name of names) initializers.delete(name);
  const inputs = weights.map(([name, { type, dims }]) => ({ name, type, dims }));
  return { ...graph, inputs: [...graph.inputs, ...inputs], initializers };
}

function weightOf(graph: Graph, name: string): Tensor {
  const weight = graph.initializers.get(name);
  if (weight === undefined) throw new AppError('model/invalid', `the graph has no weight '${name}'`);
  if (!isDifferentiable(weight.type))
    throw new AppError('model/invalid', `'${name}' is ${weight.type}: it cannot be trained`);
  return weight;
}

interface AdamWState {
  readonly weight: string;
  readonly m: string;
  readonly v: string;
  readonly gradient: string;
}

/**
 * AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2), in the order of PyTorch's:
 * w <- w - lr decay w; m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; w <- w - lr (m / c1) / (sqrt(v / c2) + epsilon)
 */
function addAdamW(
  b: GraphBuilder,
  { weight, m, v, gradient }: AdamWState,
  scalars: Readonly<Record<(typeof STEP_SCALARS)[number], string>>,
  { betas: [beta1, beta2], epsilon, weightDecay }: AdamWOptions,
): Pick<AdamWState, 'weight' | 'm' | 'v'> {
  const nextM = blend(b, m, gradient, beta1);
  const nextV = blend(b, v, b.op('Mul', [gradient, gradient]), beta2);
  const decay = b.op('Mul', [scalars.learning_rate, b.scalar(weightDecay)]);
  const decayed = b.op('Mul', [weight, b.op('Sub', [b.scalar(1), decay])]);
  const deviation = b.op('Add', [
    b.op('Div', [b.op('Sqrt', [nextV]), b.op('Sqrt', [scalars.correction_2])]),
    b.scalar(epsilon),
  ]);
  const rate = b.op('Div', [scalars.learning_rate, scalars.correction_1]);
  const change = b.op('Mul', [rate, b.op('Div', [nextM, deviation])]);
  return { weight: b.op('Sub', [decayed, change]), m: nextM, v: nextV };
}

/** decay old + (1 - decay) new */
function blend(b: GraphBuilder, old: string, next: string, decay: number): string {
  return b.op('Add', [b.op('Mul', [old, b.scalar(decay)]), b.op('Mul', [next, b.scalar(1 - decay)])]);
}

/** new + decay (old - new) */
function towards(b: GraphBuilder, old: string, next: string, decay: string): string {
  return b.op('Add', [next, b.op('Mul', [decay, b.op('Sub', [old, next])])]);
}

/** The root of the sum of squares over all gradients. */
function globalNorm(b: GraphBuilder, gradients: readonly string[]): string {
  const squares = gradients.map((name) => b.op('ReduceSum', [b.op('Mul', [name, name])], { keepdims: 0 }));
  return b.op('Sqrt', [squares.reduce((sum, square) => b.op('Add', [sum, square]))], {}, 'norm');
}

/** min(1, most / norm), as PyTorch's clip_grad_norm_ */
function clipScale(b: GraphBuilder, norm: string, most: number): string {
  const ratio = b.op('Div', [b.scalar(most), b.op('Add', [norm, b.scalar(1e-6)])]);
  return b.op('Min', [ratio, b.scalar(1)], {}, 'clip_scale');
}
