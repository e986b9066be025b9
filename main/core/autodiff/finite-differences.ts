/**
 * Derivatives along a line by central differences of a function that is computed in float32: what can be said about them,
 * and whether a derivative from a formula agrees. Steps that are too long bend, or cross the kinks of a Relu; steps that
 * are too short drown in rounding. Several are tried; how far two of them differ says how good the shorter one is.
 */

export type Verdict = 'ok' | 'suspicious' | 'unclear';

/** A line through a point, parametrized so that a step of 1 is as long as the point's own size. */
export interface Line {
  /** The function at a distance from the point. */
  readonly at: (distance: number) => Promise<number>;
  /** The derivative at 0 that is to be checked. */
  readonly analytic: number;
  /** What such a derivative is on average: errors are relative to it where the derivative happens to be small. */
  readonly typical: number;
  /** How far rounding alone moves the function's values. */
  readonly noise: number;
  /** A derivative so small beside others of the same function that it does not matter. */
  readonly negligible: number;
}

export interface Agreement {
  readonly analytic: number;
  readonly numeric: number;
  readonly error: number;
  readonly verdict: Verdict;
}

/** Derivatives that are no further apart than this, relative to them, agree whatever the differences say of themselves. */
const TOLERANCE = 0.005;
/** Derivatives further apart than this do not agree, even if the differences are too coarse to contradict. */
const MOST_APART = 0.05;
/** A difference that is known no better than this, relative to the derivative, tells nothing. */
const COARSE = 0.1;
/** As good as a difference needs to be; then no further steps are tried. */
const FINE = 0.01;
/** Half the distances of the points of a difference, in pairs of neighbours: each is judged by the one before. */
const STEPS = [0.02, 0.005, 0.00125, 0.08, 0.0003, 0.3] as const;
const RATIO = 4;
const ALLOWED_UNCERTAINTIES = 3;

interface Difference {
  readonly step: number;
  readonly value: number;
}

interface Estimate {
  readonly value: number;
  readonly uncertainty: number;
}

/** Holds the analytic derivative along a line against differences: the best of what is computed with several steps. */
export async function compareAlong(line: Line): Promise<Agreement> {
  const differences: Difference[] = [];
  let best: Agreement | undefined;
  for (const step of STEPS) {
    differences.push({ step, value: ((await line.at(step)) - (await line.at(-step))) / (2 * step) });
    if (differences.length < 2) continue;
    const judged = estimates(differences, line.noise).map((estimate) => judge(line, estimate));
    // A wrong formula is wrong at every step; a right one need only be met at one.
    best = judged.reduce((a, b) => (rank(b) < rank(a) ? b : a)).agreement;
    const isFine = judged.some(({ agreement, share }) => agreement.verdict === 'ok' && share < FINE);
    if (isFine) break;
  }
  return best!;
}

interface Judged {
  readonly agreement: Agreement;
  /** Uncertainty relative to the derivative. */
  readonly share: number;
}

/** Best first: those that agree, then those that contradict for sure, then those that tell nothing. */
function rank({ agreement, share }: Judged): number {
  const order = { ok: 0, suspicious: 1e9, unclear: 2e9 }[agreement.verdict];
  return order + Math.min(agreement.error + share, 1e8);
}

function judge({ analytic, typical, negligible }: Line, { value, uncertainty }: Estimate): Judged {
  const size = Math.max(Math.abs(analytic), Math.abs(value), typical);
  const apart = Math.abs(analytic - value);
  const share = size === 0 ? 0 : uncertainty / size;
  const error = size === 0 ? 0 : apart / size;
  const isWithin = apart <= ALLOWED_UNCERTAINTIES * uncertainty;
  let verdict: Verdict;
  if (!Number.isFinite(apart)) verdict = 'suspicious';
  else if (share <= COARSE && (error <= TOLERANCE || (isWithin && error <= MOST_APART))) verdict = 'ok';
  else if (share > COARSE && isWithin) verdict = Math.max(uncertainty, apart) <= negligible ? 'ok' : 'unclear';
  else verdict = 'suspicious';
  return { agreement: { analytic, numeric: value, error, verdict }, share };
}

/** What each pair of neighbouring steps says. */
function estimates(differences: readonly Difference[], noise: number): Estimate[] {
  return differences.flatMap(({ step, value }) => {
    const longer = differences.find((other) => Math.abs(other.step / step / RATIO - 1) < 0.1);
    if (longer === undefined) return [];
    // Where the function is smooth the shorter step's error is a fifteenth of the difference; at kinks, up to a third.
    return [{ value, uncertainty: Math.abs(longer.value - value) / 3 + noise / step }];
  });
}
