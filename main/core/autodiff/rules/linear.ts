import { floatAttr, intAttr } from '../../onnx/model.js';
import type { GradientContext, GradientRule } from '../rule.js';

/** Gradients of matrix products; g = dL/dy. */

/** The last two axes swapped. */
export function transposed(x: GradientContext, value: string): string {
  const rank = x.dims(value).length;
  const perm = [...Array(rank).keys()];
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  return x.transpose(value, perm);
}

/** Y = A B: dA = G B', dB = A' G; batch axes are broadcast. A vector counts as a matrix of one row or column. */
export const matMul: GradientRule = (x) => {
  const [aDims, bDims] = [x.inputDims(0), x.inputDims(1)];
  const a = (): string => (aDims.length === 1 ? x.reshape(x.input(0), [1, ...aDims]) : x.input(0));
  const b = (): string => (bDims.length === 1 ? x.reshape(x.input(1), [...bDims, 1]) : x.input(1));
  const g = (): string => {
    const dims = [...x.dims(x.gradient())];
    if (bDims.length === 1) dims.push(1);
    if (aDims.length === 1) dims.splice(dims.length - 1, 0, 1);
    return x.reshape(x.gradient(), dims);
  };
  return [
    () => asVector(x, x.op('MatMul', [g(), transposed(x, b())]), aDims, 'row'),
    () => asVector(x, x.op('MatMul', [transposed(x, a()), g()]), bDims, 'column'),
  ];
};

/** Takes the axis away that a vector was given; batch axes stay for the walk to sum. */
function asVector(x: GradientContext, value: string, dims: readonly number[], kind: 'row' | 'column'): string {
  if (dims.length !== 1) return value;
  const all = [...x.dims(value)];
  all.splice(kind === 'row' ? all.length - 2 : all.length - 1, 1);
  return x.reshape(value, all);
}

/** Y = alpha A B + beta C, A and B as they are or transposed: dA = alpha G B', dB = alpha A' G, dC = beta G */
export const gemm: GradientRule = (x) => {
  const flag = (name: string): boolean => intAttr(x.node, name, 0) !== 0;
  const [transA, transB] = [flag('transA'), flag('transB')];
  const product = (p: string, transP: boolean, q: string, transQ: boolean): string =>
    x.op('MatMul', [transP ? transposed(x, p) : p, transQ ? transposed(x, q) : q]);
  const alpha = (value: string): string => x.times(value, floatAttr(x.node, 'alpha', 1));
  const [a, b, g] = [() => x.input(0), () => x.input(1), () => x.gradient()];
  return [
    () => alpha(transA ? product(b(), transB, g(), true) : product(g(), false, b(), !transB)),
    () => alpha(transB ? product(g(), true, a(), transA) : product(a(), !transA, g(), false)),
    () => x.times(g(), floatAttr(x.node, 'beta', 1)),
  ];
};
