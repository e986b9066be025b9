import type { TrustJudgement } from './trust.js';

/**
 * Which of two models suits a photo: one that has learnt from someone's photos, or the one that it descends from. A net
 * that has learnt to take more away does harm where a picture looks like the noise that it has learnt, and there the
 * trust in its results falls: docs/decisions/0012-fallback.md.
 */

/** A model is used where at least this share of the trust in the fallback's results is left with its own. */
export const LEAST_TRUST_SHARE = 0.75;

export interface FitJudgement {
  readonly used: 'model' | 'fallback';
  /** Scores of both, [0,1]. */
  readonly trust: { readonly model: number; readonly fallback: number };
}

/** Compares what was judged of two models' results on the same places; null where there is too little to judge by. */
export function judgeFit(model: TrustJudgement | null, fallback: TrustJudgement | null): FitJudgement | null {
  if (model === null || fallback === null) return null;
  const used = model.score < LEAST_TRUST_SHARE * fallback.score ? 'fallback' : 'model';
  return { used, trust: { model: model.score, fallback: fallback.score } };
}
