import i18next from 'i18next';
import type { PhotoEntry, QueueEntry } from '../../../preload/contract.js';
import { errorText } from '../../i18n/error-text.js';

/** What a photo is and what became of it, in words. */

/** The noise level that fills a meter, in 8-bit units. */
const METER_FULL = 40;

/** Share of the noise meter that is filled, in [0,1]; the root spreads the low levels that most photos have. */
export const noiseShare = (noise: number): number => Math.min(1, Math.sqrt(Math.max(0, noise) / METER_FULL));

/** A noise level as it is written: whole, but for the lowest. */
export const noiseNumber = (noise: number): string => (noise < 9.95 ? noise.toFixed(1) : noise.toFixed(0));

/** Where a photo stands in the queue; null: nowhere that is worth a word. */
export function stateText(entry: QueueEntry | undefined): string | null {
  if (entry === undefined) return null;
  const t = i18next.getFixedT(null, 'library');
  switch (entry.state) {
    case 'waiting':
      return t('stateWaiting');
    case 'running':
      return t('stateRunning', { percent: Math.round(100 * entry.fraction) });
    case 'done':
      return t('stateDone');
    case 'skipped':
      return t('stateSkipped');
    case 'failed':
      return entry.error === null ? t('stateFailed') : `${t('stateFailed')}: ${errorText(entry.error)}`;
    case 'cancelled':
      return null;
  }
}

/** What the trust badge means; null: nothing to worry about. */
export function trustText({ trust }: PhotoEntry): string | null {
  if (trust === null || trust.verdict === 'good') return null;
  const t = i18next.getFixedT(null, 'library');
  return trust.verdict === 'poor' ? t('trustPoor') : t('trustFair');
}

/** A photo for a screen reader: "IMG_1.jpg Noise 12, Done". It begins with what is written, which people ask for by voice. */
export function photoLabel(photo: PhotoEntry, entry: QueueEntry | undefined): string {
  const t = i18next.getFixedT(null, 'library');
  const parts = [`${photo.name} ${writtenFact(photo)}`.trimEnd()];
  if (photo.error !== null) parts.push(errorText(photo.error));
  const state = stateText(entry);
  if (state !== null) parts.push(state);
  const trust = trustText(photo);
  if (trust !== null) parts.push(trust);
  if (photo.adjustments !== null) parts.push(t('edited'));
  return parts.join(', ');
}

/** What is written below a photo's name. */
function writtenFact({ error, noise }: PhotoEntry): string {
  const t = i18next.getFixedT(null, 'library');
  if (error !== null) return t('cannotRead');
  return noise === null ? '' : t('noise', { level: noiseNumber(noise) });
}
