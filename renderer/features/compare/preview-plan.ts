import type { CompareMode, DenoiseSettings, PhotoId, PhotoView, Region } from '../../../preload/contract.js';
import { MAX_PREVIEW_SIDE_PX, planRemoval } from '../../../preload/vocabulary.js';
import { visibleBox, type Size, type Viewport } from '../../elements/pan-zoom/viewport.js';
import { atLevel, levelFor } from './levels.js';
import { alignOut, areaOf, boundsOf, distanceTo, subtractAll } from './rects.js';

/** Decides what of a photo needs to be denoised for what is on the screen. */

/** What has to be there for a view. */
export interface PreviewNeed {
  readonly photo: PhotoId;
  readonly level: number;
  /** In pixels of the level. */
  readonly region: Region;
  readonly model: string;
  readonly fallback?: string | undefined;
  readonly sigma: number | null;
  readonly secondPass: boolean;
}

/** Regions grow to multiples of this, so that a nudge needs nothing new and no request is a sliver. */
const GRID_PX = 64;
/** One request for the rectangle around all that is missing is taken if it repeats at most this share of it. */
const WASTE = 1.35;

/** Parts of the same set fit together: same photo, level and work of the net. */
export function setKey(need: Pick<PreviewNeed, 'photo' | 'level' | 'model' | 'fallback' | 'sigma'>): string {
  return `${need.photo}/${need.level}/${need.sigma ?? 'auto'}/${need.fallback ?? 'auto'}/${need.model}`;
}

/** What a view needs; null: nothing, since nothing is removed or the original alone is shown. */
export function planNeed(
  photo: Pick<PhotoView, 'photo' | 'levels' | 'width' | 'height' | 'neutral'>,
  view: Viewport,
  pane: Size,
  settings: DenoiseSettings,
  mode: CompareMode,
): PreviewNeed | null {
  if (mode === 'original') return null;
  const plan = planRemoval(settings, photo.neutral);
  // Maps tell of the photo, whatever is removed of it.
  if (plan.identity && mode !== 'noise' && mode !== 'risk') return null;
  const visible = visibleBox(view, photo, pane);
  if (visible === null) return null;
  const level = levelFor(view.zoom, photo.levels.length);
  const region = alignOut(atLevel(visible, level), GRID_PX, photo.levels[level]!);
  if (region === null) return null;
  return {
    photo: photo.photo,
    level,
    region: limit(region),
    model: settings.model,
    fallback: settings.fallback,
    sigma: settings.sigma,
    secondPass: plan.secondPass,
  };
}

/** Cuts a region down to what one request may ask for, about its middle. */
function limit(region: Region): Region {
  const width = Math.min(region.width, MAX_PREVIEW_SIDE_PX);
  const height = Math.min(region.height, MAX_PREVIEW_SIDE_PX);
  const left = region.left + Math.floor((region.width - width) / 2 / GRID_PX) * GRID_PX;
  const top = region.top + Math.floor((region.height - height) / 2 / GRID_PX) * GRID_PX;
  return { left, top, width, height };
}

/** How one need differs from the one before: in place alone, or in the work itself. */
export function compareNeeds(before: PreviewNeed | null, after: PreviewNeed): 'same' | 'place' | 'work' {
  if (before === null || before.photo !== after.photo || before.level !== after.level) return 'place';
  if (setKey(before) !== setKey(after) || before.secondPass !== after.secondPass) return 'work';
  return sameRegion(before.region, after.region) ? 'same' : 'place';
}

export function sameRegion(a: Region, b: Region): boolean {
  return a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;
}

/** The region to ask for next; null: all of it is there. */
export function nextRequest(wanted: Region, finished: readonly Region[]): Region | null {
  const missing = subtractAll(wanted, finished);
  if (missing.length === 0) return null;
  const bounds = boundsOf(missing);
  const area = missing.reduce((sum, rect) => sum + areaOf(rect), 0);
  if (areaOf(bounds) <= area * WASTE) return bounds;
  const x = wanted.left + wanted.width / 2;
  const y = wanted.top + wanted.height / 2;
  return missing.reduce((nearest, rect) => (distanceTo(rect, x, y) < distanceTo(nearest, x, y) ? rect : nearest));
}
