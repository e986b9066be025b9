import { expect, it } from 'vitest';
import { judgeFit } from '../../../../main/core/image/fit.js';
import type { TrustJudgement } from '../../../../main/core/image/trust.js';

const trust = (score: number): TrustJudgement => ({ score, verdict: 'good', detailLoss: [] });

it.each([
  [0.9, 0.9, 'model'],
  [0.61, 0.8, 'model'],
  [0.59, 0.8, 'fallback'],
  [0.2, 0.25, 'model'],
  [1, 0.1, 'model'],
  [0, 0, 'model'],
] as const)('with the trust %d, and %d in the fallback, the %s is used', (model, fallback, used) => {
  expect(judgeFit(trust(model), trust(fallback))).toEqual({ used, trust: { model, fallback } });
});

it('tells nothing where there was too little to judge', () => {
  expect(judgeFit(null, trust(1))).toBeNull();
  expect(judgeFit(trust(0.1), null)).toBeNull();
});
