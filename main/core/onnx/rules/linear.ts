import { intAttr } from '../model.js';
import { formatDims } from '../tensor.js';
import { broadcast, type ShapeRule } from './rule.js';

/** Y = alpha * A' B' + beta * C, for matrices; C broadcasts to Y. */
export const gemm: ShapeRule = (context) => {
  const a = context.requireRank(0, 2).dims;
  const b = context.requireRank(1, 2).dims;
  const [rows, inner] = intAttr(context.node, 'transA', 0) ? [a[1]!, a[0]!] : [a[0]!, a[1]!];
  const [depth, columns] = intAttr(context.node, 'transB', 0) ? [b[1]!, b[0]!] : [b[0]!, b[1]!];
  if (inner !== depth) {
    throw context.shape(`${formatDims(a)} and ${formatDims(b)} do not multiply: ${inner} columns, ${depth} rows`);
  }
  const dims = [rows, columns];
  const c = context.optional(2);
  if (c && (c.dims.length > 2 || formatDims(broadcast(context, [dims, c.dims])) !== formatDims(dims))) {
    throw context.shape(`the addend is ${formatDims(c.dims)}, the product ${formatDims(dims)}`);
  }
  return [{ type: context.commonType(0, 1, 2), dims }];
};

/** Batched matrix product with numpy's rules: leading axes broadcast, vectors gain and lose an axis. */
export const matMul: ShapeRule = (context) => {
  const a = context.input(0).dims;
  const b = context.input(1).dims;
  if (a.length === 0 || b.length === 0) throw context.shape('scalars do not multiply as matrices');
  const inner = a.at(-1)!;
  const depth = b.at(-2) ?? b[0]!;
  if (inner !== depth) {
    throw context.shape(`${formatDims(a)} and ${formatDims(b)} do not multiply: ${inner} columns, ${depth} rows`);
  }
  const batch = broadcast(context, [a.slice(0, -2), b.slice(0, -2)]);
  const rows = a.length > 1 ? [a.at(-2)!] : [];
  const columns = b.length > 1 ? [b.at(-1)!] : [];
  return [{ type: context.commonType(0, 1), dims: [...batch, ...rows, ...columns] }];
};
