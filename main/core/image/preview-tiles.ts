import type { Size } from './levels.js';
import type { PixelData, Pixels } from './pixels.js';
import { peakOf } from './pixels.js';
import { PREVIEW_TILE } from './preview-graph.js';
import { mirrorIndex } from './tiling.js';

/** A rectangle in pixels of a level. */
export interface Area extends Size {
  readonly left: number;
  readonly top: number;
}

/** One run of the net for a preview. */
export interface PreviewTile {
  /** The part of the region for which this tile speaks. */
  readonly core: Area;
  /** What the net sees: the core and its surroundings, on the grid of `multiple`; beyond the level it is mirrored. */
  readonly input: Area;
}

export interface PreviewTiling {
  /** Pixels around a core that the net has to see, as far as the level has them. */
  readonly margin: number;
  /** Sides and places of an input are multiples of this, as in the denoising of a whole photo. */
  readonly multiple: number;
  /** Largest side of an input, as long as the margin leaves room for a core in it. */
  readonly maxSide: number;
}

/** Cores are at least this wide and high, however far the net sees. */
const LEAST_CORE_PX = 64;

const down = (value: number, multiple: number): number => Math.floor(value / multiple) * multiple;
const up = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/** Cuts a region of a level into tiles of about one size, those nearest to its middle first. */
export function planPreview(level: Size, region: Area, tiling: PreviewTiling): PreviewTile[] {
  const columns = cutAxis(region.left, region.width, level.width, tiling);
  const rows = cutAxis(region.top, region.height, level.height, tiling);
  const tiles = rows.flatMap((row) =>
    columns.map((column): PreviewTile => {
      const area = (x: Span, y: Span): Area => ({ left: x.start, top: y.start, width: x.size, height: y.size });
      return { core: area(column.core, row.core), input: area(column.input, row.input) };
    }),
  );
  const off = ({ core }: PreviewTile): number => {
    const x = core.left + core.width / 2 - (region.left + region.width / 2);
    const y = core.top + core.height / 2 - (region.top + region.height / 2);
    return x * x + y * y;
  };
  return tiles.sort((a, b) => off(a) - off(b));
}

interface Span {
  readonly start: number;
  readonly size: number;
}

function cutAxis(
  start: number,
  length: number,
  levelLength: number,
  { margin, multiple, maxSide }: PreviewTiling,
): { core: Span; input: Span }[] {
  const first = down(start, multiple);
  const end = start + length;
  const most = Math.max(up(LEAST_CORE_PX, multiple), down(maxSide - 2 * up(margin, multiple), multiple));
  const step = up((end - first) / Math.ceil((end - first) / most), multiple);
  const spans: { core: Span; input: Span }[] = [];
  for (let at = first; at < end; at += step) {
    const from = Math.max(start, at);
    const to = Math.min(end, at + step);
    const inputStart = Math.max(0, down(at - margin, multiple));
    const inputEnd = Math.min(up(levelLength, multiple), up(to + margin, multiple));
    spans.push({ core: { start: from, size: to - from }, input: { start: inputStart, size: inputEnd - inputStart } });
  }
  return spans;
}

/** The part of a tile's input that lies within the level. */
export function withinLevel(input: Area, level: Size): Area {
  const width = Math.min(input.width, level.width - input.left);
  const height = Math.min(input.height, level.height - input.top);
  return { left: input.left, top: input.top, width, height };
}

/**
 * The tile as the preview graph takes it: colours without alpha, grey in all three, 8 bits widened to 16; what lies
 * beyond the level is mirrored.
 * @param pixels the part of `input` that lies within the level
 */
export function packPreviewTile(pixels: Pixels, input: Area): Uint16Array {
  const { width, height, channels, data } = pixels;
  const tile = new Uint16Array(input.width * input.height * PREVIEW_TILE.channels);
  const scale = 65535 / peakOf(data);
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  let to = 0;
  for (let y = 0; y < input.height; y++) {
    const row = mirrorIndex(y, height) * width;
    for (let x = 0; x < input.width; x++, to += PREVIEW_TILE.channels) {
      const from = (row + (x < width ? x : mirrorIndex(x, width))) * channels;
      tile[to] = data[from]! * scale;
      tile[to + 1] = data[from + green]! * scale;
      tile[to + 2] = data[from + blue]! * scale;
    }
  }
  return tile;
}

/** The rectangle of a core out of an input-sized image of interleaved 8-bit samples. */
export function cropToCore(data: PixelData, channels: number, { core, input }: PreviewTile): Uint8Array {
  const out = new Uint8Array(core.width * core.height * channels);
  const stride = input.width * channels;
  const rowSize = core.width * channels;
  const start = (core.top - input.top) * stride + (core.left - input.left) * channels;
  for (let y = 0; y < core.height; y++) {
    out.set(data.subarray(start + y * stride, start + y * stride + rowSize), y * rowSize);
  }
  return out;
}
