import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Destination, EncodeSettings, Place } from '../../../preload/contract.js';
import { useSession } from '../../state/session.js';

/** Formats by the names that people know them by. */
export const FORMAT_NAMES = { jpeg: 'JPEG', png: 'PNG', tiff: 'TIFF', webp: 'WebP', avif: 'AVIF' } as const;

/** "JPEG 90", "Same format". */
export function describeFormat({ format, quality }: EncodeSettings, t: TFunction<'export'>): string {
  const name = format === 'keep' ? t('formatKeepShort') : FORMAT_NAMES[format];
  const lossy = format === 'jpeg' || format === 'webp' || format === 'avif';
  return lossy && quality !== null ? `${name} ${quality}` : name;
}

/** "Pictures/Clean", "“Denoised” beside the originals". */
export function describeDestination(
  destination: Destination,
  places: readonly Place[],
  t: TFunction<'export'>,
): string {
  if (destination.kind === 'beside') return t('besideSummary', { folder: destination.folder });
  if (destination.kind === 'download') return t('downloadSummary');
  return places.find(({ id }) => id === destination.place)?.label ?? t('chosenFolder');
}

/** The export settings in a line; null as long as no destination is chosen. */
export function useExportSummary(): string | null {
  const { t } = useTranslation('export');
  const { destination, encode } = useSession((state) => state.preferences.export);
  const places = useSession((state) => state.info.places);
  if (destination === null) return null;
  return `${describeFormat(encode, t)} · ${describeDestination(destination, places, t)}`;
}
