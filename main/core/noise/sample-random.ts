import { randomFromState, type Random } from '../image/random.js';

/** The four words of a state differ by it, so that they are hashed apart. */
const GOLDEN_RATIO_32 = 0x9e3779b9;

/**
 * The stream of random numbers of one sample: it depends on seed, step and index alone, so a run that goes on at any
 * step sees what an unbroken one saw. Each counts by its low 32 bits.
 */
export function sampleRandom(seed: number, step: number, index: number): Random {
  const word = (salt: number): number => {
    const salted = mix((seed >>> 0) ^ Math.imul(salt, GOLDEN_RATIO_32));
    return mix((mix((salted + step) >>> 0) + index) >>> 0);
  };
  // The generator must not start at zero in all four words; odd in one of them, it cannot.
  return randomFromState([word(1), word(2), word(3), word(4) | 1]);
}

/** A 32-bit hash of a text, spread evenly: FNV-1a over its UTF-16 code units, then murmur3's finaliser. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** Murmur3's finaliser: each bit of the result depends on each bit of the word. */
function mix(value: number): number {
  let word = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

/** Uniform real in [low, high). */
export function between(random: Random, [low, high]: readonly [number, number]): number {
  return low + (high - low) * random.uniform();
}

/** Uniform integer in [0, count). */
export function below(random: Random, count: number): number {
  return Math.floor(random.uniform() * count);
}

/** Whether an event of probability `share` happens. */
export function happens(random: Random, share: number): boolean {
  return random.uniform() < share;
}
