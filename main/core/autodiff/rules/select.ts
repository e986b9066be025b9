import { intAttr, stringAttr } from '../../onnx/model.js';
import { padsOf, sliceRanges, splitAxis, splitSizes, type SliceRange } from '../../onnx/rules/select.js';
import { elementCount, tensor } from '../../onnx/tensor.js';
import type { GradientContext, GradientRule } from '../rule.js';

/** Gradients of taking parts and of joining them; g = dL/dy. */

/** y = inputs side by side: to each its part of g */
export const concat: GradientRule = (x) => {
  const rank = x.inputDims(0).length;
  const axis = x.forward.axis(intAttr(x.node, 'axis'), rank);
  let end = 0;
  return x.node.inputs.map((_, index) => {
    const start = end;
    end = start + x.inputDims(index)[axis]!;
    const last = end;
    return () => x.slice(x.gradient(), axis, start, last);
  });
};

/** Outputs are parts of x: their gradients side by side, zeros for parts that nothing depends on */
export const split: GradientRule = (x) => [
  () => {
    const axis = splitAxis(x.forward);
    const parts = splitSizes(x.forward).map((size, index) => {
      return x.optionalGradient(index) ?? zeros(x, x.inputDims(0).with(axis, size));
    });
    return parts.length === 1 ? parts[0]! : x.op('Concat', parts, { axis });
  },
  null,
];

function zeros(x: GradientContext, dims: readonly number[]): string {
  return x.expand(x.scalar(0), dims);
}

/** y = some positions of x: g at those, zeros elsewhere */
export const slice: GradientRule = (x) => [
  () => {
    // Axis by axis, the last first: each grows back to what the Slice saw before it.
    return sliceRanges(x.forward).reduceRight(
      (g, range) => place(x, g, range, x.inputDims(0)[range.axis]!),
      x.gradient(),
    );
  },
  null,
  null,
  null,
  null,
];

/** Puts the entries of an axis at the positions of a range among zeros. */
export function place(x: GradientContext, value: string, range: SliceRange, size: number): string {
  const { axis, count } = range;
  if (count === 0) return zeros(x, x.dims(value).with(axis, size));
  const turned = range.step < 0 ? x.flip(value, axis) : value;
  const step = Math.abs(range.step);
  const start = range.step < 0 ? range.start - (count - 1) * step : range.start;
  if (step === 1) return x.pad(turned, axis, start, size - start - count);
  // [a b c] -> [a 0 b 0 c 0]: zeros in an axis of their own, then both as one.
  const dims = x.dims(turned);
  const apart = x.pad(x.reshape(turned, dims.toSpliced(axis + 1, 0, 1)), axis + 1, 0, step - 1);
  const spread = x.reshape(apart, dims.with(axis, count * step));
  return x.pad(spread, axis, start, size - start - count * step);
}

/** y = entries of x by index: dx at j is the sum of g where the index is j, as a product with ones and zeros */
export const gather: GradientRule = (x) => [
  () => {
    const dims = x.inputDims(0);
    const axis = x.forward.axis(intAttr(x.node, 'axis', 0), dims.length);
    const size = dims[axis]!;
    const count = elementCount(x.inputDims(1));
    const positions = x.b.constant(
      tensor(
        'int64',
        [size, 1],
        BigInt64Array.from({ length: size }, (_, i) => BigInt(i)),
      ),
    );
    const flat = x.reshape(x.b.cast(x.input(1), 'int64'), [1, count]);
    // Indices count from the end when they are negative.
    const wrapped = x.where(x.op('Less', [flat, x.b.scalar(0, 'int64')]), x.add(flat, x.b.scalar(size, 'int64')), flat);
    const chosen = x.mask(x.op('Equal', [positions, wrapped]));
    return alongAxis(x, chosen, x.reshape(x.gradient(), dims.with(axis, count)), axis);
  },
  null,
];

/** Multiplies an axis by a matrix: y[.., i, ..] = sum over j of matrix[i, j] value[.., j, ..]. */
export function alongAxis(x: GradientContext, matrix: string, value: string, axis: number): string {
  const dims = x.dims(value);
  const before = elementCount(dims.slice(0, axis));
  const after = elementCount(dims.slice(axis + 1));
  const folded = x.reshape(value, [before, dims[axis]!, after]);
  return x.reshape(x.op('MatMul', [matrix, folded]), dims.with(axis, x.dims(matrix)[0]!));
}

/** y = x with more around it: the part of g that is x; what was repeated at the edges is added to where it came from */
export const pad: GradientRule = (x) => {
  const { begin, end } = padsOf(x.forward);
  const mode = stringAttr(x.node, 'mode', 'constant');
  const dims = x.inputDims(0);
  const gradient = (): string =>
    dims.reduce((g, size, axis) => {
      const [before, after] = [begin[axis]!, end[axis]!];
      if (mode === 'constant') return x.pad(g, axis, -before, -after);
      if (before === 0 && after === 0) return g;
      return alongAxis(x, originMatrix(x, mode, size, before, after), g, axis);
    }, x.gradient());
  // The value that is put around may be learnt in principle; nobody does.
  return [gradient, null, null, null];
};

/** [size, padded] ones where a padded position repeats one of the input. */
function originMatrix(x: GradientContext, mode: string, size: number, before: number, after: number): string {
  const padded = size + before + after;
  const data = new Float64Array(size * padded);
  for (let at = 0; at < padded; at++) data[origin(mode, at - before, size) * padded + at] = 1;
  const values = x.type === 'float64' ? data : Float32Array.from(data);
  return x.b.constant(tensor(x.type, [size, padded], values as Float32Array & Float64Array), 'origins');
}

function origin(mode: string, at: number, size: number): number {
  if (mode === 'edge') return Math.min(size - 1, Math.max(0, at));
  if (mode === 'wrap') return ((at % size) + size) % size;
  const period = Math.max(1, 2 * size - 2);
  const folded = ((at % period) + period) % period;
  return folded < size ? folded : period - folded;
}
