import type { PhotoEntry, PhotoId } from '../../../preload/contract.js';
import type { View } from '../../state/view.js';

/** Which photos the button denoises: pure. */

export interface ScopeState {
  readonly view: View;
  readonly selected: ReadonlySet<PhotoId>;
  readonly active: PhotoId | null;
  /** As the grid shows them: in its order, without those that are filtered out. */
  readonly shown: readonly PhotoId[];
  readonly photos: ReadonlyMap<PhotoId, PhotoEntry>;
}

export interface Scope {
  /** What the button itself does. */
  readonly kind: 'this' | 'selected' | 'all' | 'nothing';
  readonly photos: readonly PhotoId[];
  /** What its menu offers. */
  readonly selected: readonly PhotoId[];
  readonly all: readonly PhotoId[];
}

/** How many photos each of them is. */
export interface ScopeSize {
  readonly kind: Scope['kind'];
  readonly count: number;
  readonly selected: number;
  readonly all: number;
}

export const scopeSize = ({ kind, photos, selected, all }: Scope): ScopeSize => ({
  kind,
  count: photos.length,
  selected: selected.length,
  all: all.length,
});

/**
 * The selection, else all that are shown; the photo that is looked at while comparing, unless it is one of several that
 * are selected. Files that cannot be read are left out.
 */
export function denoiseScope({ view, selected, active, shown, photos }: ScopeState): Scope {
  const readable = (id: PhotoId): boolean => photos.get(id)?.error === null;
  const all = shown.filter(readable);
  const chosen = chosenOf(selected, all, readable);
  const offers = { selected: chosen, all };
  if (view === 'compare' && active !== null && readable(active) && !(chosen.length > 1 && selected.has(active))) {
    return { kind: 'this', photos: [active], ...offers };
  }
  if (chosen.length > 0) return { kind: 'selected', photos: chosen, ...offers };
  return all.length > 0 ? { kind: 'all', photos: all, ...offers } : { kind: 'nothing', photos: [], ...offers };
}

/** The selected photos: in the grid's order, then those that it does not show. */
function chosenOf(
  selected: ReadonlySet<PhotoId>,
  all: readonly PhotoId[],
  readable: (id: PhotoId) => boolean,
): readonly PhotoId[] {
  // Asked with every change of ten thousand photos, mostly with few selected or none.
  if (selected.size === 0) return [];
  const inOrder = all.filter((id) => selected.has(id));
  if (inOrder.length === selected.size) return inOrder;
  const visible = new Set(inOrder);
  return [...inOrder, ...[...selected].filter((id) => !visible.has(id) && readable(id))];
}
