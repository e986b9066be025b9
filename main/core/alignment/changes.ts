import { medianOf } from './plane.js';
import type { Remainder } from './motion.js';

/** Finds where a picture changed between two frames that otherwise lie upon each other: something moved, came or went. */

/** What changed, in blocks of the picture. */
export interface Changes {
  /** Share of the blocks that changed, in [0,1]. */
  readonly share: number;
  /** Blocks that changed. */
  readonly blocks: number;
}

/** Side of a block in samples of the remainder. */
const BLOCK_PX = 16;
/** Steps of brightness at which the frames' tones are compared. */
const TONES = 24;
/** Noise depends on brightness: a block is compared with those that are about as bright. */
const BRIGHTNESS_BINS = 8;
/** Blocks without which a bin says nothing of its own. */
const LEAST_BLOCKS = 8;
/** Share of the blocks of a bin, the quieter, that say how strong noise is there. */
const QUIET_SHARE = 0.4;
/** Mean square of the difference, of that of noise, above which a block is no noise... */
const MOST_OF_NOISE = 6;
/** ...unless it is what a shift by so many samples would leave: edges and interpolation. */
const TOLERATED_SHIFT = 0.35;
/** Mean squares below that of two levels of 255 are nothing that anyone sees. */
const LEAST_SQUARE = (2 / 255) ** 2;

interface Block {
  readonly brightness: number;
  readonly square: number;
  readonly slope: number;
}

export function findChanges({ reference, difference }: Remainder): Changes {
  const { width, height } = reference;
  const even = withoutTone(reference.data, difference.data);
  const blocks = measureBlocks(reference.data, even, width, height);
  if (blocks.length === 0) return { share: 0, blocks: 0 };
  const all = quietOf(blocks);
  const noise = Array.from({ length: BRIGHTNESS_BINS }, (_, bin) => {
    const alike = blocks.filter(({ brightness }) => binOf(brightness) === bin);
    return alike.length < LEAST_BLOCKS ? all : quietOf(alike);
  });
  const changed = blocks.filter(({ brightness, square, slope }) => {
    const expected = noise[binOf(brightness)]!;
    return square > MOST_OF_NOISE * expected && square - expected > TOLERATED_SHIFT ** 2 * slope + LEAST_SQUARE;
  }).length;
  return { share: changed / blocks.length, blocks: changed };
}

const binOf = (brightness: number): number =>
  Math.min(BRIGHTNESS_BINS - 1, Math.max(0, Math.floor(brightness * BRIGHTNESS_BINS)));

function quietOf(blocks: readonly Block[]): number {
  const sorted = blocks.map(({ square }) => square).sort((a, b) => a - b);
  return sorted[Math.floor(QUIET_SHARE * sorted.length)]!;
}

/** The difference less its median at each brightness: a tone curve that is a little another moved nothing. */
function withoutTone(reference: Float32Array, difference: Float32Array): Float32Array {
  const toneOf = (brightness: number): number => Math.min(TONES - 1, Math.max(0, Math.floor(brightness * TONES)));
  const values = Array.from({ length: TONES }, (): number[] => []);
  difference.forEach((value, at) => {
    if (!Number.isNaN(value)) values[toneOf(reference[at]!)]!.push(value);
  });
  const medians = values.map((all) => medianOf(all));
  return difference.map((value, at) => value - medians[toneOf(reference[at]!)]!);
}

function measureBlocks(reference: Float32Array, difference: Float32Array, width: number, height: number): Block[] {
  const blocks: Block[] = [];
  // Half a block on each time, so that nothing is halved by a border.
  for (let top = 1; top + BLOCK_PX < height; top += BLOCK_PX / 2) {
    for (let left = 1; left + BLOCK_PX < width; left += BLOCK_PX / 2) {
      let [brightness, square, slope, count] = [0, 0, 0, 0];
      for (let y = top; y < top + BLOCK_PX; y++) {
        for (let x = left; x < left + BLOCK_PX; x++) {
          const at = y * width + x;
          const e = difference[at]!;
          if (Number.isNaN(e)) continue;
          const gx = (reference[at + 1]! - reference[at - 1]!) / 2;
          const gy = (reference[at + width]! - reference[at - width]!) / 2;
          count++;
          brightness += reference[at]!;
          square += e * e;
          slope += gx * gx + gy * gy;
        }
      }
      if (count === BLOCK_PX ** 2) {
        blocks.push({ brightness: brightness / count, square: square / count, slope: slope / count });
      }
    }
  }
  return blocks;
}
