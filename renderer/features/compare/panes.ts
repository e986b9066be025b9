import type { CompareMode } from '../../../preload/contract.js';
import type { Box, Size } from '../../elements/pan-zoom/viewport.js';

/** How the canvas is divided among what a mode shows. */

export type PaneKind = 'original' | 'result' | 'removed' | 'noise' | 'risk';

export interface Pane {
  readonly kind: PaneKind;
  /** The rectangle that the viewport is laid over, in device pixels of the canvas. */
  readonly frame: Box;
  /** The part of it that is drawn. */
  readonly clip: Box;
}

/** Room between two panes side by side. */
export const GAP_CSS_PX = 2;

/** Width of one of two panes side by side. */
function halfWidth(size: Size, pixelRatio: number): number {
  return Math.max(1, Math.floor((size.width - Math.round(GAP_CSS_PX * pixelRatio)) / 2));
}

/** Size of the pane that the viewport is laid over; all panes of a mode have the same. */
export function paneSize(mode: CompareMode, size: Size, pixelRatio: number): Size {
  return mode === 'side' ? { width: halfWidth(size, pixelRatio), height: size.height } : size;
}

/** Left edge of the second of two panes side by side. */
export const secondLeft = (size: Size, pixelRatio: number): number => size.width - halfWidth(size, pixelRatio);

/** The panes of a mode; holding shows the original wherever something else would be. */
export function panesOf(mode: CompareMode, size: Size, split: number, holding: boolean, pixelRatio: number): Pane[] {
  const whole: Box = { left: 0, top: 0, width: size.width, height: size.height };
  const shown = (kind: PaneKind): PaneKind => (holding ? 'original' : kind);
  if (mode === 'split') {
    const edge = Math.round(size.width * split);
    return [
      { kind: 'original', frame: whole, clip: { ...whole, width: edge } },
      { kind: shown('result'), frame: whole, clip: { ...whole, left: edge, width: size.width - edge } },
    ];
  }
  if (mode === 'side') {
    const pane = { ...whole, width: halfWidth(size, pixelRatio) };
    const second = { ...pane, left: secondLeft(size, pixelRatio) };
    return [
      { kind: 'original', frame: pane, clip: pane },
      { kind: shown('result'), frame: second, clip: second },
    ];
  }
  return [{ kind: shown(mode), frame: whole, clip: whole }];
}
