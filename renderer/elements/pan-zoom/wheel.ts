/**
 * What a turn of the wheel means. Browsers tell neither whether a wheel event comes from a mouse or a trackpad nor that
 * a trackpad is pinched other than by a Ctrl key that nobody holds. As in Squoosh and Lightroom a mouse wheel zooms;
 * two fingers on a trackpad pan, as in maps and drawing programs, since they can pinch to zoom.
 */

export interface WheelInput {
  readonly deltaX: number;
  readonly deltaY: number;
  /** 0: pixels, 1: lines, 2: pages. */
  readonly deltaMode: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly timeStamp: number;
}

export type WheelAction =
  | { readonly kind: 'zoom'; readonly factor: number }
  /** CSS pixels that the picture moves. */
  | { readonly kind: 'pan'; readonly dx: number; readonly dy: number };

const LINE_PX = 16;
const PAGE_PX = 400;
/** Zoom of a mouse wheel's notch of 100 px, as a power of two. */
const OCTAVES_PER_PX = 0.005;
/** Pinches report smaller deltas. */
const OCTAVES_PER_PINCH_PX = 0.015;
const MOST_OCTAVES = 1;
/** Events closer than this belong to one gesture, which keeps its meaning. */
const GESTURE_MS = 250;
/** A mouse's notch is at least this many pixels; a trackpad starts with a few. */
const NOTCH_PX = 50;

/** Tells gestures apart; one per element, since a gesture lasts over several events. */
export class WheelReader {
  private trackpad = false;
  private last = -Infinity;

  read(input: WheelInput): WheelAction {
    const unit = input.deltaMode === 1 ? LINE_PX : input.deltaMode === 2 ? PAGE_PX : 1;
    const dx = input.deltaX * unit;
    const dy = input.deltaY * unit;
    if (input.ctrlKey || input.metaKey) {
      const pinch = input.deltaMode === 0 && Math.abs(dy) < NOTCH_PX;
      return { kind: 'zoom', factor: zoomFactor(dy * (pinch ? OCTAVES_PER_PINCH_PX : OCTAVES_PER_PX)) };
    }
    if (input.timeStamp - this.last > GESTURE_MS) {
      this.trackpad = input.deltaMode === 0 && !input.shiftKey && (dx !== 0 || Math.abs(dy) < NOTCH_PX);
    }
    this.last = input.timeStamp;
    if (input.shiftKey) return { kind: 'pan', dx: -(dx === 0 ? dy : dx), dy: 0 };
    if (this.trackpad || dx !== 0) return { kind: 'pan', dx: -dx, dy: -dy };
    return { kind: 'zoom', factor: zoomFactor(dy * OCTAVES_PER_PX) };
  }
}

function zoomFactor(octaves: number): number {
  return 2 ** -Math.min(MOST_OCTAVES, Math.max(-MOST_OCTAVES, octaves));
}
