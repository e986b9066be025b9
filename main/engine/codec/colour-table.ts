import { LUT_SIZE } from '../../../preload/contract.js';
import type { CarrierImage } from './carrier.js';

/**
 * The colour table of a photo: what sRGB values its own values stand for, on a grid. Pure; the conversion itself is the
 * codec's. sharp converts 8-bit samples straight to sRGB, 16-bit ones by way of P3: so 8-bit grids are converted, and
 * the table's colours, which lie between two 8-bit values on each axis, are interpolated.
 */

/** Largest difference, of 255, at which a profile counts as sRGB. */
const SRGB_TOLERANCE = 1;

const nodes = Array.from({ length: LUT_SIZE }, (_, i) => (i * 255) / (LUT_SIZE - 1));
/** The 8-bit values on either side of the nodes. */
const levels = [...new Set(nodes.flatMap((value) => [Math.floor(value), Math.ceil(value)]))];
const levelIndex = new Map(levels.map((value, i) => [value, i]));

/** The image to convert for a photo of so many channels: all combinations of the 8-bit values that the table needs. */
export function gridImage(channels: 1 | 3): CarrierImage {
  const side = levels.length;
  if (channels === 1) return { width: side, height: 1, channels, depth: 8, data: Uint8Array.from(levels) };
  const data = new Uint8Array(side ** 3 * 3);
  for (let i = 0; i < side ** 3; i++) {
    data[3 * i] = levels[i % side]!;
    data[3 * i + 1] = levels[Math.floor(i / side) % side]!;
    data[3 * i + 2] = levels[Math.floor(i / side ** 2)]!;
  }
  return { width: side * side, height: side, channels, depth: 8, data };
}

/**
 * The table (LUT_SIZE^3 RGBA, red fastest) from the grid's colours after conversion, as RGB; null if they are sRGB as
 * they were.
 */
export function colourTable(converted: Uint8Array, channels: 1 | 3): Uint8Array | null {
  const table = channels === 1 ? greyTable(converted) : colouredTable(converted);
  let most = 0;
  const out = new Uint8Array(table.length);
  for (let i = 0; i < LUT_SIZE ** 3; i++) {
    const identity = [
      nodes[i % LUT_SIZE]!,
      nodes[Math.floor(i / LUT_SIZE) % LUT_SIZE]!,
      nodes[Math.floor(i / LUT_SIZE ** 2)]!,
    ];
    for (let c = 0; c < 3; c++) {
      most = Math.max(most, Math.abs(table[4 * i + c]! - identity[c]!));
      out[4 * i + c] = Math.round(table[4 * i + c]!);
    }
    out[4 * i + 3] = 255;
  }
  return most <= SRGB_TOLERANCE ? null : out;
}

/** A grey photo is shown with equal channels, so each is mapped by itself. */
function greyTable(converted: Uint8Array): Float64Array {
  const mapped = nodes.map((value) => {
    const low = converted[levelIndex.get(Math.floor(value))! * 3]!;
    const high = converted[levelIndex.get(Math.ceil(value))! * 3]!;
    return low + (value - Math.floor(value)) * (high - low);
  });
  const table = new Float64Array(LUT_SIZE ** 3 * 4);
  for (let i = 0; i < LUT_SIZE ** 3; i++) {
    table[4 * i] = mapped[i % LUT_SIZE]!;
    table[4 * i + 1] = mapped[Math.floor(i / LUT_SIZE) % LUT_SIZE]!;
    table[4 * i + 2] = mapped[Math.floor(i / LUT_SIZE ** 2)]!;
  }
  return table;
}

function colouredTable(converted: Uint8Array): Float64Array {
  const side = levels.length;
  const corners = nodes.map((value) => {
    const share = value - Math.floor(value);
    const low = { index: levelIndex.get(Math.floor(value))!, weight: 1 - share };
    return share === 0 ? [low] : [low, { index: levelIndex.get(Math.ceil(value))!, weight: share }];
  });
  const table = new Float64Array(LUT_SIZE ** 3 * 4);
  for (let b = 0, at = 0; b < LUT_SIZE; b++) {
    for (let g = 0; g < LUT_SIZE; g++) {
      for (let r = 0; r < LUT_SIZE; r++, at += 4) {
        for (const blue of corners[b]!) {
          for (const green of corners[g]!) {
            for (const red of corners[r]!) {
              const weight = red.weight * green.weight * blue.weight;
              const from = (red.index + side * (green.index + side * blue.index)) * 3;
              for (let c = 0; c < 3; c++) table[at + c]! += weight * converted[from + c]!;
            }
          }
        }
      }
    }
  }
  return table;
}
