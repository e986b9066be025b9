/**
 * What the curves of an autoencoder mean now, in one sentence. Without schemas, so that the window may have it, too.
 */

/** The named figures of a step of an autoencoder; those of the adversary only where there is one. */
export interface BalanceFigures {
  /** Nats of a code. */
  readonly kl: number;
  /** Latents whose mean varies with the picture. */
  readonly active: number;
  readonly latents: number;
  /** How much of its weight the KL term has so far, in [0,1]. */
  readonly warmup: number;
  /** Running mean of the share of patches that the discriminator is right about; absent before it begins. */
  readonly accuracy?: number;
  /** Share of the run at which it begins, where that is to come. */
  readonly begins?: number;
}

export type Balance =
  | 'posterior-collapsed'
  | 'discriminator-wins'
  | 'discriminator-at-chance'
  | 'warming-up'
  | 'adversary-waits'
  | 'players-even'
  | 'code-in-use';

/** Share of latents in use, and nats of a code, below which there is nothing in it. */
const COLLAPSED = { share: 0.02, nats: 1 } as const;
/** A collapse in the first steps is only that nothing has been learnt yet. */
const JUDGED_FROM_WARMUP = 0.2;
/** The running mean of the discriminator's accuracy, outside of which one player learns nothing from the other. */
const EVEN = { least: 0.55, most: 0.9 } as const;

/** Which of the states that matter a run is in: the worst one first. */
export function balanceOf({ kl, active, latents, warmup, accuracy, begins }: BalanceFigures): Balance {
  const isEmpty = active < COLLAPSED.share * latents || kl < COLLAPSED.nats;
  if (isEmpty && warmup >= JUDGED_FROM_WARMUP) return 'posterior-collapsed';
  if (accuracy !== undefined) {
    if (accuracy > EVEN.most) return 'discriminator-wins';
    if (accuracy < EVEN.least) return 'discriminator-at-chance';
  }
  if (warmup < 1) return 'warming-up';
  if (accuracy !== undefined) return 'players-even';
  return begins === undefined ? 'code-in-use' : 'adversary-waits';
}

/** States in which a run is not worth going on with. */
export const isCollapse = (balance: Balance): boolean =>
  balance === 'posterior-collapsed' || balance === 'discriminator-wins';

/** The state in plain words: what it is, and where it is bad, what to do. */
export function balanceSentence(figures: BalanceFigures): string {
  const { kl, active, latents, warmup, accuracy = 0, begins = 0 } = figures;
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const code = `${kl.toFixed(kl < 10 ? 1 : 0)} nats in ${Math.round(active)} of ${latents} latents`;
  switch (balanceOf(figures)) {
    case 'posterior-collapsed':
      return `the code is empty: ${code}, so all pictures come out alike; a smaller kl.weight or more kl.freeBits helps`;
    case 'discriminator-wins':
      return `the discriminator wins: it is right about ${percent(accuracy)} of the patches, so the generator learns little from it; a lower adversary.learningRate helps`;
    case 'discriminator-at-chance':
      return `the discriminator is at chance: it is right about ${percent(accuracy)} of the patches, so the generator is not made to listen to it`;
    case 'warming-up':
      return `the code is still cheap: ${code}, and the KL term at ${percent(warmup)} of its weight`;
    case 'adversary-waits':
      return `the code is in use: ${code}; the discriminator begins at ${percent(begins)} of the run`;
    case 'players-even':
      return `the players are even: the discriminator is right about ${percent(accuracy)} of the patches`;
    case 'code-in-use':
      return `the code is in use: ${code}`;
  }
}

/** The figures in the named parts of a step; null where they are not those of an autoencoder. */
export function balanceFigures(parts: Readonly<Record<string, number>>): BalanceFigures | null {
  const { kl, active, latents, warmup, accuracy, begins } = parts;
  if (kl === undefined || active === undefined || latents === undefined || warmup === undefined) return null;
  return {
    ...{ kl, active, latents, warmup },
    ...(accuracy !== undefined && { accuracy }),
    ...(begins !== undefined && { begins }),
  };
}
