import { colourChannels, peakOf, type Pixels } from '../../main/core/image/pixels.js';
import { drawStrokes, textWidth } from './lettering.js';

/** An 8-bit RGB picture to draw on. */
export type Canvas = Pixels<Uint8Array>;

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** A rectangle in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture of one colour. */
export function createCanvas(width: number, height: number, colour: Colour): Canvas {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = colour[i % 3]!;
  return { width, height, channels: 3, data };
}

/**
 * Draws part of an image, pixel for pixel, into a box that is no larger than it; grey becomes RGB.
 *
 * @param focus which part where the image is taller: 0 its top, 1 its bottom; across it is always the middle
 */
export function drawImage(canvas: Canvas, image: Pixels, box: Box, focus: number): void {
  const left = Math.floor((image.width - box.width) / 2);
  const top = Math.floor((image.height - box.height) * focus);
  const scale = 255 / peakOf(image.data);
  const grey = colourChannels(image.channels) === 1;
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const from = ((top + y) * image.width + left + x) * image.channels;
      const to = ((box.y + y) * canvas.width + box.x + x) * 3;
      for (let c = 0; c < 3; c++) canvas.data[to + c] = Math.round(image.data[from + (grey ? 0 : c)]! * scale);
    }
  }
}

/** How a label is drawn. */
export interface TextStyle {
  /** Pixels per unit of the alphabet; small letters are 5 units high. */
  readonly scale: number;
  readonly colour: Colour;
  readonly align?: 'left' | 'right';
}

/** Draws a line of text; x is its left or right edge, y its baseline. */
export function drawText(canvas: Canvas, text: string, x: number, y: number, style: TextStyle): void {
  const { scale, colour } = style;
  const left = style.align === 'right' ? x - textWidth(text, scale) : x;
  drawStrokes(text, left, y, scale, (px, py, coverage) => {
    if (px < 0 || py < 0 || px >= canvas.width || py >= canvas.height) return;
    const to = (py * canvas.width + px) * 3;
    for (let c = 0; c < 3; c++) {
      const below = canvas.data[to + c]!;
      canvas.data[to + c] = Math.round(below + (colour[c]! - below) * coverage);
    }
  });
}
