import { MAX_SEED } from '../../../preload/vocabulary.js';

/** Seeds that the window rolls: short enough to be read out and typed in. */
const MOST_ROLLED = 9999;

/** Another seed than the one before. */
export function rollSeed(before: number, random: () => number = Math.random): number {
  const rolled = 1 + Math.floor(random() * MOST_ROLLED);
  return rolled === before ? (rolled % MOST_ROLLED) + 1 : rolled;
}

/** A seed as typed, brought into its range. */
export const cleanSeed = (value: number): number => Math.min(MAX_SEED, Math.max(0, Math.round(value)));
