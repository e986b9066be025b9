import type { EncodeSettings, ExportPlan, Format, PhotoEntry } from '../../../preload/contract.js';

/** Bytes a pixel of a photo at our default quality, 8 bits deep: the upper end of what photos take. */
const BYTES_PER_PIXEL: Readonly<Record<Format, number>> = { jpeg: 0.7, webp: 0.5, avif: 0.4, png: 2, tiff: 2.5 };

/** At a quality set by hand lossy files get smaller: roughly in proportion, and by half again below 80. */
const qualityFactor = (quality: number | null): number =>
  quality === null || quality >= 95 ? 1 : quality >= 80 ? 0.6 : 0.35;

/** What results will take up, as well as it can be told beforehand; the host's sum of originals where sizes are unknown. */
export function estimateBytes(
  plan: Pick<ExportPlan, 'bytes' | 'photos'>,
  photos: readonly Pick<PhotoEntry, 'bytes' | 'width' | 'height' | 'format'>[],
  encode: EncodeSettings,
): number {
  const known = photos.reduce((sum, photo) => sum + resultBytes(photo, encode), 0);
  if (photos.length === 0) return plan.bytes;
  // Photos of the plan that the window does not know are taken to be like the others.
  return (known * plan.photos) / photos.length;
}

function resultBytes(photo: Pick<PhotoEntry, 'bytes' | 'width' | 'height' | 'format'>, encode: EncodeSettings): number {
  const format = encode.format === 'keep' ? photo.format : encode.format;
  if (format === null || format === photo.format) return photo.bytes;
  if (photo.width === null || photo.height === null) return photo.bytes;
  const lossless = format === 'png' || format === 'tiff';
  const depth = lossless && encode.bitDepth === 16 ? 2 : 1;
  const factor = lossless ? depth : qualityFactor(encode.quality);
  return photo.width * photo.height * BYTES_PER_PIXEL[format] * factor;
}
