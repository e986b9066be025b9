import { z } from 'zod';
import { ModelName, VersionId } from '../../preload/models/card.js';

/**
 * Which version of each name is in use. What is kept is all that was ever done, oldest first; what is in use now follows
 * from it, so that nothing that is undone is lost.
 */

export const PromotionEntry = z.object({
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  what: z.enum(['promoted', 'rolled-back']),
  /** What is in use from then on; null: none, which is the shipped model that the versions descend from. */
  version: VersionId.nullable(),
});
export type PromotionEntry = z.infer<typeof PromotionEntry>;

export const Promotions = z.object({ v: z.literal(1), names: z.record(ModelName, z.array(PromotionEntry)) });
export type Promotions = z.infer<typeof Promotions>;

export const NO_PROMOTIONS: Promotions = { v: 1, names: {} };

/** All that was done with a name, oldest first. */
export const historyOf = ({ names }: Promotions, name: string): readonly PromotionEntry[] =>
  Object.hasOwn(names, name) ? names[name]! : [];

/** The version of a name that is in use; null: none. */
export const inUse = (promotions: Promotions, name: string): string | null =>
  historyOf(promotions, name).at(-1)?.version ?? null;

/** Puts a version in use; the same promotions when it is already. */
export function promote(promotions: Promotions, name: string, version: string, at: string): Promotions {
  if (inUse(promotions, name) === version) return promotions;
  return append(promotions, name, { at, what: 'promoted', version });
}

/** Goes back to what was in use before the last promotion that still stands; null when none does. */
export function rollBack(promotions: Promotions, name: string, at: string): Promotions | null {
  const standing = standingPromotions(historyOf(promotions, name));
  if (standing.length === 0) return null;
  return append(promotions, name, { at, what: 'rolled-back', version: standing.at(-2) ?? null });
}

/** The promotions that were not rolled back, oldest first: each rollback takes the last one away. */
function standingPromotions(history: readonly PromotionEntry[]): string[] {
  const standing: string[] = [];
  for (const { what, version } of history) {
    if (what === 'rolled-back') standing.pop();
    else if (version !== null) standing.push(version);
  }
  return standing;
}

function append({ v, names }: Promotions, name: string, entry: PromotionEntry): Promotions {
  return { v, names: { ...names, [name]: [...historyOf({ v, names }, name), entry] } };
}
