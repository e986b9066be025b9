import { AppError } from '../../errors.js';
import { nodeLabel, type Node, type ValueType } from '../model.js';
import { formatDims } from '../tensor.js';

/** The known values of small constant tensors, by value name; undefined for what only a run can tell. */
export type ConstantLookup = (name: string) => readonly number[] | undefined;

/** What a rule sees of its node: the types of its inputs and, where they are constant, their values. */
export class NodeContext {
  constructor(
    readonly node: Node,
    private readonly types: ReadonlyMap<string, ValueType>,
    private readonly constants: ConstantLookup,
  ) {}

  /** The type of an input; AppError 'model/invalid' if it is missing. */
  input(index: number): ValueType {
    const found = this.optional(index);
    if (found === undefined) throw this.invalid(`input ${index} is missing`);
    return found;
  }

  /** The type of an input, or undefined if it is omitted. */
  optional(index: number): ValueType | undefined {
    const name = this.node.inputs[index];
    return name === undefined || name === '' ? undefined : this.types.get(name);
  }

  /** The types of all inputs, none of which may be omitted. */
  inputs(): ValueType[] {
    return this.node.inputs.map((_, index) => this.input(index));
  }

  /** The values of a constant input; AppError 'model/shape' says that `what` was needed and is not constant. */
  values(index: number, what: string): readonly number[] {
    const name = this.node.inputs[index] ?? '';
    const found = this.constants(name);
    if (found === undefined) throw this.shape(`${what} ('${name}') must be constant to know the output's shape`);
    return found;
  }

  /** As `values`, but undefined for an omitted input. */
  optionalValues(index: number, what: string): readonly number[] | undefined {
    return this.optional(index) === undefined ? undefined : this.values(index, what);
  }

  /** An axis counted from the front; AppError 'model/shape' if the rank has no such axis. */
  axis(axis: number, rank: number): number {
    if (axis < -rank || axis >= rank || !Number.isInteger(axis)) {
      throw this.shape(`axis ${axis} is out of range for ${rank} dimensions`);
    }
    return axis < 0 ? axis + rank : axis;
  }

  /** Axes counted from the front, each at most once. */
  axes(axes: readonly number[], rank: number): number[] {
    const found = axes.map((axis) => this.axis(axis, rank));
    if (new Set(found).size !== found.length) throw this.shape(`axes ${axes.join(', ')} name one axis twice`);
    return found;
  }

  /** AppError 'model/shape' unless the input has the rank. */
  requireRank(index: number, rank: number): ValueType {
    const type = this.input(index);
    if (type.dims.length !== rank) {
      throw this.shape(`input ${index} is ${formatDims(type.dims)}, but must have ${rank} dimensions`);
    }
    return type;
  }

  /** The type that all the given inputs share; AppError 'model/shape' if they differ. */
  commonType(...indices: number[]): ValueType['type'] {
    const [first, ...rest] = indices.flatMap((index) => this.optional(index)?.type ?? []);
    const other = rest.find((type) => type !== first);
    if (first === undefined) throw this.invalid('it has no inputs');
    if (other !== undefined) throw this.shape(`inputs must have one element type, not ${first} and ${other}`);
    return first;
  }

  invalid(message: string): AppError {
    return new AppError('model/invalid', `${nodeLabel(this.node)}: ${message}`);
  }

  shape(message: string): AppError {
    return new AppError('model/shape', `${nodeLabel(this.node)}: ${message}`);
  }

  unsupported(message: string): AppError {
    return new AppError('model/unsupported-op', `${nodeLabel(this.node)}: ${message}`);
  }
}

/** Derives the types of a node's outputs, in order; optional outputs that the node omits may be included. */
export type ShapeRule = (context: NodeContext) => ValueType[];

/** The shape of two or more shapes broadcast together; AppError 'model/shape' if they do not fit. */
export function broadcast(context: NodeContext, shapes: readonly (readonly number[])[]): number[] {
  return shapes.reduce<number[]>((a, b) => {
    const rank = Math.max(a.length, b.length);
    return Array.from({ length: rank }, (_, i) => {
      const x = a[i - rank + a.length] ?? 1;
      const y = b[i - rank + b.length] ?? 1;
      if (x !== y && x !== 1 && y !== 1) {
        throw context.shape(`${formatDims(a)} and ${formatDims(b)} do not broadcast`);
      }
      return x === 1 ? y : x;
    });
  }, []);
}
