import { useCallback, useEffect, useState } from 'react';
import type { PlaceId, PlaceListing } from '../../../preload/contract.js';
import { host } from '../../host.js';
import { errorCode } from '../../i18n/error-text.js';

export interface Listing {
  /** null: on its way. */
  readonly listing: PlaceListing | null;
  readonly error: unknown;
  readonly reload: () => void;
}

/** What is in a folder of the server; null: the folders that it was started with. */
export function useListing(at: PlaceId | null): Listing {
  const [attempt, setAttempt] = useState(0);
  const wanted = `${at ?? ''}/${attempt}`;
  const [answer, setAnswer] = useState<{ of: string; listing: PlaceListing | null; error: unknown } | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    host()
      .call('places.list', { place: at }, abort.signal)
      .then(
        (listing) => {
          setAnswer({ of: wanted, listing, error: null });
        },
        (error: unknown) => {
          if (errorCode(error) !== 'engine/cancelled') setAnswer({ of: wanted, listing: null, error });
        },
      );
    return () => {
      abort.abort();
    };
  }, [at, wanted]);
  const reload = useCallback(() => {
    setAttempt((before) => before + 1);
  }, []);
  const current = answer?.of === wanted ? answer : null;
  return { listing: current?.listing ?? null, error: current?.error ?? null, reload };
}
