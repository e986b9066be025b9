import { describe, expect, it } from 'vitest';
import {
  balanceFigures,
  balanceOf,
  balanceSentence,
  isCollapse,
  type BalanceFigures,
} from '../../../../preload/training/balance.js';

const VAE: BalanceFigures = { kl: 210, active: 150, latents: 192, warmup: 1 };

describe('the balance of an autoencoder', () => {
  it.each([
    ['code-in-use', {}],
    ['warming-up', { warmup: 0.4 }],
    ['posterior-collapsed', { kl: 0.4 }],
    ['posterior-collapsed', { active: 2 }],
    ['posterior-collapsed', { active: 0, warmup: 0.3 }],
    // Nothing has been learnt yet.
    ['warming-up', { active: 0, kl: 0.1, warmup: 0.1 }],
    ['adversary-waits', { begins: 0.5 }],
    ['players-even', { accuracy: 0.7 }],
    ['discriminator-wins', { accuracy: 0.97 }],
    ['discriminator-wins', { accuracy: 0.97, warmup: 0.5 }],
    ['discriminator-at-chance', { accuracy: 0.51 }],
    // An empty code is worse than a player who loses.
    ['posterior-collapsed', { accuracy: 0.97, kl: 0.1 }],
  ] as const)('is %s for %j', (balance, changed) => {
    expect(balanceOf({ ...VAE, ...changed })).toBe(balance);
  });

  it('is said in one sentence with the figures, and what to do where it is bad', () => {
    const say = (changed: Partial<BalanceFigures>): string => balanceSentence({ ...VAE, ...changed });
    expect(say({})).toBe('the code is in use: 210 nats in 150 of 192 latents');
    expect(say({ warmup: 0.4 })).toContain('KL term at 40 % of its weight');
    expect(say({ kl: 0.24, active: 1 })).toMatch(/^the code is empty: 0\.2 nats in 1 of 192 .*kl\.weight .* helps$/);
    expect(say({ accuracy: 0.97 })).toMatch(/^the discriminator wins: .* 97 % .*adversary\.learningRate helps$/);
    expect(say({ accuracy: 0.5 })).toMatch(/^the discriminator is at chance: .* 50 %/);
    expect(say({ accuracy: 0.7 })).toMatch(/^the players are even: .* 70 %/);
    expect(say({ begins: 0.5 })).toMatch(/begins at 50 % of the run$/);
  });

  it('is found in the parts of a step, and not in those of a denoiser', () => {
    const parts = { ...VAE, reconstruction: 0.1, accuracy: 0.7, discriminator: 0.6 };
    expect(balanceFigures(parts)).toEqual({ ...VAE, accuracy: 0.7 });
    expect(balanceFigures({})).toBeNull();
  });

  it('is a collapse where going on is not worth it', () => {
    expect(isCollapse('posterior-collapsed')).toBe(true);
    expect(isCollapse('discriminator-wins')).toBe(true);
    expect(isCollapse('players-even')).toBe(false);
  });
});
