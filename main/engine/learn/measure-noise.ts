import type { CameraNoise } from '../../../preload/learn/profile.js';
import { AppError } from '../../core/errors.js';
import { groupBy } from '../../core/group-by.js';
import type { BankGroup, NoiseBank } from '../../core/noise/bank.js';
import { findFlatPatches, type NoisePatch, type SmoothedPart } from '../../core/noise/flat-patches.js';
import { fitProfile, meanSigma } from '../../core/noise/profile.js';
import { sampleRandom } from '../../core/noise/sample-random.js';
import { spotNoise } from '../../core/noise/spot-noise.js';
import type { Window } from './windows.js';

/** Measures the noise of photos: a bank to draw from, in groups of one camera and ISO each. */

/** Told of twice the noise, a denoiser leaves nothing of it in flat parts: decision 0010. */
export const STRONG_FACTOR = 2;
const PATCHES_OF_PHOTO = 160;
/** Patches without which a group says too little; its windows then count with the others. */
const LEAST_PATCHES = 8;
/** Fields of all groups together: a third of a second of work each; and of one. */
const FIELDS = { all: 48, least: 4 } as const;
/** Standard deviation in units of full scale below which there is nothing to learn. */
const LEAST_SIGMA = 0.5 / 255;
/** Tells streams of fields from others of the same seed. */
const FIELD_STREAM = 0x6e6f6973;

export interface MeasuredNoise {
  readonly bank: NoiseBank;
  /** What each group of the bank is of. */
  readonly cameras: readonly CameraNoise[];
  /** The group of each window. */
  readonly groupOf: readonly number[];
}

/** A window with what a strong denoiser leaves of it. */
export interface SmoothedWindow extends SmoothedPart {
  readonly window: Window;
}

/**
 * Measures the noise of windows. Photos that do not say camera and ISO are each a group of their own.
 * @throws AppError 'learn/no-noise' when there is nothing to learn from: no flat part that is neither black nor white, or
 *   no noise in any
 */
export function measureNoise(windows: readonly SmoothedWindow[], seed: number): MeasuredNoise {
  const byPhoto = groupBy(windows, ({ window }) => window.photo);
  const patches = new Map([...byPhoto].map(([photo, parts]) => [photo, findFlatPatches(parts, PATCHES_OF_PHOTO)]));
  const keys = windows.map(({ window }) => keyOf(window));
  const grouped = new Map<string, number[]>();
  keys.forEach((key, index) => grouped.set(key, [...(grouped.get(key) ?? []), index]));
  const patchesOf = (members: readonly number[]): NoisePatch[] =>
    [...new Set(members.map((index) => windows[index]!.window.photo))].flatMap((photo) => patches.get(photo)!);
  const isNoisy = (found: readonly NoisePatch[]): boolean =>
    found.length >= LEAST_PATCHES && meanSigma(fitProfile(found)) >= LEAST_SIGMA;
  const groups = [...grouped].filter(([, members]) => isNoisy(patchesOf(members)));
  if (groups.length === 0) throw nothingToLearn([...patches.values()].flat());
  const fields = Math.max(FIELDS.least, Math.round(FIELDS.all / groups.length));
  const bank = groups.map(([, members], group): BankGroup => {
    const found = patchesOf(members);
    const make = (field: number): Float32Array => spotNoise(found, sampleRandom(seed ^ FIELD_STREAM, group, field));
    return {
      weight: members.length,
      profile: fitProfile(found),
      fields: Array.from({ length: fields }, (_, field) => make(field)),
    };
  });
  const groupIndex = new Map(groups.map(([key], index) => [key, index]));
  return {
    bank: { groups: bank },
    cameras: groups.map(([, members], index) =>
      cameraOf(
        members.map((member) => windows[member]!.window),
        bank[index]!,
      ),
    ),
    // A window of a group with too little noise of its own is judged by the first.
    groupOf: keys.map((key) => groupIndex.get(key) ?? 0),
  };
}

function keyOf({ camera, photo }: Window): string {
  if (camera?.model === null || camera?.model === undefined) return `photo ${photo}`;
  return JSON.stringify([camera.make, camera.model, camera.iso]);
}

function cameraOf(windows: readonly Window[], { profile }: BankGroup): CameraNoise {
  const camera = windows[0]!.camera;
  return {
    make: camera?.make ?? null,
    model: camera?.model ?? null,
    iso: camera?.iso ?? null,
    photos: new Set(windows.map(({ photo }) => photo)).size,
    profile: structuredClone(profile) as CameraNoise['profile'],
  };
}

function nothingToLearn(patches: readonly NoisePatch[]): AppError {
  const why =
    patches.length < LEAST_PATCHES
      ? 'they have no even part that is neither black nor white, where noise could be measured'
      : 'they are clean already';
  return new AppError('learn/no-noise', `there is no noise to learn from these photos: ${why}. Choose noisy photos`);
}
