import { WheelReader } from './wheel.js';
import type { Point } from './viewport.js';

/** What gestures on a pane ask for; lengths and points are CSS pixels from the element's corner. */
export interface GestureHandlers {
  readonly pan: (dx: number, dy: number) => void;
  readonly zoom: (factor: number, at: Point) => void;
  readonly toggle: (at: Point) => void;
  /** A single pointer is held down (true) or let go; never both fingers of a pinch. */
  readonly press?: (down: boolean) => void;
}

/** Controls that lie over the picture keep their own gestures. */
const CONTROLS = 'button, input, a, [role="slider"], [data-own-gestures]';

/** Taps closer in time and place than this are a double tap, which touch screens do not report as such. */
const DOUBLE_TAP_MS = 350;
const DOUBLE_TAP_PX = 24;
const TAP_SLOP_PX = 6;

/** Turns wheel, drag, pinch and double click on an element into moves of a viewport. Returns what undoes it. */
export function attachGestures(element: HTMLElement, handlers: GestureHandlers): () => void {
  const wheel = new WheelReader();
  const pointers = new Map<number, Point>();
  let tap: { readonly at: Point; readonly time: number } | null = null;
  let travelled = 0;
  let doubleTapAt = -Infinity;

  const locate = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const isOnControl = (event: Event): boolean =>
    event.target instanceof Element && event.target !== element && event.target.closest(CONTROLS) !== null;

  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const action = wheel.read(event);
    if (action.kind === 'zoom') handlers.zoom(action.factor, locate(event));
    else handlers.pan(action.dx, action.dy);
  };

  const onDown = (event: PointerEvent): void => {
    if ((event.pointerType === 'mouse' && event.button > 1) || isOnControl(event)) return;
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, locate(event));
    if (pointers.size === 1) {
      travelled = 0;
      handlers.press?.(true);
    } else handlers.press?.(false);
  };

  const onMove = (event: PointerEvent): void => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = locate(event);
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    pointers.set(event.pointerId, now);
    const other = others[0];
    if (other === undefined) {
      travelled += distance(before, now);
      handlers.pan(now.x - before.x, now.y - before.y);
      return;
    }
    travelled = Infinity;
    // The middle of both fingers moves by half of what one of them does.
    handlers.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    const spread = distance(before, other);
    if (spread > 0) handlers.zoom(distance(now, other) / spread, middle(now, other));
  };

  const onUp = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId) || pointers.size > 0) return;
    handlers.press?.(false);
    if (event.pointerType !== 'touch' || event.type !== 'pointerup' || travelled > TAP_SLOP_PX) return;
    const at = locate(event);
    if (tap !== null && event.timeStamp - tap.time < DOUBLE_TAP_MS && distance(at, tap.at) < DOUBLE_TAP_PX) {
      tap = null;
      doubleTapAt = event.timeStamp;
      handlers.toggle(at);
    } else tap = { at, time: event.timeStamp };
  };

  const onDoubleClick = (event: MouseEvent): void => {
    // A double tap has been told already.
    if (event.timeStamp - doubleTapAt > DOUBLE_TAP_MS && !isOnControl(event)) handlers.toggle(locate(event));
  };

  element.addEventListener('wheel', onWheel, { passive: false });
  element.addEventListener('pointerdown', onDown);
  element.addEventListener('pointermove', onMove);
  element.addEventListener('pointerup', onUp);
  element.addEventListener('pointercancel', onUp);
  element.addEventListener('dblclick', onDoubleClick);
  return () => {
    element.removeEventListener('wheel', onWheel);
    element.removeEventListener('pointerdown', onDown);
    element.removeEventListener('pointermove', onMove);
    element.removeEventListener('pointerup', onUp);
    element.removeEventListener('pointercancel', onUp);
    element.removeEventListener('dblclick', onDoubleClick);
  };
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
