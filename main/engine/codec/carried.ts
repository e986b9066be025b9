import type { EncodeSettings, Format } from '../../../preload/contract.js';
import type { ImageHeader } from './header.js';

/** What a result says of its orientation, and what it lost where ExifTool could not run. Pure. */

/** What ExifTool is to state; null where copying leaves the right value, or where there is nothing to say. */
export function statedOrientation(
  source: ImageHeader,
  format: Format,
  policy: EncodeSettings['metadata'],
): number | null {
  // libvips turns AVIF by the file's own irot and imir properties, which are all that AVIF viewers heed.
  if (format === 'avif') return policy === 'none' ? null : 1;
  // AVIF is decoded upright, whatever its EXIF says.
  if (source.format === 'avif') return policy === 'none' ? null : 1;
  return policy === 'none' && source.orientation !== 1 ? source.orientation : null;
}

/** What sharp can write by itself into each format. */
const KEPT_BY_SHARP: Readonly<Record<Format, string>> = {
  jpeg: 'camera, dates, exposure, XMP and IPTC',
  png: 'camera, dates, exposure and XMP',
  tiff: 'XMP',
  webp: 'camera, dates, exposure and XMP',
  avif: 'camera, dates, exposure and XMP',
};

/** Tells which metadata a format keeps without ExifTool. */
export function lossNote(format: Format, policy: EncodeSettings['metadata'], reason: string): string {
  if (policy === 'none') return `ExifTool could not run (${reason}): the orientation was written without it`;
  const kept = policy === 'all' ? `only ${KEPT_BY_SHARP[format]} were kept` : 'no EXIF, XMP or IPTC was kept';
  return `ExifTool could not copy the metadata (${reason}): ${kept}`;
}
