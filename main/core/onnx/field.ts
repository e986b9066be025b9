/**
 * Which positions along one input axis each position along an axis of a value can depend on. The pattern repeats:
 * position `i + low.length` depends on what position `i` depends on, moved by `shift` input positions. Keeping every
 * phase apart makes the result exact where strided layers meet; a single worst-case interval would grow too wide.
 */
export interface Field {
  /** The axis of the value along which the input's axis lies. */
  readonly axis: number;
  /** Input positions per period: the value has `low.length / shift` positions for each of the input's. */
  readonly shift: number;
  /** First input position that each phase depends on; Infinity for a phase that depends on none. */
  readonly low: readonly number[];
  /** Last input position that each phase depends on; -Infinity for a phase that depends on none. */
  readonly high: readonly number[];
}

/** A field, or all of the input's axis at once, or none of the input. */
export type Reach = Field | 'everywhere' | 'nowhere';

/** The field of the input itself. */
export function identityField(axis: number): Field {
  return { axis, shift: 1, low: [0], high: [0] };
}

/** The largest whole number that divides both; the other number if one is 0. */
export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The smallest whole number that both divide; neither may be 0. */
export function leastCommonMultiple(a: number, b: number): number {
  return (a / greatestCommonDivisor(a, b)) * b;
}

/**
 * The field of an operation that makes `outputs` positions out of every `inputs` (in lowest terms, for all positions
 * alike). `taps` lists the positions that one output reads; moving it by `outputs` must move them by `inputs`.
 */
export function resample(field: Field, outputs: number, inputs: number, taps: (position: number) => number[]): Field {
  const period = field.low.length;
  const repeats = period / greatestCommonDivisor(period, inputs);
  const reads = Array.from({ length: outputs * repeats }, (_, position) => taps(position));
  return {
    axis: field.axis,
    shift: (field.shift * inputs * repeats) / period,
    low: reads.map((positions) => Math.min(...positions.map((position) => valueAt(field, field.low, position)))),
    high: reads.map((positions) => Math.max(...positions.map((position) => valueAt(field, field.high, position)))),
  };
}

/** The field of a value that moves by `offset`: position p of the result is position p - offset of the source. */
export function moved(field: Field, offset: number): Field {
  return resample(field, 1, 1, (position) => [position - offset]);
}

/** What depends on either of two: everywhere, if they do not lie along one axis at one scale. */
export function union(a: Reach, b: Reach): Reach {
  if (a === 'nowhere') return b;
  if (b === 'nowhere') return a;
  if (a === 'everywhere' || b === 'everywhere') return 'everywhere';
  if (a.axis !== b.axis || a.low.length * b.shift !== b.low.length * a.shift) return 'everywhere';
  const period = leastCommonMultiple(a.low.length, b.low.length);
  const positions = Array.from({ length: period }, (_, position) => position);
  return {
    axis: a.axis,
    shift: (a.shift * period) / a.low.length,
    low: positions.map((p) => Math.min(valueAt(a, a.low, p), valueAt(b, b.low, p))),
    high: positions.map((p) => Math.max(valueAt(a, a.high, p), valueAt(b, b.high, p))),
  };
}

function valueAt(field: Field, bounds: readonly number[], position: number): number {
  const period = bounds.length;
  const periods = Math.floor(position / period);
  return bounds[position - periods * period]! + periods * field.shift;
}
