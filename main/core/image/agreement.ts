import type { ElementType, TensorOf } from '../onnx/model.js';

/**
 * Whether an accelerator's answer to a tile is the processor's. Accelerators round differently, and some compute in half
 * precision: what is allowed is far below what can be seen, and far above what rounding does.
 */

type RuntimeType = Exclude<ElementType, 'float16'>;
/** Tensors as the runtime gives them. */
type Outputs = Readonly<Record<string, { [T in RuntimeType]: TensorOf<T> }[RuntimeType]>>;

/** How far two answers are from each other. */
export interface Agreement {
  /** Whether all of the first are numbers, and of the shapes of the second. */
  readonly sound: boolean;
  /** Largest difference of a sample, in 8-bit units. */
  readonly maxDifference: number;
  /** Mean difference of the output that differs most, in 8-bit units. */
  readonly meanDifference: number;
  /** Mean difference of the measurements, as a share of their mean size. */
  readonly statistics: number;
}

/** How far an answer may be from another that it is taken for. */
export type Allowance = Readonly<Record<'maxDifference' | 'meanDifference' | 'statistics', number>>;

const AN_ACCELERATOR: Allowance = { maxDifference: 4, meanDifference: 0.25, statistics: 0.05 };
/**
 * An 8-bit net's rounding is a little noise of its own: of the picture of trials 0.5 to 0.73 levels on average and 7 to 11 at
 * most. Sums that overflow are off by far more.
 */
export const IN_EIGHT_BITS: Allowance = { maxDifference: 24, meanDifference: 1.25, statistics: 0.05 };

/** Whether an answer may be taken for the processor's. */
export const agrees = (
  { sound, maxDifference, meanDifference, statistics }: Agreement,
  most: Allowance = AN_ACCELERATOR,
): boolean =>
  sound &&
  maxDifference <= most.maxDifference &&
  meanDifference <= most.meanDifference &&
  statistics <= most.statistics;

/** Whether an answer holds nothing but numbers. */
export const allFinite = (outputs: Outputs): boolean =>
  Object.values(outputs).every(({ type, data }) => type !== 'float32' || data.every(Number.isFinite));

/** Compares an accelerator's answer to a tile with the processor's: samples in integers, measurements in float32. */
export function compareAnswers(got: Outputs, wanted: Outputs): Agreement {
  let [maxDifference, meanDifference, statistics] = [0, 0, 0];
  let sound = allFinite(got);
  for (const [name, right] of Object.entries(wanted)) {
    const answer = got[name];
    if (answer?.type !== right.type || answer.data.length !== right.data.length) {
      sound = false;
    } else if (right.type === 'float32') {
      statistics = Math.max(statistics, relativeDifference(answer.data as Float32Array, right.data));
    } else if (right.type === 'uint8' || right.type === 'uint16') {
      const scale = right.type === 'uint8' ? 1 : 255 / 65535;
      const { most, mean } = differences(answer.data as Uint8Array | Uint16Array, right.data);
      maxDifference = Math.max(maxDifference, most * scale);
      meanDifference = Math.max(meanDifference, mean * scale);
    }
  }
  return { sound, maxDifference, meanDifference, statistics };
}

function differences(a: Uint8Array | Uint16Array, b: Uint8Array | Uint16Array): { most: number; mean: number } {
  let [most, sum] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    sum += difference;
    if (difference > most) most = difference;
  }
  return { most, mean: b.length === 0 ? 0 : sum / b.length };
}

function relativeDifference(a: Float32Array, b: Float32Array): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += Math.abs(a[i]! - b[i]!);
    size += Math.abs(b[i]!);
  }
  return difference === 0 ? 0 : difference / size;
}
