import { intAttr, intsAttr, stringAttr } from '../model.js';
import { elementCount, formatDims } from '../tensor.js';
import { broadcast, type NodeContext, type ShapeRule } from './rule.js';

/** 0 copies the input's size (unless allowzero), -1 takes what is left. */
export const reshape: ShapeRule = (context) => {
  const x = context.input(0);
  const wanted = context.values(1, 'the new shape');
  const allowZero = intAttr(context.node, 'allowzero', 0) !== 0;
  const dims = wanted.map((dim, axis) => (dim === 0 && !allowZero ? (x.dims[axis] ?? -2) : dim));
  const free = dims.indexOf(-1);
  const mismatch = (): Error => context.shape(`${formatDims(x.dims)} cannot be reshaped to [${wanted.join(', ')}]`);
  if (dims.some((dim) => dim < -1) || free !== dims.lastIndexOf(-1)) throw mismatch();
  if (free >= 0) {
    const known = elementCount(dims.filter((dim) => dim !== -1));
    dims[free] = known === 0 ? 0 : elementCount(x.dims) / known;
  }
  if (!dims.every(Number.isInteger) || elementCount(dims) !== elementCount(x.dims)) throw mismatch();
  return [{ type: x.type, dims }];
};

/** A matrix: the sizes before `axis` multiplied, then the sizes from it on. */
export const flatten: ShapeRule = (context) => {
  const x = context.input(0);
  const rank = x.dims.length;
  const attribute = intAttr(context.node, 'axis', 1);
  const axis = attribute === rank ? rank : context.axis(attribute, rank);
  return [{ type: x.type, dims: [elementCount(x.dims.slice(0, axis)), elementCount(x.dims.slice(axis))] }];
};

/** The input's sizes in the order of `perm`. */
export const transpose: ShapeRule = (context) => {
  const x = context.input(0);
  return [{ type: x.type, dims: permutationOf(context).map((axis) => x.dims[axis]!) }];
};

/** Which input axis each output axis of a Transpose comes from; reversed unless the node says otherwise. */
export function permutationOf(context: NodeContext): number[] {
  const rank = context.input(0).dims.length;
  const reversed = Array.from({ length: rank }, (_, i) => rank - 1 - i);
  const perm = context.axes(intsAttr(context.node, 'perm', reversed), rank);
  if (perm.length !== rank) throw context.shape(`perm [${perm.join(', ')}] does not fit ${rank} dimensions`);
  return perm;
}

/** The input's sizes without the squeezed axes, which must be 1. */
export const squeeze: ShapeRule = (context) => {
  const x = context.input(0);
  const gone = squeezedAxes(context);
  const kept = gone.find((axis) => x.dims[axis] !== 1);
  if (kept !== undefined) throw context.shape(`axis ${kept} of ${formatDims(x.dims)} is not 1: it cannot be squeezed`);
  return [{ type: x.type, dims: x.dims.filter((_, axis) => !gone.includes(axis)) }];
};

/** The input axes that a Squeeze removes; all of size 1 where it names none. */
export function squeezedAxes(context: NodeContext): number[] {
  const { dims } = context.input(0);
  const axes = context.optionalValues(1, 'the axes');
  return axes ? context.axes(axes, dims.length) : [...dims.keys()].filter((axis) => dims[axis] === 1);
}

/** The input's sizes with a 1 at each added axis. */
export const unsqueeze: ShapeRule = (context) => {
  const x = context.input(0);
  const added = unsqueezedAxes(context);
  const rest = x.dims[Symbol.iterator]();
  const rank = x.dims.length + added.length;
  const dims = Array.from({ length: rank }, (_, axis) => (added.includes(axis) ? 1 : (rest.next().value ?? 1)));
  return [{ type: x.type, dims }];
};

/** The output axes that an Unsqueeze adds. */
export function unsqueezedAxes(context: NodeContext): number[] {
  const axes = context.values(1, 'the axes');
  return context.axes(axes, context.input(0).dims.length + axes.length);
}

/** The input broadcast with a constant shape. */
export const expand: ShapeRule = (context) => {
  const x = context.input(0);
  return [{ type: x.type, dims: broadcast(context, [x.dims, context.values(1, 'the shape')]) }];
};

/** N x C*b*b x H x W -> N x C x H*b x W*b */
export const depthToSpace: ShapeRule = (context) => {
  const { type, dims } = context.requireRank(0, 4);
  const block = blockSize(context);
  const mode = stringAttr(context.node, 'mode', 'DCR');
  if (mode !== 'DCR' && mode !== 'CRD') throw context.invalid(`mode '${mode}' is not known`);
  const [n, c, h, w] = dims as [number, number, number, number];
  if (c % (block * block) !== 0) {
    throw context.shape(`${c} channels do not divide into blocks of ${block}x${block}`);
  }
  return [{ type, dims: [n, c / (block * block), h * block, w * block] }];
};

/** N x C x H x W -> N x C*b*b x H/b x W/b */
export const spaceToDepth: ShapeRule = (context) => {
  const { type, dims } = context.requireRank(0, 4);
  const block = blockSize(context);
  const [n, c, h, w] = dims as [number, number, number, number];
  if (h % block !== 0 || w % block !== 0) {
    throw context.shape(`${h}x${w} pixels do not divide into blocks of ${block}x${block}`);
  }
  return [{ type, dims: [n, c * block * block, h / block, w / block] }];
};

/** The side of DepthToSpace's and SpaceToDepth's blocks. */
export function blockSize(context: NodeContext): number {
  const block = intAttr(context.node, 'blocksize');
  if (block < 1) throw context.shape(`blocksize may not be ${block}`);
  return block;
}
