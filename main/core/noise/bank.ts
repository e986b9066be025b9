import type { Random } from '../image/random.js';
import { clip, roundTo8Bits, type NoiseCrop } from './plane.js';
import { sigmaAt, type NoiseProfile } from './profile.js';
import { below, between } from './sample-random.js';
import { NOISE_FIELD_PX } from './spot-noise.js';

/** Noise as it was found on someone's photos: crops get it in the strength that it has at their brightness. */

/** Noise of one camera at one ISO. */
export interface BankGroup {
  /** How often it is drawn, in proportion to the others. */
  readonly weight: number;
  readonly profile: NoiseProfile;
  /** See `spotNoise`; at least one. */
  readonly fields: readonly Float32Array[];
}

export interface NoiseBank {
  /** At least one. */
  readonly groups: readonly BankGroup[];
}

export interface BankMix {
  /** Factor of the strength that was measured, drawn on a scale of ratios: other light and other ISO are met later. */
  readonly gain: readonly [number, number];
}

/** Adds noise of the bank to a crop and rounds it as a file does. */
export function drawBankNoise(crop: NoiseCrop, mix: BankMix, bank: NoiseBank, random: Random): void {
  const group = drawGroup(bank, random);
  const [low, high] = mix.gain;
  const gain = Math.exp(between(random, [Math.log(low), Math.log(high)]));
  const { clean, noisy, sigma, side } = crop;
  const place = drawFieldPlace(group, random);
  for (let channel = 0; channel < 3; channel++) {
    const levels = sigmaTable(group.profile, channel as 0 | 1 | 2);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const at = (channel * side + y) * side + x;
        const deviation = gain * levels[levelOf(clean[at]!)]!;
        sigma[at] = deviation;
        noisy[at] = clean[at]! + deviation * place(channel, x, y);
      }
    }
  }
  if (crop.grey) for (const planes of [noisy, sigma]) repeatGreen(planes, side);
  clip(noisy);
  roundTo8Bits(noisy);
}

/** A crop without colour has one noise; green's is the one that luma is mostly made of. */
function repeatGreen(planes: Float32Array, side: number): void {
  const plane = side * side;
  planes.copyWithin(0, plane, 2 * plane);
  planes.copyWithin(2 * plane, plane, 2 * plane);
}

/**
 * Noise of a group at the strength that it has over an image: three planes of width x height.
 * @param image brightness of each sample, in [0,1]
 */
export function bankNoiseOver(
  group: BankGroup,
  image: { readonly width: number; readonly height: number; readonly data: Float32Array },
  random: Random,
): Float32Array {
  const { width, height, data } = image;
  const place = drawFieldPlace(group, random);
  const noise = new Float32Array(data.length);
  for (let channel = 0; channel < 3; channel++) {
    const levels = sigmaTable(group.profile, channel as 0 | 1 | 2);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = (channel * height + y) * width + x;
        noise[at] = levels[levelOf(data[at]!)]! * place(channel, x, y);
      }
    }
  }
  return noise;
}

function drawGroup({ groups }: NoiseBank, random: Random): BankGroup {
  let left = random.uniform() * groups.reduce((sum, { weight }) => sum + weight, 0);
  for (const group of groups) {
    left -= group.weight;
    if (left < 0) return group;
  }
  return groups.at(-1)!;
}

/** A place in a field, and a mirroring: a mirrored noise is as likely as the noise. */
function drawFieldPlace(group: BankGroup, random: Random): (channel: number, x: number, y: number) => number {
  const field = group.fields[below(random, group.fields.length)]!;
  const [left, top] = [below(random, NOISE_FIELD_PX), below(random, NOISE_FIELD_PX)];
  const mirrorX = random.uniform() < 0.5 ? -1 : 1;
  const mirrorY = random.uniform() < 0.5 ? -1 : 1;
  const wrap = NOISE_FIELD_PX - 1;
  // The side is a power of two: the mask wraps negative numbers, too.
  return (channel, x, y) =>
    field[(channel * NOISE_FIELD_PX + ((top + mirrorY * y) & wrap)) * NOISE_FIELD_PX + ((left + mirrorX * x) & wrap)]!;
}

const LEVELS = 256;
const levelOf = (value: number): number => Math.min(LEVELS - 1, Math.max(0, Math.round(value * (LEVELS - 1))));
const tables = new WeakMap<NoiseProfile, Float32Array[]>();

function sigmaTable(profile: NoiseProfile, channel: 0 | 1 | 2): Float32Array {
  let table = tables.get(profile);
  if (table === undefined) {
    table = ([0, 1, 2] as const).map((c) =>
      Float32Array.from({ length: LEVELS }, (_, level) => sigmaAt(profile, c, level / (LEVELS - 1))),
    );
    tables.set(profile, table);
  }
  return table[channel]!;
}
