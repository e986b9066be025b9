import { useEffect, useState } from 'react';
import type { ExportPlan, ExportSettings, PhotoId } from '../../../preload/contract.js';
import { host } from '../../host.js';
import { fail } from '../../state/session.js';

/** Settings rest this long before the host is asked. */
const PLAN_DELAY_MS = 200;

/** What an export would do, asked anew when its settings come to rest; the last answer stays until the next. */
export function usePlan(
  photos: readonly PhotoId[],
  settings: ExportSettings,
): { readonly plan: ExportPlan | null; readonly pending: boolean } {
  const [answer, setAnswer] = useState<{ readonly for: ExportSettings; readonly plan: ExportPlan } | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        const plan = await host().call('queue.plan', { photos: [...photos], export: settings }, abort.signal);
        if (!abort.signal.aborted) setAnswer({ for: settings, plan });
      } catch (error) {
        if (!abort.signal.aborted) fail(error);
      }
    };
    const timer = setTimeout(() => void ask(), PLAN_DELAY_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [photos, settings]);
  return { plan: answer?.plan ?? null, pending: answer?.for !== settings };
}
