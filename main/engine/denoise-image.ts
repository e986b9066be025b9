import { planRemoval, type RemovalPlan } from '../../preload/contract.js';
import type { DenoiseSettings, NoiseEstimate, RuntimeSettings, TrustReport } from '../../preload/contract.js';
import { AppError } from '../core/errors.js';
import type { DenoiseVariant } from '../core/image/denoise-graph.js';
import { givenNoise, reportNoise } from '../core/image/noise-report.js';
import { isNeutral, samplesLike, type PixelData } from '../core/image/pixels.js';
import { StatisticsGrid } from '../core/image/statistics.js';
import { packTile, tileCore, TileWriter } from '../core/image/tile-io.js';
import { planSquareTiles, planTiles, type TilePlan } from '../core/image/tiling.js';
import { judgeTrust } from '../core/image/trust.js';
import type { DecodedImage } from './codec.js';
import { tileAreaFor } from './memory.js';
import type { LoadedModel, ModelStore } from './models.js';
import type { Pause } from './mutex.js';
import type { RuntimeSession, RuntimeTensor } from './runtime.js';
import { choosePrecision, type SessionCache } from './sessions.js';

/** Progress of work on one image: share of its pixels in [0,1]. */
export type OnProgress = (fraction: number) => void;

export interface Denoised {
  readonly noise: NoiseEstimate;
  readonly trust: TrustReport | null;
}

/** Largest side of a tile: the CPU gains nothing beyond. */
const MAX_TILE_SIDE = 2048;
/** Sides of the tiles that accelerators are measured with: larger ones are known to come out wrong. */
export const SQUARES_PX = [256, 512, 1024] as const;
/** For one that was not measured. */
const DEFAULT_SQUARE = 512;
/** Overlap of tiles for a net whose output depends on the whole image: all that can be done is to feather. */
const UNBOUNDED_OVERLAP = 128;
/** Full-resolution values that the composed graph keeps alive around the net, in bytes per pixel of a tile. */
const GRAPH_BYTES_PER_PIXEL = 12;
/** The runtime's arena grows in powers of two and breaks up: its peak is about twice what is alive (measured). */
const ARENA_FACTOR = 2.1;

export interface Nets {
  readonly models: ModelStore;
  readonly sessions: SessionCache;
}

/**
 * Denoises an image in place: its samples are replaced tile by tile. Cancels between tiles, leaving the samples in
 * disorder. The JavaScript thread is given back after each tile, so that other photos' files are read and written.
 * @throws AppError engine/cancelled, engine/out-of-memory, engine/provider, model/*
 */
export async function denoiseInPlace(
  signal: AbortSignal,
  image: DecodedImage,
  settings: DenoiseSettings,
  runtime: RuntimeSettings,
  nets: Nets,
  onProgress: OnProgress,
  pause: Pause = alone,
): Promise<Denoised> {
  const neutral = isNeutral(image);
  const denoiser = await nets.models.denoiser(settings.model, choosePrecision(runtime));
  const plan = planRemoval(settings, neutral);
  if (plan.identity || settings.sigma === 0) {
    const noise =
      settings.sigma === null
        ? await estimateNoise(signal, image, runtime, nets, onProgress, pause)
        : givenNoise(settings.sigma, neutral);
    return { noise, trust: null };
  }
  const estimator = await nets.models.estimator();
  const variant: DenoiseVariant = {
    type: image.depth === 8 ? 'uint8' : 'uint16',
    channels: image.channels,
    neutral,
    blind: settings.sigma === null,
    secondPass: plan.secondPass,
    detail: settings.detail > 0,
  };
  const limits = {
    overlap: tileOverlap(denoiser, estimator) * (plan.secondPass ? 2 : 1),
    multiple: lcm(denoiser.multiple, 8),
  };
  const onCpu = nets.sessions.providerFor(denoiser, runtime) === 'cpu';
  const side = onCpu ? null : squareSide(image, runtime, limits);
  const session = (): Promise<RuntimeSession> => nets.sessions.denoise(denoiser, estimator, variant, runtime, side);
  const tiles =
    side === null
      ? planTiles(image.width, image.height, { ...limits, ...tileLimits(image, runtime, denoiser) })
      : planSquareTiles(image.width, image.height, { ...limits, side });
  const grid = new StatisticsGrid(image.width, image.height);
  const writer = new TileWriter(image, tiles);
  const scalars = scalarFeeds(plan, settings, neutral);
  await forEachTile({ signal, image, tiles, session, scalars, onProgress, pause }, (row, column, outputs) => {
    const { result, statistics } = outputs;
    const isPixels = result?.type === 'uint8' || result?.type === 'uint16';
    if (!isPixels || statistics?.type !== 'float32') {
      throw new AppError('engine/internal', 'the denoising graph did not give pixels and statistics');
    }
    writer.write(row, column, result.data);
    addStatistics(grid, tiles, row, column, statistics.data);
  });
  const judgement = judgeTrust(grid);
  return {
    noise: settings.sigma === null ? reportNoise(grid, neutral) : givenNoise(settings.sigma, neutral),
    trust: judgement && { score: judgement.score, verdict: judgement.verdict },
  };
}

/** Measures the noise of an image, which is left as it is. */
export async function estimateNoise(
  signal: AbortSignal,
  image: DecodedImage,
  runtime: RuntimeSettings,
  nets: Nets,
  onProgress: OnProgress,
  pause: Pause = alone,
): Promise<NoiseEstimate> {
  const estimator = await nets.models.estimator();
  const type = image.depth === 8 ? 'uint8' : 'uint16';
  const session = (): Promise<RuntimeSession> =>
    nets.sessions.estimate(estimator, { type, channels: image.channels }, runtime);
  const tiles = planTiles(image.width, image.height, {
    overlap: estimator.receptiveRadius,
    multiple: lcm(estimator.multiple, 8),
    ...tileLimits(image, runtime, estimator),
  });
  const grid = new StatisticsGrid(image.width, image.height);
  await forEachTile(
    { signal, image, tiles, session, scalars: {}, onProgress, pause },
    (row, column, { statistics }) => {
      if (statistics?.type !== 'float32') throw new AppError('engine/internal', 'the estimator gave no statistics');
      addStatistics(grid, tiles, row, column, statistics.data);
    },
  );
  return reportNoise(grid, isNeutral(image));
}

/** Work that nothing goes before. */
const alone: Pause = () => Promise.resolve(false);

interface TileRun {
  readonly signal: AbortSignal;
  readonly image: DecodedImage;
  readonly tiles: TilePlan;
  /** Asked again after a pause, in which the session may have made way for others. */
  readonly session: () => Promise<RuntimeSession>;
  readonly scalars: Readonly<Record<string, RuntimeTensor>>;
  readonly onProgress: OnProgress;
  readonly pause: Pause;
}

async function forEachTile(
  { signal, image, tiles, session, scalars, onProgress, pause }: TileRun,
  onTile: (row: number, column: number, outputs: Record<string, RuntimeTensor>) => void,
): Promise<void> {
  const { tileHeight, tileWidth, rows, columns } = tiles;
  const data = samplesLike(image.data, tileHeight * tileWidth * image.channels);
  const pixels = pixelTensor(data, [tileHeight, tileWidth, image.channels]);
  let opened = await session();
  for (let row = 0; row < rows.length; row++) {
    for (let column = 0; column < columns.length; column++) {
      if (await pause()) opened = await session();
      if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
      packTile(image, tiles, row, column, data);
      onTile(row, column, await opened.run({ pixels, ...scalars }));
      onProgress((row * columns.length + column + 1) / (rows.length * columns.length));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function addStatistics(grid: StatisticsGrid, tiles: TilePlan, row: number, column: number, blocks: Float32Array): void {
  const left = tiles.columns[column]!.start;
  const top = tiles.rows[row]!.start;
  const tile = { left, top, right: left + tiles.tileWidth, bottom: top + tiles.tileHeight };
  grid.add(blocks, tile, tileCore(tiles, row, column));
}

function pixelTensor(data: PixelData, dims: readonly number[]): RuntimeTensor {
  return data instanceof Uint8Array ? { type: 'uint8', dims, data } : { type: 'uint16', dims, data };
}

function scalarFeeds(plan: RemovalPlan, settings: DenoiseSettings, neutral: boolean): Record<string, RuntimeTensor> {
  const scalar = (value: number): RuntimeTensor => ({ type: 'float32', dims: [1], data: new Float32Array([value]) });
  return {
    luma_weight: scalar(plan.luma.first),
    ...(!neutral && { chroma_weight: scalar(plan.chroma.first) }),
    ...(plan.secondPass && { luma_second: scalar(plan.luma.second) }),
    ...(plan.secondPass && !neutral && { chroma_second: scalar(plan.chroma.second) }),
    ...(settings.sigma !== null && { sigma: scalar(settings.sigma / 255) }),
    ...(settings.detail > 0 && { detail: scalar(settings.detail) }),
  };
}

/** Neighbouring tiles share the nets' receptive radius, or what was measured: docs/decisions/0002-tile-overlap.md. */
export function tileOverlap(denoiser: LoadedModel, estimator: LoadedModel): number {
  const radius = denoiser.receptiveRadius + estimator.receptiveRadius;
  return denoiser.tileOverlap ?? (Number.isFinite(radius) ? radius : UNBOUNDED_OVERLAP);
}

/** How large the processor's tiles of a photo may be. */
export function tileLimits(
  image: { readonly data: Pick<PixelData, 'byteLength'> },
  runtime: Pick<RuntimeSettings, 'tile'>,
  model: LoadedModel,
): { maxArea: number; maxSide: number } {
  const bytesPerPixel = (model.activationBytesPerPixel + GRAPH_BYTES_PER_PIXEL) * ARENA_FACTOR;
  if (runtime.tile !== null) return { maxArea: runtime.tile ** 2, maxSide: runtime.tile };
  return { maxArea: tileAreaFor(image.data.byteLength, bytesPerPixel), maxSide: MAX_TILE_SIDE };
}

/**
 * Side of an accelerator's tiles: what was asked for or measured, within what they are known to do right and what the
 * overlap needs. A small photo takes a smaller one, of the few that there are.
 */
function squareSide(
  { width, height }: DecodedImage,
  { tile }: RuntimeSettings,
  { overlap, multiple }: { readonly overlap: number; readonly multiple: number },
): number {
  const roundUp = (side: number): number => Math.ceil(side / multiple) * multiple;
  const wanted = Math.min(tile ?? DEFAULT_SQUARE, SQUARES_PX.at(-1)!);
  const fits = SQUARES_PX.find((side) => side >= Math.max(width, height)) ?? Infinity;
  return roundUp(Math.min(Math.max(wanted, 2 * overlap), fits));
}

/** The least common multiple. */
export function lcm(a: number, b: number): number {
  const gcd = (x: number, y: number): number => (y === 0 ? x : gcd(y, x % y));
  return (a / gcd(a, b)) * b;
}
