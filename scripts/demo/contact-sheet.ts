import type { Pixels } from '../../main/core/image/pixels.js';
import { createCanvas, drawImage, drawText, type Canvas, type Colour } from '../support/canvas.js';

/** One photo of the sheet: the same picture three times, and how near each is to the clean one. */
export interface SheetRow {
  readonly name: string;
  /** Where a tall photo is cut: 0 shows its top, 1 its bottom. */
  readonly focus: number;
  readonly noisy: Pixels;
  readonly denoised: Pixels;
  readonly clean: Pixels;
  /** PSNR in dB against the clean photo. */
  readonly psnrNoisy: number;
  readonly psnrDenoised: number;
}

const BACKGROUND: Colour = [22, 22, 24];
const HEADING: Colour = [240, 240, 240];
const LABEL: Colour = [165, 165, 170];
const GAIN: Colour = [125, 205, 150];

const MARGIN_PX = 24;
const GUTTER_PX = 12;
const HEADING_PX = 52;
const CAPTION_PX = 38;
/** Largest window onto a photo; pixel for pixel, since scaling down would hide the noise. */
const CELL_PX = { width: 448, height: 300 };
const HEADING_SCALE = 2.4;
const LABEL_SCALE = 1.9;

/** Draws photos as rows and noisy, denoised, original as columns, with the decibels under each. */
export function contactSheet(rows: readonly SheetRow[], headings: readonly [string, string, string]): Canvas {
  const cell = {
    width: Math.min(CELL_PX.width, ...rows.map((row) => row.clean.width)),
    height: Math.min(CELL_PX.height, ...rows.map((row) => row.clean.height)),
  };
  const stepX = cell.width + GUTTER_PX;
  const stepY = cell.height + CAPTION_PX;
  const sheet = createCanvas(
    2 * MARGIN_PX + 3 * stepX - GUTTER_PX,
    MARGIN_PX + HEADING_PX + rows.length * stepY,
    BACKGROUND,
  );
  headings.forEach((heading, column) => {
    drawText(sheet, heading, MARGIN_PX + column * stepX, MARGIN_PX + 22, { scale: HEADING_SCALE, colour: HEADING });
  });
  rows.forEach((row, index) => {
    const top = MARGIN_PX + HEADING_PX - 12 + index * stepY;
    const baseline = top + cell.height + 22;
    [row.noisy, row.denoised, row.clean].forEach((image, column) => {
      drawImage(sheet, image, { x: MARGIN_PX + column * stepX, y: top, ...cell }, row.focus);
    });
    const left = { scale: LABEL_SCALE, colour: LABEL };
    drawText(sheet, decibels(row.psnrNoisy), MARGIN_PX, baseline, left);
    drawText(sheet, decibels(row.psnrDenoised), MARGIN_PX + stepX, baseline, left);
    drawText(sheet, gain(row), MARGIN_PX + stepX + cell.width, baseline, {
      scale: LABEL_SCALE,
      colour: GAIN,
      align: 'right',
    });
    drawText(sheet, row.name, MARGIN_PX + 2 * stepX, baseline, left);
  });
  return sheet;
}

function decibels(value: number): string {
  return `${value.toFixed(1)} dB`;
}

function gain({ psnrNoisy, psnrDenoised }: SheetRow): string {
  const difference = psnrDenoised - psnrNoisy;
  return `${difference >= 0 ? '+' : ''}${decibels(difference)}`;
}
