import type { BatchPlan } from '../app/batch.js';
import type { WireError } from '../app/errors.js';
import type { QueueItem } from '../app/queue-item.js';
import type { RunTotals } from './summary.js';

/** The JSON line of one photo; keys are always there, so that a script need not ask. */
export function itemLine(item: QueueItem): string {
  const { report } = item;
  return JSON.stringify({
    input: item.input,
    output: item.output,
    // What a stopped run leaves behind is, for this run, cancelled.
    status: item.state === 'waiting' || item.state === 'running' ? 'cancelled' : item.state,
    model: report?.fit?.used === 'fallback' ? report.fit.fallback : item.task.modelName,
    // The model that was asked for, where another one did the photo.
    replaced: report?.fit?.used === 'fallback' ? item.task.modelName : null,
    ...(item.error === null ? {} : { error: item.error }),
    ...(item.skipped === null ? {} : { reason: item.skipped }),
    width: report?.width ?? null,
    height: report?.height ?? null,
    ms: report === null ? null : Math.round(report.ms),
    sigma: report?.noise.sigma ?? null,
    trust: report?.trust?.score ?? null,
    verdict: report?.trust?.verdict ?? null,
    fit: report?.fit?.trust ?? null,
    ...(report === null || report.notes.length === 0 ? {} : { notes: report.notes }),
  });
}

/** The JSON line of an input that could not even be listed. */
export function problemLine(path: string, error: WireError): string {
  const unmeasured = { width: null, height: null, ms: null, sigma: null, trust: null, verdict: null, fit: null };
  return JSON.stringify({
    input: path,
    output: null,
    status: 'failed',
    error,
    model: null,
    replaced: null,
    ...unmeasured,
  });
}

/** The last JSON line of a run. */
export function summaryLine(totals: RunTotals, plan: Pick<BatchPlan, 'unsupported'>): string {
  const { waiting, cancelled, ...rest } = totals;
  const ms = Math.round(totals.ms);
  const summary = { ...rest, ms, cancelled: cancelled + waiting, unsupported: Object.fromEntries(plan.unsupported) };
  return JSON.stringify({ summary });
}
