import type { DenoiseSettings, PhotoEntry, PhotoId } from '../../preload/contract.js';
import { DEFAULTS, type Slot } from './adjust-sender.js';
import { useLibrary, type LibraryState } from './library.js';
import { useSelection, type SelectionState } from './selection.js';
import { useSession } from './session.js';
import { useView, type View } from './view.js';

/** What the sliders apply to, and what they show for it. */

/** The photos whose settings the sliders change; none: the defaults. */
export type Target = readonly PhotoId[];

/** The photo that is looked at, or those that are selected in the grid. */
export function targetOf(
  view: View,
  { selected, active }: Pick<SelectionState, 'selected' | 'active'>,
  photos: LibraryState['photos'],
): Target {
  if (view === 'compare') return active !== null && photos.has(active) ? [active] : [];
  return [...selected].filter((id) => photos.has(id));
}

/** The target, now. */
export function currentTarget(): Target {
  return targetOf(useView.getState().view, useSelection.getState(), useLibrary.getState().photos);
}

/** The slots that a change of the target writes to. */
export const slotsOf = (target: Target): readonly Slot[] => (target.length === 0 ? [DEFAULTS] : target);

/** What a slot holds: null for a photo that has no settings of its own, or that is gone. */
export function readSlot(slot: Slot): DenoiseSettings | null {
  if (slot === DEFAULTS) return useSession.getState().preferences.adjustments;
  return useLibrary.getState().photos.get(slot)?.adjustments ?? null;
}

/** Settings that may differ from photo to photo: undefined where they do. */
export type MixedSettings = { readonly [K in keyof DenoiseSettings]: DenoiseSettings[K] | undefined };

/** The common values of several settings. @throws RangeError for none */
export function commonSettings(all: Iterable<DenoiseSettings>): MixedSettings {
  let common: MixedSettings | undefined;
  for (const settings of all) {
    common = common === undefined ? settings : agreeing(common, settings);
  }
  if (common === undefined) throw new RangeError('there are no settings to compare');
  return common;
}

function agreeing(a: MixedSettings, b: DenoiseSettings): MixedSettings {
  return {
    model: a.model === b.model ? a.model : undefined,
    strength: a.strength === b.strength ? a.strength : undefined,
    luma: a.luma === b.luma ? a.luma : undefined,
    chroma: a.chroma === b.chroma ? a.chroma : undefined,
    detail: a.detail === b.detail ? a.detail : undefined,
    sigma: a.sigma === b.sigma ? a.sigma : undefined,
    fallback: a.fallback === b.fallback ? a.fallback : undefined,
  };
}

const TYPICAL_SIGMA = 15;

/** A noise level to start from when it is set by hand: what was measured, in halves. */
export function measuredSigma(photos: readonly PhotoEntry[]): number {
  const measured = photos.flatMap(({ noise }) => noise ?? []);
  if (measured.length === 0) return TYPICAL_SIGMA;
  const mean = measured.reduce((sum, value) => sum + value, 0) / measured.length;
  return Math.round(mean * 2) / 2;
}
