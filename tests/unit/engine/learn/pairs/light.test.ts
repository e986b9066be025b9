import { expect, it } from 'vitest';
import { sampleRandom } from '../../../../../main/core/noise/sample-random.js';
import { inLightOf } from '../../../../../main/engine/learn/pairs/light.js';

const side = 64;

/** A slope of brightness from 40 to 200, whose channels have `gain` and `offset`. */
function slope(gain: readonly number[], offset: number) {
  const data = Uint8Array.from({ length: 3 * side * side }, (_, i) => {
    const x = Math.floor(i / 3) % side;
    return Math.round((40 + (160 * x) / (side - 1)) * gain[i % 3]! + offset);
  });
  return { width: side, height: side, data };
}

it('brings a frame into the light of another, on average by parts of a level', () => {
  const reference = slope([1, 1, 1], 0);
  const gain = [1.03, 1, 0.97] as const;
  const made = inLightOf(reference, slope(gain, 2), gain, sampleRandom(1, 0, 0));
  const sums = [0, 0, 0];
  for (let i = 0; i < made.data.length; i++) {
    const difference = made.data[i]! - reference.data[i]!;
    expect(Math.abs(difference)).toBeLessThanOrEqual(2);
    sums[i % 3]! += difference / side ** 2;
  }
  for (const sum of sums) expect(Math.abs(sum)).toBeLessThan(0.03);
  expect(inLightOf(reference, slope(gain, 2), gain, sampleRandom(1, 0, 0))).toEqual(made);
});

it('does not go beyond black and white', () => {
  const white = { width: side, height: side, data: new Uint8Array(3 * side * side).fill(255) };
  const grey = { ...white, data: white.data.map((level, i) => (i < 300 ? level : 128)) };
  const { data } = inLightOf(white, grey, [0.9, 0.9, 0.9], sampleRandom(1, 0, 0));
  expect(data[0]).toBe(255);
});
