import { tileKey, type Tile } from './levels.js';

/** Fetches tiles a few at a time, in the order asked for, and lets go of those that are no longer wanted. */

const CONCURRENT = 4;

export interface TilePort {
  readonly has: (tile: Tile) => boolean;
  /** Fetches a tile and keeps it. */
  readonly load: (tile: Tile, signal: AbortSignal) => Promise<void>;
  readonly onLoaded: () => void;
  readonly onError: (error: unknown) => void;
}

export class TileLoader {
  private wanted: readonly Tile[] = [];
  private readonly running = new Map<string, AbortController>();
  /** Tiles that cannot be had; not asked for again until `forget`. */
  private readonly failed = new Set<string>();

  constructor(private readonly port: TilePort) {}

  /** Says which tiles are wanted from now on, the most wanted first. */
  want(tiles: readonly Tile[]): void {
    this.wanted = tiles;
    const keys = new Set(tiles.map(tileKey));
    for (const [key, controller] of this.running) {
      if (!keys.has(key)) controller.abort();
    }
    this.fill();
  }

  /** Tries again what has failed. */
  forget(): void {
    this.failed.clear();
    this.fill();
  }

  stop(): void {
    this.want([]);
  }

  private fill(): void {
    for (const tile of this.wanted) {
      if (this.running.size >= CONCURRENT) return;
      const key = tileKey(tile);
      if (!this.running.has(key) && !this.failed.has(key) && !this.port.has(tile)) void this.load(tile, key);
    }
  }

  private async load(tile: Tile, key: string): Promise<void> {
    const controller = new AbortController();
    this.running.set(key, controller);
    try {
      await this.port.load(tile, controller.signal);
      this.port.onLoaded();
    } catch (error) {
      if (!controller.signal.aborted) {
        this.failed.add(key);
        this.port.onError(error);
      }
    } finally {
      this.running.delete(key);
      this.fill();
    }
  }
}
