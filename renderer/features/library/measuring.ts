import { useEffect } from 'react';
import type { PhotoEntry } from '../../../preload/contract.js';
import { host } from '../../host.js';

/** Asks for the noise of photos as they come into view. */

const ASKS_AFTER_MS = 400;
/** How many beyond the view are asked for, when those in view are known. */
const AHEAD = 60;

/** The photos to measure next: those in view first, then some that follow; pure. */
export function toMeasure(photos: readonly PhotoEntry[], first: number, last: number): PhotoEntry['id'][] {
  const needs = ({ noise, error }: PhotoEntry): boolean => noise === null && error === null;
  const wanted = photos.slice(first, last).filter(needs);
  const most = wanted.length + AHEAD;
  for (let i = last; i < photos.length && wanted.length < most; i++) if (needs(photos[i]!)) wanted.push(photos[i]!);
  return wanted.map(({ id }) => id);
}

/** Has the noise of the photos in view measured, when the view has come to rest. */
export function useMeasuring(photos: readonly PhotoEntry[], first: number, last: number): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      const wanted = toMeasure(photos, first, last);
      // A measurement that cannot be had is no news: the meter stays empty.
      if (wanted.length > 0)
        void host()
          .call('library.measure', { photos: wanted })
          .catch(() => undefined);
    }, ASKS_AFTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [photos, first, last]);
}
