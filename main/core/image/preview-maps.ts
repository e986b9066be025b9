import type { Size } from './levels.js';
import type { Area, PreviewTile } from './preview-tiles.js';
import { STATISTICS_BLOCK_PX, STATISTICS_CELL_PX, StatisticsGrid } from './statistics.js';
import type { TrustJudgement } from './trust.js';

const alignDown = (value: number): number => Math.floor(value / STATISTICS_CELL_PX) * STATISTICS_CELL_PX;

/**
 * Gathers the statistics of a preview's tiles: `grid` for what is said of the region as a whole, and a map of its noise
 * and of the detail at risk, a value a block.
 */
export class PreviewMaps {
  readonly columns: number;
  readonly rows: number;
  /** Over all cells that the region touches. */
  readonly grid: StatisticsGrid;
  private readonly left: number;
  private readonly top: number;
  /** In [0,1], per block of the grid's area. */
  private readonly sigma: Float32Array;
  private readonly sigmaColumns: number;
  private detailLoss: readonly number[] | null = null;

  /** @param region within a level of size `level` */
  constructor(
    private readonly region: Area,
    level: Size,
  ) {
    this.columns = Math.ceil(region.width / STATISTICS_BLOCK_PX);
    this.rows = Math.ceil(region.height / STATISTICS_BLOCK_PX);
    this.left = alignDown(region.left);
    this.top = alignDown(region.top);
    const width = Math.min(level.width, region.left + region.width) - this.left;
    const height = Math.min(level.height, region.top + region.height) - this.top;
    this.grid = new StatisticsGrid(width, height);
    this.sigmaColumns = Math.ceil(width / STATISTICS_BLOCK_PX);
    this.sigma = new Float32Array(this.sigmaColumns * Math.ceil(height / STATISTICS_BLOCK_PX));
  }

  /** Adds what a tile's blocks say of its core: [STATISTICS_CHANNELS, input height / 8, input width / 8]. */
  add(blocks: Float32Array, { core, input }: PreviewTile): void {
    const tile = {
      left: input.left - this.left,
      top: input.top - this.top,
      right: input.left - this.left + input.width,
      bottom: input.top - this.top + input.height,
    };
    // Blocks that a core shares with its surroundings count where they begin.
    const snap = (value: number): number => Math.floor(value / STATISTICS_BLOCK_PX) * STATISTICS_BLOCK_PX;
    const own = {
      left: snap(core.left - this.left),
      top: snap(core.top - this.top),
      right: core.left + core.width - this.left,
      bottom: core.top + core.height - this.top,
    };
    this.grid.add(blocks, tile, own);
    const blockColumns = input.width / STATISTICS_BLOCK_PX;
    const plane = blockColumns * (input.height / STATISTICS_BLOCK_PX);
    for (let y = own.top; y < own.bottom; y += STATISTICS_BLOCK_PX) {
      for (let x = own.left; x < own.right; x += STATISTICS_BLOCK_PX) {
        const from = ((y - tile.top) * blockColumns + (x - tile.left)) / STATISTICS_BLOCK_PX;
        const at = (y * this.sigmaColumns + x) / STATISTICS_BLOCK_PX;
        this.sigma[at] = (blocks[from]! + blocks[from + plane]! + blocks[from + 2 * plane]!) / 3;
      }
    }
  }

  /** Takes the judgement of the grid, whose cells have all been reached. */
  judge(judgement: TrustJudgement | null): void {
    this.detailLoss = judgement?.detailLoss ?? null;
  }

  /**
   * The maps as RGBA, a pixel a block: red is the noise level, 255 being `peak` (in 8-bit units), green the detail at
   * risk, 255 being all of it.
   */
  toRgba(peak: number): Uint8Array {
    const { region, columns, rows, detailLoss } = this;
    const out = new Uint8Array(columns * rows * 4);
    // A region need not begin at a block: the block in which the middle of a map's block lies speaks for it.
    const place = (i: number, start: number, length: number): number =>
      start + Math.min(i * STATISTICS_BLOCK_PX + STATISTICS_BLOCK_PX / 2, length - 1);
    for (let row = 0; row < rows; row++) {
      const y = place(row, region.top - this.top, region.height);
      for (let column = 0; column < columns; column++) {
        const x = place(column, region.left - this.left, region.width);
        const block = Math.floor(y / STATISTICS_BLOCK_PX) * this.sigmaColumns + Math.floor(x / STATISTICS_BLOCK_PX);
        const cell = Math.floor(y / STATISTICS_CELL_PX) * this.grid.columns + Math.floor(x / STATISTICS_CELL_PX);
        const at = (row * columns + column) * 4;
        out[at] = Math.min(255, Math.round((this.sigma[block]! * 255 * 255) / peak));
        out[at + 1] = Math.round((detailLoss?.[cell] ?? 0) * 255);
        out[at + 3] = 255;
      }
    }
    return out;
  }
}
