import { AppError } from '../errors.js';
import type { AttributeInputs, GraphBuilder, OpInputs } from '../onnx/builder.js';
import { nodeLabel, type ElementType, type Node } from '../onnx/model.js';
import type { OpName } from '../onnx/ops.js';
import type { NodeContext } from '../onnx/rules/rule.js';

/**
 * What an operator contributes to the gradient. With L the scalar that is differentiated and g = dL/dy for an output y, a
 * rule gives dL/dx for each input x, in nodes of the default ONNX domain. Shapes are fixed.
 */

/**
 * One entry an input: adds the nodes of its gradient and gives their result, in the input's shape or in one that the input
 * was broadcast to; null where the output does not change with the input, or only in steps (indices, conditions). An entry
 * is called at most once, and only if its gradient is asked for.
 */
export type GradientRule = (x: GradientContext) => readonly (null | (() => string))[];

/** What a rule sees of its node, and what it writes its gradient with. */
export class GradientContext {
  constructor(
    readonly b: GraphBuilder,
    /** The node in the graph that is differentiated; its values have other names in `b`. */
    readonly forward: NodeContext,
    private readonly nameOf: (value: string) => string,
    private readonly gradients: readonly (string | undefined)[],
  ) {}

  get node(): Node {
    return this.forward.node;
  }

  /** The element type of what is differentiated. */
  get type(): 'float32' | 'float64' {
    const type = this.b.typeOf(this.gradients.find((name) => name !== undefined)!).type;
    if (type === 'float32' || type === 'float64') return type;
    throw new AppError(
      'model/invalid',
      `${nodeLabel(this.node)}: gradients of ${type} are not supported, convert it first`,
    );
  }

  /** An input's value. */
  input(index: number): string {
    return this.nameOf(this.node.inputs[index]!);
  }

  hasInput(index: number): boolean {
    return (this.node.inputs[index] ?? '') !== '';
  }

  /** An output's value. */
  output(index = 0): string {
    return this.nameOf(this.node.outputs[index]!);
  }

  /** dL/dy of an output; undefined if L does not depend on it. */
  optionalGradient(index: number): string | undefined {
    return this.gradients[index];
  }

  /** dL/dy of an output. Rules of nodes with one output are only called if there is one. */
  gradient(index = 0): string {
    const found = this.gradients[index];
    if (found === undefined) throw this.unsupported(`the gradient needs its output ${index}`);
    return found;
  }

  inputDims(index: number): readonly number[] {
    return this.forward.input(index).dims;
  }

  dims(value: string): readonly number[] {
    return this.b.typeOf(value).dims;
  }

  /** Refuses what the gradient cannot be written for. */
  unsupported(message: string): AppError {
    return new AppError('model/unsupported-op', `${nodeLabel(this.node)}: ${message}`);
  }

  op(op: OpName, inputs: OpInputs, attributes: AttributeInputs = {}): string {
    return this.b.op(
      op,
      inputs,
      attributes,
      `grad/${(this.node.name || this.node.op).replace(/^\/+/, '')}/${op.toLowerCase()}`,
    );
  }

  scalar(value: number): string {
    return this.b.scalar(value, this.type);
  }

  add = (a: string, b: string): string => this.op('Add', [a, b]);
  sub = (a: string, b: string): string => this.op('Sub', [a, b]);
  mul = (a: string, b: string): string => this.op('Mul', [a, b]);
  div = (a: string, b: string): string => this.op('Div', [a, b]);
  neg = (a: string): string => this.op('Neg', [a]);

  /** A value times a number. */
  times(value: string, factor: number): string {
    return factor === 1 ? value : this.mul(value, this.scalar(factor));
  }

  reshape(value: string, dims: readonly number[]): string {
    const now = this.dims(value);
    if (now.length === dims.length && now.every((size, axis) => size === dims[axis])) return value;
    return this.op('Reshape', [value, this.b.ints(dims)]);
  }

  transpose(value: string, perm: readonly number[]): string {
    return perm.every((axis, index) => axis === index) ? value : this.op('Transpose', [value], { perm });
  }

  expand(value: string, dims: readonly number[]): string {
    return this.op('Expand', [value, this.b.ints(dims)]);
  }

  sum(value: string, axes: readonly number[], keepdims: boolean): string {
    return axes.length === 0 ? value : this.op('ReduceSum', [value, this.b.ints(axes)], { keepdims: Number(keepdims) });
  }

  mean(value: string, axes: readonly number[]): string {
    return axes.length === 0 ? value : this.op('ReduceMean', [value], { axes, keepdims: 1 });
  }

  /** A part of one axis; a step of -1 turns it round (`start` the last, `end` before the first). */
  slice(value: string, axis: number, start: number, end: number, step = 1): string {
    if (step === 1 && start === 0 && end >= this.dims(value)[axis]!) return value;
    const { b } = this;
    return this.op('Slice', [value, b.ints([start]), b.ints([end]), b.ints([axis]), b.ints([step])]);
  }

  /** An axis the other way round. */
  flip(value: string, axis: number): string {
    return this.slice(value, axis, -1, -(2 ** 31), -1);
  }

  /** Zeros before and after an axis; negative numbers cut off. */
  pad(value: string, axis: number, before: number, after: number): string {
    if (before === 0 && after === 0) return value;
    const rank = this.dims(value).length;
    const pads = new Array<number>(2 * rank).fill(0);
    pads[axis] = before;
    pads[rank + axis] = after;
    return this.op('Pad', [value, this.b.ints(pads)]);
  }

  /** `yes` where a condition holds, else `no`. */
  where(condition: string, yes: string, no: string): string {
    return this.op('Where', [condition, yes, no]);
  }

  /** 1 where a condition holds, else 0. */
  mask(condition: string): string {
    return this.where(condition, this.scalar(1), this.scalar(0));
  }
}

/** Sums a gradient over the axes along which its value was broadcast. */
export function unbroadcast(b: GraphBuilder, gradient: string, dims: readonly number[]): string {
  const from = b.typeOf(gradient).dims;
  const extra = from.length - dims.length;
  const axes = [...from.keys()].filter((axis) => axis < extra || (dims[axis - extra] === 1 && from[axis] !== 1));
  const summed =
    axes.length === 0 ? gradient : b.op('ReduceSum', [gradient, b.ints(axes)], { keepdims: 1 }, 'grad/sum');
  return extra === 0 ? summed : b.op('Reshape', [summed, b.ints(dims)], {}, 'grad/reshape');
}

/** Whether gradients can flow through values of a type. */
export const isDifferentiable = (type: ElementType): boolean => type === 'float32' || type === 'float64';
