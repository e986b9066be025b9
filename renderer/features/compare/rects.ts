import type { Region } from '../../../preload/contract.js';

/** Sets of rectangles of whole pixels: what of a level is there, and what is missing. */

export const areaOf = (rect: Region): number => rect.width * rect.height;
export const rightOf = (rect: Region): number => rect.left + rect.width;
export const bottomOf = (rect: Region): number => rect.top + rect.height;

/** What two rectangles share; null: nothing. */
export function intersect(a: Region, b: Region): Region | null {
  return between(
    Math.max(a.left, b.left),
    Math.max(a.top, b.top),
    Math.min(rightOf(a), rightOf(b)),
    Math.min(bottomOf(a), bottomOf(b)),
  );
}

function between(left: number, top: number, right: number, bottom: number): Region | null {
  return right > left && bottom > top ? { left, top, width: right - left, height: bottom - top } : null;
}

/** What is left of `a` without `b`: up to four rectangles that do not overlap, full rows above and below. */
export function subtract(a: Region, b: Region): readonly Region[] {
  const shared = intersect(a, b);
  if (shared === null) return [a];
  return [
    between(a.left, a.top, rightOf(a), shared.top),
    between(a.left, shared.top, shared.left, bottomOf(shared)),
    between(rightOf(shared), shared.top, rightOf(a), bottomOf(shared)),
    between(a.left, bottomOf(shared), rightOf(a), bottomOf(a)),
  ].filter((rect) => rect !== null);
}

/** What of `a` none of `others` covers. */
export function subtractAll(a: Region, others: readonly Region[]): readonly Region[] {
  return others.reduce<readonly Region[]>((left, other) => left.flatMap((rect) => subtract(rect, other)), [a]);
}

export const covers = (others: readonly Region[], a: Region): boolean => subtractAll(a, others).length === 0;

/** The smallest rectangle around all; there must be one. */
export function boundsOf(rects: readonly Region[]): Region {
  const left = Math.min(...rects.map((rect) => rect.left));
  const top = Math.min(...rects.map((rect) => rect.top));
  const width = Math.max(...rects.map(rightOf)) - left;
  const height = Math.max(...rects.map(bottomOf)) - top;
  return { left, top, width, height };
}

/** Grows a rectangle to multiples of `grid`, within a picture of this size. */
export function alignOut(
  rect: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  grid: number,
  size: { readonly width: number; readonly height: number },
): Region | null {
  return between(
    Math.max(0, Math.floor(rect.left / grid) * grid),
    Math.max(0, Math.floor(rect.top / grid) * grid),
    Math.min(size.width, Math.ceil((rect.left + rect.width) / grid) * grid),
    Math.min(size.height, Math.ceil((rect.top + rect.height) / grid) * grid),
  );
}

/** Distance of a rectangle's middle from a point, for doing first what is looked at. */
export function distanceTo(rect: Region, x: number, y: number): number {
  return Math.hypot(rect.left + rect.width / 2 - x, rect.top + rect.height / 2 - y);
}
