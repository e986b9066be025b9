import { describe, expect, it } from 'vitest';
import { createCanvas, drawImage, drawText, type Canvas } from '../../../scripts/support/canvas.js';
import { textWidth } from '../../../scripts/support/lettering.js';

/** Left, top, right and bottom of everything that is not black. */
const inkBox = ({ width, data }: Canvas): number[] => {
  const pixels = Array.from({ length: data.length / 3 }, (_, i) => i).filter((i) => data[3 * i] !== 0);
  const xs = pixels.map((i) => i % width);
  const ys = pixels.map((i) => Math.floor(i / width));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
};

const written = (text: string, x: number, align: 'left' | 'right'): Canvas => {
  const canvas = createCanvas(200, 60, [0, 0, 0]);
  drawText(canvas, text, x, 40, { scale: 2, colour: [255, 255, 255], align });
  return canvas;
};

describe('drawText', () => {
  it('fills exactly the width it says, above the baseline', () => {
    const [left, top, right, bottom] = inkBox(written('noise', 20, 'left'));
    expect(left).toBe(20);
    expect(Math.abs(right! + 1 - (20 + textWidth('noise', 2)))).toBeLessThanOrEqual(1);
    expect(top).toBeGreaterThanOrEqual(40 - 16);
    expect(Math.abs(bottom! - 40)).toBeLessThanOrEqual(1);
  });

  it('ends at x when aligned right', () => {
    expect(Math.abs(inkBox(written('+10.9 dB', 180, 'right'))[2]! - 179)).toBeLessThanOrEqual(1);
  });

  it('draws every letter and figure, each unlike the others', () => {
    const drawn = Array.from('abcdefghijklmnopqrstuvwxyz0123456789B.,+-/').map((letter) =>
      written(letter, 20, 'left').data.join(),
    );
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it('leaves a gap for what the alphabet lacks and stays inside the picture', () => {
    expect(textWidth('a#b', 2)).toBe(textWidth('a b', 2));
    expect(() => written('far too long for the picture it is drawn on', 150, 'left')).not.toThrow();
  });
});

describe('drawImage', () => {
  it('shows grey as RGB, 16-bit as 8-bit, cut where the focus says', () => {
    const tall = { width: 1, height: 3, channels: 1, data: Uint16Array.from([0, 32896, 65535]) };
    const shown = [0, 0.5, 1].map((focus) => {
      const canvas = createCanvas(1, 1, [9, 9, 9]);
      drawImage(canvas, tall, { x: 0, y: 0, width: 1, height: 1 }, focus);
      return [...canvas.data];
    });
    expect(shown).toEqual([
      [0, 0, 0],
      [128, 128, 128],
      [255, 255, 255],
    ]);
  });
});
