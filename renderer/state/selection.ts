import { create } from 'zustand';
import type { PhotoId } from '../../preload/contract.js';

export interface SelectionState {
  readonly selected: ReadonlySet<PhotoId>;
  /** The photo that has the focus in the grid and is shown in the compare view; null: none. */
  readonly active: PhotoId | null;
  /** Where a range that is extended with Shift starts. */
  readonly anchor: PhotoId | null;
}

export const useSelection = create<SelectionState>(() => ({ selected: new Set(), active: null, anchor: null }));

/** What a click or an arrow key does to the selection, as people know it from file managers. */
export type SelectMode = 'replace' | 'toggle' | 'range';

/** Selects a photo; `order` is the list as shown, which ranges run over. */
export function select(id: PhotoId, mode: SelectMode, order: readonly PhotoId[]): void {
  useSelection.setState((state) => nextSelection(state, id, mode, order));
}

/** The selection after a click or key: pure. */
export function nextSelection(
  state: SelectionState,
  id: PhotoId,
  mode: SelectMode,
  order: readonly PhotoId[],
): SelectionState {
  if (mode === 'toggle') {
    const selected = new Set(state.selected);
    if (!selected.delete(id)) selected.add(id);
    return { selected, active: id, anchor: id };
  }
  const anchor = state.anchor;
  if (mode === 'range' && anchor !== null && order.includes(anchor)) {
    const [from, to] = [order.indexOf(anchor), order.indexOf(id)].sort((a, b) => a - b) as [number, number];
    return { selected: new Set(order.slice(from, to + 1)), active: id, anchor };
  }
  return { selected: new Set([id]), active: id, anchor: id };
}

export function selectAll(order: readonly PhotoId[]): void {
  useSelection.setState(({ active, anchor }) => ({
    selected: new Set(order),
    active: active ?? order[0] ?? null,
    anchor: anchor ?? order[0] ?? null,
  }));
}

export function clearSelection(): void {
  useSelection.setState({ selected: new Set() });
}

/** Drops photos that are gone or hidden from the selection; the focus goes to `next` where its photo is gone. */
export function keepSelected(kept: ReadonlySet<PhotoId>, next: PhotoId | null = null): void {
  useSelection.setState((state) => {
    const selected = new Set([...state.selected].filter((id) => kept.has(id)));
    return {
      selected: selected.size === state.selected.size ? state.selected : selected,
      active: state.active !== null && kept.has(state.active) ? state.active : next,
      anchor: state.anchor !== null && kept.has(state.anchor) ? state.anchor : next,
    };
  });
}
