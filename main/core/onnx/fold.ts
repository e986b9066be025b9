import { intsAttr, tensorAttr, type Tensor, type ValueType } from './model.js';
import type { OpName } from './ops.js';
import type { NodeContext } from './rules/rule.js';
import { shapeRange, sliceRanges } from './rules/select.js';
import { elementCount, isFloatType, toNumbers } from './tensor.js';

/** Constants with more elements than this are weights: nothing computes a shape from them. */
const MAX_FOLDED_ELEMENTS = 4096;

/** Computes a node's output from known inputs; `type` is the output's. */
type FoldRule = (context: NodeContext, inputs: readonly (readonly number[])[], type: ValueType) => readonly number[];

/** Element by element, for shapes that are equal or where one side is a single number. */
function pairwise(operation: (a: number, b: number) => number): FoldRule {
  return (_context, [a = [], b = []], type) => {
    const length = Math.max(a.length, b.length);
    return Array.from({ length }, (_, i) => {
      const value = operation(a[a.length === 1 ? 0 : i]!, b[b.length === 1 ? 0 : i]!);
      return isFloatType(type.type) ? value : Math.trunc(value);
    });
  };
}

const same: FoldRule = (_context, [values = []]) => values;

/** Elements from one axis position to the next. */
function stridesOf(dims: readonly number[]): number[] {
  return dims.map((_, axis) => elementCount(dims.slice(axis + 1)));
}

/** Elements in the order of a shape, found in `values` from `first` on by so many steps along each axis. */
function pick(values: readonly number[], dims: readonly number[], strides: readonly number[], first = 0): number[] {
  const own = stridesOf(dims);
  return Array.from({ length: elementCount(dims) }, (_, index) => {
    const at = own.reduce((sum, size, axis) => sum + (Math.floor(index / size) % dims[axis]!) * strides[axis]!, first);
    return values[at]!;
  });
}

/** The arithmetic that exporters do on shapes. All else counts as unknown. */
const FOLD_RULES: { readonly [P in OpName]?: FoldRule } = {
  Add: pairwise((a, b) => a + b),
  Sub: pairwise((a, b) => a - b),
  Mul: pairwise((a, b) => a * b),
  Div: pairwise((a, b) => a / b),
  Min: pairwise(Math.min),
  Max: pairwise(Math.max),
  Equal: pairwise((a, b) => Number(a === b)),
  Identity: same,
  Reshape: same,
  Squeeze: same,
  Unsqueeze: same,
  Cast: (_context, [values = []], { type }) => (isFloatType(type) ? values : values.map(Math.trunc)),
  Floor: (_context, [values = []]) => values.map(Math.floor),
  Neg: (_context, [values = []]) => values.map((value) => -value),
  Shape: (context) => context.input(0).dims.slice(...shapeRange(context)),
  Concat: (_context, inputs) => inputs.flat(),
  Expand: (context, [values = []], { dims }) => {
    const from = context.input(0).dims;
    const strides = stridesOf(from).map((stride, axis) => (from[axis] === 1 ? 0 : stride));
    return pick(values, dims, [...new Array<number>(dims.length - from.length).fill(0), ...strides]);
  },
  Where: (_context, [condition = [], yes = [], no = []]) =>
    condition.map((flag, i) => (flag ? yes[yes.length === 1 ? 0 : i]! : no[no.length === 1 ? 0 : i]!)),
  Gather: (_context, [data = [], indices = []]) => indices.flatMap((i) => data[i < 0 ? i + data.length : i] ?? []),
  Slice: (context, [values = []], { dims }) => {
    const strides = stridesOf(context.input(0).dims);
    let first = 0;
    for (const { axis, start, step } of sliceRanges(context)) {
      first += start * strides[axis]!;
      strides[axis]! *= step;
    }
    return pick(values, dims, strides, first);
  },
  Transpose: (context, [values = []], { dims }) => {
    const strides = stridesOf(context.input(0).dims);
    const perm = intsAttr(context.node, 'perm', [...strides.keys()].reverse());
    return pick(
      values,
      dims,
      perm.map((axis) => strides[axis]!),
    );
  },
};

/** Follows the small constants of a graph, so that rules can read shapes, axes and pads that were computed. */
export class ConstantFolder {
  private readonly known = new Map<string, readonly number[] | undefined>();

  constructor(private readonly initializers: ReadonlyMap<string, Tensor>) {}

  /** The elements of a constant, or undefined. */
  readonly lookup = (name: string): readonly number[] | undefined => {
    if (!this.known.has(name)) {
      const initializer = this.initializers.get(name);
      const small = initializer && initializer.data.length <= MAX_FOLDED_ELEMENTS;
      this.known.set(name, small && initializer.type !== 'float16' ? toNumbers(initializer) : undefined);
    }
    return this.known.get(name);
  };

  /** Records what a node computes, if its inputs are known; to be called in topological order. */
  visit(context: NodeContext, outputs: readonly ValueType[]): void {
    const { node } = context;
    const [name, type] = [node.outputs[0], outputs[0]];
    if (name === undefined || type === undefined || elementCount(type.dims) > MAX_FOLDED_ELEMENTS) return;
    const values = this.evaluate(context, type);
    // An index out of range leaves the list too short: the value stays unknown, and the runtime will refuse it.
    if (values?.length === elementCount(type.dims)) this.known.set(name, values);
  }

  private evaluate(context: NodeContext, type: ValueType): readonly number[] | undefined {
    const { node } = context;
    if (node.op === 'Constant') {
      const value = tensorAttr(node, 'value');
      return value.type === 'float16' ? undefined : toNumbers(value);
    }
    const rule = FOLD_RULES[node.op as OpName];
    if (rule === undefined || !isFlat(context)) return undefined;
    const inputs = node.op === 'Shape' ? [] : node.inputs.map((input) => (input === '' ? [] : this.lookup(input)));
    return inputs.every((values) => values !== undefined) ? rule(context, inputs, type) : undefined;
  }
}

const ANY_RANK: ReadonlySet<string> = new Set([
  'Cast',
  'Expand',
  'Identity',
  'Neg',
  'Reshape',
  'Shape',
  'Slice',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

/** Ops that move elements fold at any rank; the rest only on scalars and vectors, where shapes live. */
function isFlat(context: NodeContext): boolean {
  return (
    ANY_RANK.has(context.node.op) || context.node.inputs.every((_, i) => (context.optional(i)?.dims.length ?? 0) <= 1)
  );
}
