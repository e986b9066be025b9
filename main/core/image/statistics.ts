/**
 * Statistics that the denoising graph reports for every 8x8 block of a tile, gathered here into 32x32 cells of the
 * whole image. They are what the noise report and the trust check are made of, so neither needs the pixels again.
 */

/** Side of the blocks that the graph averages over, in pixels. */
export const STATISTICS_BLOCK_PX = 8;

/** Side of the cells that blocks are gathered into, in pixels: enough samples for a correlation, still local. */
export const STATISTICS_CELL_PX = 32;

/**
 * Channels of the graph's `statistics` output, in order: block means, in units of [0,1] or their squares. `removed` is
 * the luma of what the net takes away, y the luma of what it leaves, and Ly is y minus its 3x3 mean.
 */
export const STATISTICS_CHANNELS = [
  'sigmaRed',
  'sigmaGreen',
  'sigmaBlue',
  'luma', // y
  'removedEnergy', // removed^2
  'removedNeighbour', // removed times the mean of its right and lower neighbour: lag-1 autocovariance
  'removedDetail', // removed times Ly: covariance of what was taken with the picture's fine detail
  'gradientEnergy', // squared gradient of y
  'detailEnergy', // Ly^2
] as const;

export type StatisticsChannel = (typeof STATISTICS_CHANNELS)[number];

/** A rectangle of the image in pixels; right and bottom are exclusive. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Means per cell of the whole image, gathered tile by tile. */
export class StatisticsGrid {
  readonly columns: number;
  readonly rows: number;
  private readonly sums: Record<StatisticsChannel, Float64Array>;
  private readonly counts: Uint32Array;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.columns = Math.ceil(width / STATISTICS_CELL_PX);
    this.rows = Math.ceil(height / STATISTICS_CELL_PX);
    const cells = this.columns * this.rows;
    this.counts = new Uint32Array(cells);
    this.sums = Object.fromEntries(STATISTICS_CHANNELS.map((channel) => [channel, new Float64Array(cells)])) as Record<
      StatisticsChannel,
      Float64Array
    >;
  }

  /**
   * Adds the blocks of one tile that lie in `core`, the part of the image for which this tile speaks: cores of
   * different tiles must not overlap.
   * @param blocks [channels, tileHeight / 8, tileWidth / 8], the channels being the first of STATISTICS_CHANNELS
   * @param tile where the tile lies in the image; left and top are multiples of 8
   */
  add(blocks: Float32Array, tile: Rectangle, core: Rectangle): void {
    const blockColumns = Math.ceil((tile.right - tile.left) / STATISTICS_BLOCK_PX);
    const blockRows = Math.ceil((tile.bottom - tile.top) / STATISTICS_BLOCK_PX);
    const plane = blockColumns * blockRows;
    const channels = STATISTICS_CHANNELS.slice(0, blocks.length / plane);
    for (let row = 0; row < blockRows; row++) {
      const y = tile.top + row * STATISTICS_BLOCK_PX;
      if (y < core.top || y >= core.bottom || y >= this.height) continue;
      const cellRow = Math.floor(y / STATISTICS_CELL_PX) * this.columns;
      for (let column = 0; column < blockColumns; column++) {
        const x = tile.left + column * STATISTICS_BLOCK_PX;
        if (x < core.left || x >= core.right || x >= this.width) continue;
        const cell = cellRow + Math.floor(x / STATISTICS_CELL_PX);
        this.counts[cell]!++;
        const at = row * blockColumns + column;
        channels.forEach((channel, i) => {
          this.sums[channel][cell]! += blocks[i * plane + at]!;
        });
      }
    }
  }

  /** Mean of a channel in every cell that was reached, in the order of the cells. */
  means(channel: StatisticsChannel): number[] {
    const sums = this.sums[channel];
    const means: number[] = [];
    this.counts.forEach((count, cell) => {
      if (count > 0) means.push(sums[cell]! / count);
    });
    return means;
  }
}
