import { expect, it } from 'vitest';
import type { VaePoint } from '../../../../../../preload/contract.js';
import { linesOf, VAE_CURVES } from '../../../../../../renderer/features/train/pictures/curve-lines.js';

const point = (step: number, changes: Partial<VaePoint> = {}): VaePoint => ({
  ...{ step, reconstruction: 0.4 / step, kl: 300, generator: null, discriminator: null },
  ...changes,
});

it('draws each curve of a VAE in its own scale, those of the players from where they begin', () => {
  const [reconstruction, kl, ...players] = linesOf([point(1), point(2), point(4, { kl: 150 })]);
  expect(players).toEqual([]);
  expect(reconstruction).toMatchObject({ key: 'reconstruction', first: 0.4, last: 0.1, values: [100, 50, 25] });
  expect(kl).toMatchObject({ key: 'kl', values: [100, 100, 50] });
  const gan = linesOf([point(1), point(2, { generator: 0.7, discriminator: 0 })]);
  expect(gan.map(({ key }) => key)).toEqual(['reconstruction', 'kl', 'generator', 'discriminator']);
  expect(gan[2]!.values).toEqual([null, 100]);
  // All of it nothing is no division by it.
  expect(gan[3]!.values).toEqual([null, 0]);
  expect(linesOf([])).toEqual([]);
});

it('tells no two curves apart by colour alone', () => {
  expect(new Set(VAE_CURVES.map(({ stroke }) => stroke)).size).toBe(VAE_CURVES.length);
});
