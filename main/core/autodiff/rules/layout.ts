import { stringAttr } from '../../onnx/model.js';
import { blockSize, permutationOf } from '../../onnx/rules/layout.js';
import type { GradientRule } from '../rule.js';

/** Gradients of what only puts elements elsewhere; g = dL/dy. */

/** Reshape, Flatten, Squeeze and Unsqueeze keep the elements in order: g in the input's shape. */
export const reshaped: GradientRule = (x) => [
  () => x.reshape(x.gradient(), x.inputDims(0)),
  ...x.node.inputs.slice(1).map(() => null),
];

/** y = x with its axes in another order: g with them put back */
export const transpose: GradientRule = (x) => [
  () => {
    const perm = permutationOf(x.forward);
    return x.transpose(
      x.gradient(),
      perm.map((_, axis) => perm.indexOf(axis)),
    );
  },
];

/** y = x repeated along axes: the walk sums g over them. */
export const expand: GradientRule = (x) => [() => x.gradient(), null];

/** Blocks of channels become blocks of pixels: g goes the other way. */
export const depthToSpace: GradientRule = (x) => [
  () => {
    const block = blockSize(x.forward);
    if (stringAttr(x.node, 'mode', 'DCR') === 'DCR') {
      return x.op('SpaceToDepth', [x.gradient()], { blocksize: block });
    }
    const [n, c, h, w] = x.inputDims(0) as [number, number, number, number];
    const split = x.reshape(x.gradient(), [n, c / block ** 2, h, block, w, block]);
    return x.reshape(x.transpose(split, [0, 1, 3, 5, 2, 4]), [n, c, h, w]);
  },
];

/** Blocks of pixels become blocks of channels: g goes the other way. */
export const spaceToDepth: GradientRule = (x) => [
  () => x.op('DepthToSpace', [x.gradient()], { blocksize: blockSize(x.forward), mode: 'DCR' }),
];
