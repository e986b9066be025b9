import type { ExistingPolicy, ExportPlan, WireError } from '../../../preload/contract.js';

/** What to tell the person about a plan before it is carried out: pure. */
export type PlanRemark =
  | { readonly level: 'error'; readonly kind: 'error'; readonly error: WireError }
  | { readonly level: 'warning'; readonly kind: 'nothing' }
  | { readonly level: 'info' | 'warning'; readonly kind: 'existing'; readonly policy: ExistingPolicy }
  | { readonly level: 'error' | 'warning'; readonly kind: 'space'; readonly needed: number; readonly free: number };

/** A disk that is filled further than this leaves no room for the system. */
const TIGHT = 0.9;

/** Remarks on a plan, the gravest first. `needed` is what the results will take up, in bytes. */
export function planRemarks(plan: ExportPlan, policy: ExistingPolicy, needed: number): PlanRemark[] {
  const remarks: PlanRemark[] = [];
  if (plan.error !== null) remarks.push({ level: 'error', kind: 'error', error: plan.error });
  if (plan.photos === 0) remarks.push({ level: 'warning', kind: 'nothing' });
  const space = spaceRemark(plan, policy, needed);
  if (space !== undefined) remarks.push(space);
  if (plan.existing > 0) {
    remarks.push({ level: policy === 'overwrite' ? 'warning' : 'info', kind: 'existing', policy });
  }
  return remarks;
}

function spaceRemark(plan: ExportPlan, policy: ExistingPolicy, needed: number): PlanRemark | undefined {
  const { freeBytes: free } = plan;
  if (free === null || plan.photos === 0) return undefined;
  const written = policy === 'skip' ? (needed * (plan.photos - plan.existing)) / plan.photos : needed;
  if (written > free) return { level: 'error', kind: 'space', needed: written, free };
  return written > free * TIGHT ? { level: 'warning', kind: 'space', needed: written, free } : undefined;
}

/** Whether a plan can be carried out. Space is an estimate, so it warns and does not forbid. */
export const canStart = (plan: ExportPlan | null): boolean => plan?.error === null && plan.photos > 0;
