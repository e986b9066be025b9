import { ATTRIBUTE_NAMES, ATTRIBUTE_STEP, ATTRIBUTES, attributesOf, type Attribute } from './attributes.js';
import type { DecodedSquare } from './change.js';
import { dot, type Vector } from './vectors.js';

/** Directions of the latent space that change one thing that a person sees, and what directions do change. */

/** Ridge of the inverse, as a share of the largest row's square: attributes that the decoder hardly tells apart stay apart. */
const RIDGE = 1e-3;

/**
 * The directions that change one attribute each, to first order the others not at all, by ATTRIBUTE_STEP: the columns of
 * the right inverse J' (J J' + ridge)^-1 of the attributes' Jacobian J by the latent. Of all moves that do so they are the
 * shortest.
 *
 * @param gradients of each attribute by the latent, in units of its step
 */
export function attributeDirections(gradients: readonly Vector[]): Float64Array[] {
  const count = gradients.length;
  const gram = gradients.map((a) => gradients.map((b) => dot(a, b)));
  const ridge = RIDGE * Math.max(...gram.map((row, i) => row[i]!));
  gram.forEach((row, i) => (row[i]! += ridge));
  const inverse = inverted(gram);
  return Array.from({ length: count }, (_, wanted) =>
    Float64Array.from(gradients[0]!, (_, d) =>
      gradients.reduce((sum, gradient, i) => sum + gradient[d]! * inverse[i]![wanted]!, 0),
    ),
  );
}

/** The inverse of a positive definite matrix by Gauss and Jordan. */
function inverted(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...Array.from({ length: size }, (_, j) => (i === j ? 1 : 0))]);
  for (let i = 0; i < size; i++) {
    const pivot = rows[i]![i]!;
    rows[i] = rows[i]!.map((x) => x / pivot);
    for (let j = 0; j < size; j++) {
      const factor = rows[j]![i]!;
      if (j !== i) rows[j] = rows[j]!.map((x, k) => x - factor * rows[i]![k]!);
    }
  }
  return rows.map((row) => row.slice(size));
}

/** What a move does to each attribute, in its steps. */
export type Effect = Readonly<Record<Attribute, number>>;

/** The change of each attribute from one decoded image to another. */
export function effectOf(before: DecodedSquare, after: DecodedSquare): Effect {
  const [a, b] = [attributesOf(before), attributesOf(after)];
  return Object.fromEntries(ATTRIBUTES.map((name) => [name, (b[name] - a[name]) / ATTRIBUTE_STEP[name]])) as Record<
    Attribute,
    number
  >;
}

/** What a direction does over a set of latents. */
export interface DirectionReading {
  /** What people call it, if it does one thing, and the same everywhere; else null. */
  readonly name: string | null;
  readonly attribute: Attribute;
  /** Mean change of that attribute, in its steps. */
  readonly effect: number;
  /** Mean over standard deviation of that change: how sure it is (Cohen's d against none). */
  readonly consistency: number;
  /** That change beside the largest of another attribute; warmth, tint and colourfulness do not count against each other. */
  readonly specificity: number;
}

/** A name is given from these on. */
const LEAST_CONSISTENCY = 2;
const LEAST_SPECIFICITY = 2;
/** Moving towards a hue is also moving away from grey: among these three, one need only lead. */
const COLOURS: readonly Attribute[] = ['warmth', 'tint', 'colourfulness'];
const LEAST_LEAD = 1.2;

/**
 * Names a direction by what it was seen to do: the attribute that it changes most, if it changes it nearly alike wherever it
 * starts and much more than any other.
 *
 * @param effects of the same move from different latents; at least one
 * @param among the attributes that count
 */
export function readDirection(effects: readonly Effect[], among: readonly Attribute[] = ATTRIBUTES): DirectionReading {
  const summaries = among.map((attribute) => {
    const values = effects.map((effect) => effect[attribute]);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
    return { attribute, mean, consistency: deviation > 0 ? Math.abs(mean) / deviation : Infinity };
  });
  summaries.sort((a, b) => Math.abs(b.mean) - Math.abs(a.mean));
  const most = summaries[0]!;
  const largest = (of: typeof summaries): number => Math.max(0, ...of.map(({ mean }) => Math.abs(mean)));
  const isKin = (other: Attribute): boolean => COLOURS.includes(most.attribute) && COLOURS.includes(other);
  const kin = largest(summaries.filter((one) => one !== most && isKin(one.attribute)));
  const others = largest(summaries.filter((one) => one !== most && !isKin(one.attribute)));
  const lead = (rival: number): number => (rival > 0 ? Math.abs(most.mean) / rival : Infinity);
  const specificity = lead(others);
  const isNamed =
    most.mean !== 0 &&
    most.consistency >= LEAST_CONSISTENCY &&
    specificity >= LEAST_SPECIFICITY &&
    lead(kin) >= LEAST_LEAD;
  return {
    name: isNamed ? ATTRIBUTE_NAMES[most.attribute][most.mean > 0 ? 0 : 1] : null,
    attribute: most.attribute,
    effect: most.mean,
    consistency: most.consistency,
    specificity,
  };
}
