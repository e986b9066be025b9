import type { CameraNoise } from '../../../preload/learn/profile.js';
import { AppError } from '../../core/errors.js';
import { groupBy } from '../../core/group-by.js';
import type { BankGroup, NoiseBank } from '../../core/noise/bank.js';
import { findFlatPatches, type NoisePatch, type SmoothedPart } from '../../core/noise/flat-patches.js';
import { fitProfile, meanSigma } from '../../core/noise/profile.js';
import { sampleRandom } from '../../core/noise/sample-random.js';
import { spotNoise } from '../../core/noise/spot-noise.js';
import type { LearningRun } from './run.js';
import type { ToldNet } from './told-net.js';
import { toPlanes, type Window } from './windows.js';

/** Measures the noise of photos: a bank to draw from, in groups of one camera and ISO each. */

/** Told of twice the noise, a denoiser leaves nothing of it in flat parts: decision 0010. */
const STRONG_FACTOR = 2;
const PATCHES_OF_PHOTO = 160;
/** Patches without which a group says too little; its windows then count with the others. */
const LEAST_PATCHES = 8;
/** Fields of all groups together, which are made in a second; and of one. */
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

/** Windows with what a net leaves of them that is told of so much noise that nothing of it is left in flat parts. */
export async function smoothWindows(
  run: Pick<LearningRun, 'goOn'>,
  windows: readonly Window[],
  net: ToldNet,
): Promise<SmoothedWindow[]> {
  const smoothed: SmoothedWindow[] = [];
  for (const window of windows) {
    run.goOn();
    const noisy = toPlanes(window.pixels);
    smoothed.push({ window, noisy, smooth: await net.denoise(noisy, STRONG_FACTOR) });
  }
  return smoothed;
}

/** Noise of one camera at one ISO. */
interface NoiseGroup {
  readonly key: string;
  /** Indices of its windows. */
  readonly members: readonly number[];
  readonly patches: readonly NoisePatch[];
}

/** The groups of windows that have noise, and all flat patches that were found. */
function groupNoise(windows: readonly SmoothedWindow[]): { groups: NoiseGroup[]; all: NoisePatch[] } {
  const byPhoto = groupBy(windows, ({ window }) => window.photo);
  const patches = new Map([...byPhoto].map(([photo, parts]) => [photo, findFlatPatches(parts, PATCHES_OF_PHOTO)]));
  const keys = windows.map(({ window }) => keyOf(window));
  const grouped = new Map<string, number[]>();
  keys.forEach((key, index) => grouped.set(key, [...(grouped.get(key) ?? []), index]));
  const patchesOf = (members: readonly number[]): NoisePatch[] =>
    [...new Set(members.map((index) => windows[index]!.window.photo))].flatMap((photo) => patches.get(photo)!);
  const isNoisy = (found: readonly NoisePatch[]): boolean =>
    found.length >= LEAST_PATCHES && meanSigma(fitProfile(found)) >= LEAST_SIGMA;
  const groups = [...grouped]
    .map(([key, members]) => ({ key, members, patches: patchesOf(members) }))
    .filter((group) => isNoisy(group.patches));
  return { groups, all: [...patches.values()].flat() };
}

/**
 * What is known of the noise of windows, per camera and ISO; photos that do not say these are each a group of their own.
 * Empty where there is nothing even to measure it in.
 */
export function measureCameras(windows: readonly SmoothedWindow[]): CameraNoise[] {
  return groupNoise(windows).groups.map(({ members, patches }) => cameraOf(windowsOf(windows, members), patches));
}

/**
 * Measures the noise of windows, and makes more of it.
 * @throws AppError 'learn/no-noise' when there is nothing to learn from: no flat part that is neither black nor white, or
 *   no noise in any
 */
export function measureNoise(windows: readonly SmoothedWindow[], seed: number): MeasuredNoise {
  const { groups, all } = groupNoise(windows);
  if (groups.length === 0) throw nothingToLearn(all);
  const fields = Math.max(FIELDS.least, Math.round(FIELDS.all / groups.length));
  const bank = groups.map(({ members, patches: found }, group): BankGroup => {
    const make = (field: number): Float32Array => spotNoise(found, sampleRandom(seed ^ FIELD_STREAM, group, field));
    return {
      weight: members.length,
      profile: fitProfile(found),
      fields: Array.from({ length: fields }, (_, field) => make(field)),
    };
  });
  const groupIndex = new Map(groups.map(({ key }, index) => [key, index]));
  return {
    bank: { groups: bank },
    cameras: groups.map(({ members, patches }) => cameraOf(windowsOf(windows, members), patches)),
    // A window of a group with too little noise of its own is judged by the first.
    groupOf: windows.map(({ window }) => groupIndex.get(keyOf(window)) ?? 0),
  };
}

const windowsOf = (windows: readonly SmoothedWindow[], members: readonly number[]): Window[] =>
  members.map((member) => windows[member]!.window);

function keyOf({ camera, photo }: Window): string {
  if (camera?.model === null || camera?.model === undefined) return `photo ${photo}`;
  return JSON.stringify([camera.make, camera.model, camera.iso]);
}

function cameraOf(windows: readonly Window[], patches: readonly NoisePatch[]): CameraNoise {
  const camera = windows[0]!.camera;
  return {
    make: camera?.make ?? null,
    model: camera?.model ?? null,
    iso: camera?.iso ?? null,
    photos: new Set(windows.map(({ photo }) => photo)).size,
    profile: structuredClone(fitProfile(patches)) as CameraNoise['profile'],
  };
}

function nothingToLearn(patches: readonly NoisePatch[]): AppError {
  const why =
    patches.length < LEAST_PATCHES
      ? 'they have no even part that is neither black nor white, where noise could be measured'
      : 'they are clean already';
  return new AppError('learn/no-noise', `there is no noise to learn from these photos: ${why}. Choose noisy photos`);
}
