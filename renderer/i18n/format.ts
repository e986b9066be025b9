import type { Language } from './index.js';

/** Numbers with units, as each language writes them. */

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

const number = (language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat =>
  new Intl.NumberFormat(language, options);

/** "1.5 GB", in steps of 1000. */
export function formatBytes(value: number, language: Language): string {
  let unit = 0;
  let scaled = Math.max(0, value);
  while (scaled >= 999.5 && unit < BYTE_UNITS.length - 1) {
    scaled /= 1000;
    unit++;
  }
  const digits = unit === 0 || scaled >= 99.5 ? 0 : 1;
  return number(language, {
    style: 'unit',
    unit: BYTE_UNITS[unit]!,
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: digits,
  }).format(scaled);
}

const unit = (value: number, name: 'second' | 'minute' | 'hour', language: Language): string =>
  number(language, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 0 }).format(value);

/** "12 sec", "3 min 20 sec", "2 hr 10 min": two units at most. */
export function formatDuration(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return unit(seconds, 'second', language);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(unit(minutes, 'minute', language), seconds % 60, 'second', language);
  return joined(unit(Math.floor(minutes / 60), 'hour', language), minutes % 60, 'minute', language);
}

function joined(first: string, rest: number, name: 'second' | 'minute', language: Language): string {
  return rest === 0 ? first : `${first} ${unit(rest, name, language)}`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * A time still to go, only as exact as it can be known, so that it does not flicker: steps of 5 s below a minute, of a
 * minute below an hour, of 5 minutes above.
 */
export function formatRemaining(ms: number, language: Language): string {
  const step = ms < MINUTE_MS ? 5000 : ms < HOUR_MS ? MINUTE_MS : 5 * MINUTE_MS;
  return formatDuration(Math.max(step, Math.ceil(ms / step) * step), language);
}

/** "1,234" */
export const formatCount = (value: number, language: Language): string => number(language, {}).format(value);

/** "45 %" as the language writes it; whole per cents, and 100 only when all is done. */
export function formatShare(fraction: number, language: Language): string {
  const share = Math.floor(Math.min(1, Math.max(0, fraction)) * 100) / 100;
  return number(language, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** "12.4": with one digit after the point at most. */
export const formatTenths = (value: number, language: Language): string =>
  number(language, { maximumFractionDigits: 1 }).format(value);
