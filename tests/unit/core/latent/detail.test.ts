import { describe, expect, it } from 'vitest';
import { gradientCorrelation, haloOf } from '../../../../main/core/latent/detail.js';

/** A dark and a bright half, each value by a function of its column. */
function halves(added: (x: number) => number) {
  const data = Uint8Array.from({ length: 64 * 8 }, (_, i) => (i % 64 < 32 ? 60 : 160) + added(i % 64));
  return { width: 64, height: 8, channels: 1, data };
}
const photo = halves(() => 0);

describe('haloOf', () => {
  it('is nothing for a change that is flat on both sides of an edge, however different they are', () => {
    expect(
      haloOf(
        photo,
        halves((x) => (x < 32 ? 10 : 40)),
      ),
    ).toBeCloseTo(0, 5);
  });

  it('is what strays right beside the edge', () => {
    expect(
      haloOf(
        photo,
        halves((x) => (Math.abs(x - 31.5) < 4 ? 20 : 10)),
      ),
    ).toBeGreaterThan(0.5);
  });
});

describe('gradientCorrelation', () => {
  it('is 1 for the same picture at any brightness and contrast, and falls when detail is lost or added', () => {
    const texture = (x: number): number => ((x * 37) % 11) * 2;
    const detailed = halves(texture);
    expect(
      gradientCorrelation(
        detailed,
        halves((x) => texture(x) + 20),
      ),
    ).toBeCloseTo(1, 6);
    const doubled = { ...detailed, data: detailed.data.map((value) => Math.round(value / 2)) };
    expect(gradientCorrelation(detailed, doubled)).toBeGreaterThan(0.99);
    expect(gradientCorrelation(detailed, photo)).toBeLessThan(0.95);
    expect(
      gradientCorrelation(
        photo,
        halves((x) => (x % 2 ? 30 : 0)),
      ),
    ).toBeLessThan(0.8);
  });
});
