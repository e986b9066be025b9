import { intsAttr, stringAttr } from '../model.js';
import type { NodeContext } from './rule.js';

/** How a kernel slides over the spatial axes; every list has one entry per axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padsBegin: readonly number[];
  readonly padsEnd: readonly number[];
}

/** The extent of a dilated kernel: the pixels from its first tap to its last. */
export function kernelExtent(window: Window, axis: number): number {
  return (window.kernel[axis]! - 1) * window.dilations[axis]! + 1;
}

/**
 * Reads the window attributes of a convolution or pooling node over `spatial` input sizes, resolving `auto_pad`.
 * AppError 'model/shape' if a list has the wrong length or an impossible value.
 */
export function windowOf(context: NodeContext, spatial: readonly number[], kernel: readonly number[]): Window {
  const ones = spatial.map(() => 1);
  const strides = perAxis(context, 'strides', ones, 1);
  const dilations = perAxis(context, 'dilations', ones, 1);
  const pads = perAxis(context, 'pads', [...ones, ...ones].fill(0), 0);
  const bare: Window = {
    kernel,
    strides,
    dilations,
    padsBegin: pads.slice(0, spatial.length),
    padsEnd: pads.slice(spatial.length),
  };
  const autoPad = autoPadOf(context);
  if (autoPad === 'NOTSET') return bare;
  const totals = spatial.map((size, axis) => {
    if (autoPad === 'VALID') return 0;
    const windows = Math.ceil(size / strides[axis]!);
    return Math.max(0, (windows - 1) * strides[axis]! + kernelExtent(bare, axis) - size);
  });
  return { ...bare, ...splitPads(totals, autoPad) };
}

/** Shares padding out between the two ends of each axis; an odd pixel goes to the end that the mode names. */
export function splitPads(totals: readonly number[], autoPad: string): Pick<Window, 'padsBegin' | 'padsEnd'> {
  const less = totals.map((total) => Math.floor(total / 2));
  const more = totals.map((total) => Math.ceil(total / 2));
  return autoPad === 'SAME_LOWER' ? { padsBegin: more, padsEnd: less } : { padsBegin: less, padsEnd: more };
}

const AUTO_PADS: ReadonlySet<string> = new Set(['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER']);

/** The padding mode; AppError 'model/invalid' if it is no known one. */
export function autoPadOf(context: NodeContext): string {
  const mode = stringAttr(context.node, 'auto_pad', 'NOTSET');
  if (!AUTO_PADS.has(mode)) throw context.invalid(`auto_pad '${mode}' is not known`);
  return mode;
}

/** The kernel's size: the attribute must agree with the weight's spatial sizes, where there is a weight. */
export function kernelOf(context: NodeContext, rank: number, fromWeight?: readonly number[]): readonly number[] {
  const kernel = intsAttr(context.node, 'kernel_shape', fromWeight);
  if (kernel.length !== rank || kernel.some((size) => size < 1)) {
    throw context.shape(`kernel_shape [${kernel.join(', ')}] does not fit ${rank} spatial axes`);
  }
  if (fromWeight?.some((size, axis) => size !== kernel[axis])) {
    throw context.shape(`kernel_shape is ${kernel.join('x')}, the weight's kernel is ${fromWeight.join('x')}`);
  }
  return kernel;
}

function perAxis(context: NodeContext, name: string, fallback: readonly number[], least: number): readonly number[] {
  const values = intsAttr(context.node, name, fallback);
  if (values.length !== fallback.length) {
    throw context.shape(`${name} [${values.join(', ')}] must have ${fallback.length} entries`);
  }
  const bad = values.find((value) => value < least);
  if (bad !== undefined) throw context.shape(`${name} may not be ${bad}`);
  return values;
}
