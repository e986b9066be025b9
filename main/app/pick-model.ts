import type { CameraInfo } from '../../preload/contract.js';
import type { CardCamera, ModelCard } from '../../preload/models/card.js';

/** What decides which model suits a photo. */
export type PhotoCamera = Pick<CameraInfo, 'make' | 'model' | 'iso'>;

/** A model learnt at ISO 400 to 1600 is used from 267 to 2400: noise changes little over half a stop. */
const ISO_MARGIN = 1.5;

/**
 * The version that suits a photo, of those in use: it has learnt from this camera, at an ISO speed near the photo's.
 * Nearest in ISO first, then the most recent; null: none suits.
 * @param base the shipped model that versions have to descend from; null: any
 */
export function pickFor<V extends { readonly card: ModelCard }>(
  inUse: readonly V[],
  camera: PhotoCamera | null,
  base: string | null,
): V | null {
  const suited = inUse
    .filter(({ card }) => base === null || card.base === base)
    .map((version) => ({ version, distance: isoDistance(version.card, camera) }))
    .filter(({ distance }) => distance <= ISO_MARGIN)
    .sort((a, b) => a.distance - b.distance || moreRecentFirst(a.version.card, b.version.card));
  return suited[0]?.version ?? null;
}

/** How far a photo's ISO speed is from what a model has learnt of its camera, as a factor: 1 within it. */
function isoDistance({ data }: ModelCard, camera: PhotoCamera | null): number {
  if (camera === null || camera.iso === null) return Infinity;
  const { iso } = camera;
  const distances = data.cameras.map((known) => {
    if (known.isoFrom === null || known.isoTo === null || !isSameCamera(known, camera)) return Infinity;
    return Math.max(1, known.isoFrom / iso, iso / known.isoTo);
  });
  return Math.min(Infinity, ...distances);
}

const isSameCamera = (known: CardCamera, { make, model }: PhotoCamera): boolean =>
  plain(known.make) === plain(make) && plain(known.model) === plain(model) && plain(model) !== '';

/** Programs that rewrite EXIF pad it with blanks and change its case. */
const plain = (text: string | null): string => (text ?? '').trim().replace(/\s+/g, ' ').toLowerCase();

/** By id where the times are equal, so that the answer never depends on the order of files. */
const moreRecentFirst = (a: ModelCard, b: ModelCard): number =>
  Date.parse(b.created) - Date.parse(a.created) || (a.id < b.id ? 1 : -1);
