/** A seeded stream of random numbers: the same seed gives the same stream on every machine. */
export interface Random {
  /** Uniform integer in [0, 2^32). */
  readonly uint32: () => number;
  /** Uniform real in [0, 1), a multiple of 2^-32. */
  readonly uniform: () => number;
  /** Standard normal: mean 0, standard deviation 1. */
  readonly normal: () => number;
}

/** Odd constant nearest to 2^32 / golden ratio: consecutive multiples of it are spread evenly over 32 bits. */
const GOLDEN_RATIO_32 = 0x9e3779b9;
const UINT32_RANGE = 2 ** 32;

/**
 * Creates the generator for a seed (only its low 32 bits count): xoshiro128** 1.1 of Blackman and Vigna, "Scrambled
 * linear pseudorandom number generators" (2021), its state filled by murmur3's finaliser as its authors advise.
 */
export function createRandom(seed: number): Random {
  return randomFromState(stateFromSeed(seed));
}

/** Creates the generator in a given state of four 32-bit words, not all zero; published test vectors start here. */
export function randomFromState(state: readonly [number, number, number, number]): Random {
  let [s0, s1, s2, s3] = state;
  let spare: number | null = null;

  const uint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotateLeft(s3, 11);
    return result;
  };

  const uniform = (): number => uint32() / UINT32_RANGE;

  // Marsaglia's polar method (1964): a point (u, v) uniform in the unit disc gives two independent normals.
  const normal = (): number => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    let u: number, v: number, square: number;
    do {
      u = 2 * uniform() - 1;
      v = 2 * uniform() - 1;
      square = u * u + v * v;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt((-2 * Math.log(square)) / square);
    spare = v * scale;
    return u * scale;
  };

  return { uint32, uniform, normal };
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function stateFromSeed(seed: number): [number, number, number, number] {
  let counter = seed >>> 0;
  const next = (): number => {
    counter = (counter + GOLDEN_RATIO_32) >>> 0;
    let word = Math.imul(counter ^ (counter >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return (word ^ (word >>> 16)) >>> 0;
  };
  return [next(), next(), next(), next()];
}
