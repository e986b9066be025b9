import type { Rgb01 } from './painter.js';

/** Colours of the window that the canvas needs. */
export interface ThemeColours {
  readonly checker1: Rgb01;
  readonly checker2: Rgb01;
}

/** The colours of the theme in force. */
export function themeColours(): ThemeColours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): Rgb01 => parseHex(style.getPropertyValue(name));
  return { checker1: read('--checker-1'), checker2: read('--checker-2') };
}

/** "#808080" as shares of 1; black for anything else. */
export function parseHex(text: string): Rgb01 {
  const digits = /^#([0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (digits === undefined) return [0, 0, 0];
  const channel = (at: number): number => Number.parseInt(digits.slice(at, at + 2), 16) / 255;
  return [channel(0), channel(2), channel(4)];
}
