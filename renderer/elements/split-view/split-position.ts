/** Where a divider goes for a key; shares of the width from the left. */

const STEP = 0.02;
const STEP_FAR = 0.1;

/** Keeps a position on the pane. */
export const clampSplit = (position: number): number => Math.min(1, Math.max(0, position));

/** The position after a key, as sliders have it; null: the key is none of theirs. */
export function splitAfterKey(position: number, key: string, shift: boolean): number | null {
  const step = shift ? STEP_FAR : STEP;
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return clampSplit(position - step);
    case 'ArrowRight':
    case 'ArrowUp':
      return clampSplit(position + step);
    case 'PageDown':
      return clampSplit(position - STEP_FAR);
    case 'PageUp':
      return clampSplit(position + STEP_FAR);
    case 'Home':
      return 0;
    case 'End':
      return 1;
    default:
      return null;
  }
}
