import { addScaled, distance, dot, norm, scaled, type Vector } from './vectors.js';

/** Ways between latents. */

/** Below this sine of the angle the directions are one, or opposite: the arc between them is not defined. */
const LEAST_SINE = 1e-4;

/**
 * Spherical interpolation: the direction goes along the great arc at constant speed (Shoemake, "Animating rotation with
 * quaternion curves", 1985), the length linearly. Latents of many dimensions lie near a shell about the origin; a straight
 * line would leave it, and the middle would decode to something grey. Directions that are equal or opposite, and the
 * origin, have no arc: between them the line is straight.
 *
 * @param t 0 gives a, 1 gives b
 */
export function slerp(a: Vector, b: Vector, t: number): Float64Array {
  const [lengthA, lengthB] = [norm(a), norm(b)];
  if (lengthA > 0 && lengthB > 0) {
    const angle = Math.acos(Math.min(1, Math.max(-1, dot(a, b) / (lengthA * lengthB))));
    const sine = Math.sin(angle);
    if (sine > LEAST_SINE) {
      const length = lengthA + (lengthB - lengthA) * t;
      const direction = addScaled(
        scaled(a, Math.sin((1 - t) * angle) / (sine * lengthA)),
        b,
        Math.sin(t * angle) / (sine * lengthB),
      );
      return scaled(direction, length);
    }
  }
  return addScaled(scaled(a, 1 - t), b, t);
}

/** A place on a way through several latents: between which two, and how far. */
export interface PathPlace {
  /** Index of the latent behind; the one ahead follows it, or is the first where the way is closed. */
  readonly segment: number;
  /** In [0,1]. */
  readonly t: number;
}

/** Chords that each arc is measured by: their sum is short of its length by 1 in 10,000. */
const CHORDS = 64;

/**
 * Places at equal distances along the way through some latents, the first at the first latent. An open way ends with the
 * last latent; a closed one comes back to the first, which is not given twice.
 *
 * @param points two or more
 * @param count places wanted, two or more
 */
export function evenPlaces(points: readonly Vector[], count: number, closed: boolean): PathPlace[] {
  const segments = closed ? points.length : points.length - 1;
  const ends: number[] = [0];
  for (let s = 0; s < segments; s++) {
    const [a, b] = [points[s]!, points[(s + 1) % points.length]!];
    let last = slerp(a, b, 0);
    for (let k = 1; k <= CHORDS; k++) {
      const next = slerp(a, b, k / CHORDS);
      ends.push(ends.at(-1)! + distance(last, next));
      last = next;
    }
  }
  const total = ends.at(-1)!;
  const places: PathPlace[] = [];
  let chord = 0;
  for (let i = 0; i < count; i++) {
    const at = (total * i) / (closed ? count : count - 1);
    while (chord < ends.length - 2 && ends[chord + 1]! < at) chord++;
    const length = ends[chord + 1]! - ends[chord]!;
    const along = length > 0 ? Math.min(1, (at - ends[chord]!) / length) : i / count;
    places.push({ segment: Math.floor(chord / CHORDS), t: ((chord % CHORDS) + along) / CHORDS });
  }
  return places;
}

/** The latent at a place of the way through some latents. */
export function latentAt(points: readonly Vector[], { segment, t }: PathPlace): Float64Array {
  return slerp(points[segment]!, points[(segment + 1) % points.length]!, t);
}
