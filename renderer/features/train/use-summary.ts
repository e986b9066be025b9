import { useEffect, useState } from 'react';
import type { PhotoId, PhotosSummary } from '../../../preload/contract.js';
import { host } from '../../host.js';

/** Choices that follow one another are asked about once. */
const SETTLE_MS = 200;

/** Which cameras took photos; null while the host looks, or where it cannot. */
export function useSummary(photos: readonly PhotoId[]): PhotosSummary | null {
  const [known, setKnown] = useState<{ key: string; summary: PhotosSummary } | null>(null);
  const key = photos.join();
  useEffect(() => {
    if (key === '') return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      host()
        .call('train.photos', { photos: key.split(',') as PhotoId[] }, abort.signal)
        .then((summary) => {
          setKnown({ key, summary });
        })
        // An engine that does not start says so itself.
        .catch(() => undefined);
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key]);
  return known?.key === key ? known.summary : null;
}
