import { useEffect, useState } from 'react';
import type { ExportPlan, ExportSettings, PhotoId } from '../../../preload/contract.js';
import { host } from '../../host.js';

/** Settings rest this long before the host is asked. */
const PLAN_DELAY_MS = 200;

export interface PlanState {
  readonly plan: ExportPlan | null;
  /** The settings have changed since. */
  readonly pending: boolean;
  /** Why there is no plan; null as long as nothing is known against it. */
  readonly error: unknown;
}

interface Answer {
  readonly for: ExportSettings;
  readonly plan: ExportPlan | null;
  readonly error: unknown;
}

/** What an export would do, asked anew when its settings come to rest; the last answer stays until the next. */
export function usePlan(photos: readonly PhotoId[], settings: ExportSettings): PlanState {
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        const plan = await host().call('queue.plan', { photos: [...photos], export: settings }, abort.signal);
        if (!abort.signal.aborted) setAnswer({ for: settings, plan, error: null });
      } catch (error) {
        if (!abort.signal.aborted) setAnswer({ for: settings, plan: null, error });
      }
    };
    const timer = setTimeout(() => void ask(), PLAN_DELAY_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [photos, settings]);
  return { plan: answer?.plan ?? null, pending: answer?.for !== settings, error: answer?.error ?? null };
}
