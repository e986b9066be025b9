import i18next from 'i18next';
import type { CameraSummary } from '../../../preload/contract.js';
import { cameraName } from '../compare/format.js';

/** What cameras and models are called. */

/** "ISO 400 to 1600" as numbers alone: "400–1600". */
export const isoRange = (from: number, to: number): string => (from === to ? String(from) : `${from}–${to}`);

/** A camera of photos with its ISO speeds, in a few words. */
export function cameraText({ make, model, isoFrom, isoTo, photos }: CameraSummary): string {
  const t = i18next.getFixedT(null, 'train');
  const camera = cameraName(make, model);
  if (camera === null) return t('summaryUnknown', { count: photos });
  const named =
    isoFrom === null || isoTo === null
      ? t('summaryNoIso', { camera })
      : t('summaryCamera', { camera, iso: isoRange(isoFrom, isoTo) });
  return `${named} (${photos})`;
}

/** A shipped model in the person's language; others as they are called. */
export function modelText(name: string): string {
  const t = i18next.getFixedT(null, 'adjust');
  if (name === 'quality') return t('modelQuality');
  if (name === 'fast') return t('modelFast');
  return name;
}
