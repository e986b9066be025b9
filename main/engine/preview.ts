import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MAP_BLOCK_PX, MAP_NOISE_PEAK, type NoiseEstimate, type TrustReport } from '../../preload/contract.js';
import type { EngineResult, PreviewFiles, PreviewJob } from '../../preload/engine-protocol.js';
import { AppError } from '../core/errors.js';
import { givenNoise, reportNoise } from '../core/image/noise-report.js';
import { PREVIEW_TILE, PREVIEW_ZERO } from '../core/image/preview-graph.js';
import { PreviewMaps } from '../core/image/preview-maps.js';
import {
  cropToCore,
  packPreviewTile,
  planPreview,
  withinLevel,
  type PreviewTile,
} from '../core/image/preview-tiles.js';
import { toRgba8 } from '../core/image/rgba.js';
import { judgeTrust } from '../core/image/trust.js';
import { writeCacheFile } from './atomic-file.js';
import { lcm, tileOverlap, type Nets } from './denoise-image.js';
import type { PreviewFits } from './preview-fits.js';
import type { LoadedModel } from './models.js';
import type { Pause } from './mutex.js';
import { readManifest, type Manifest } from './pyramid.js';
import { checkRegion, readRegion } from './region.js';
import type { RuntimeTensor } from './runtime.js';
import { choosePrecision } from './sessions.js';

/**
 * Denoises what is on the screen. Tiles are small, so that a newer preview need not wait long for this one to end; each
 * is given as soon as it is there. Where that takes a while, a draft of the whole region by the fast model goes first.
 */

/**
 * A tile costs about so many multiply-adds, half a second on two cores, since a run of the net cannot be interrupted: a
 * cheap net gets large tiles, whose overlaps and comings and goings cost less.
 */
const TILE_MACS = 70e9;
/** Largest sides of a tile as the net sees it: the least for any net, and what accelerators are known to do right. */
const INPUT_PX = { least: 512, most: 1024 } as const;
/** Tiles of a region from which nothing is removed: no net runs. */
const PLAIN_TILE_PX = 1024;
const DRAFT_MODEL = 'fast';
/** A draft is made where it costs less than this share of what was asked for, and that is more than so many tiles. */
const DRAFT = { costShare: 0.5, moreThanTiles: 2 } as const;

/**
 * So long the processor is left to the window once a draft is there: a net that takes all cores would keep it from being
 * fetched and painted for twice that.
 */
const DRAFT_SHOWN_MS = 200;

type Result = EngineResult<'preview'>;
type Give = (part: PreviewFiles) => void;

/** One run over the region. */
interface Pass {
  readonly model: LoadedModel;
  readonly secondPass: boolean;
  readonly draft: boolean;
  readonly tiles: readonly PreviewTile[];
}

/**
 * Previews a region of an unpacked photo.
 * @throws AppError engine/cancelled between tiles; input/not-found when the photo was cleared away; usage/invalid;
 *   output/*, model/*, engine/*
 */
export async function previewRegion(
  signal: AbortSignal,
  job: PreviewJob,
  nets: Nets & { readonly fits: PreviewFits },
  pause: Pause,
  give: Give,
): Promise<Result> {
  const start = performance.now();
  const manifest = await readManifest(job.folder);
  const { model, fit } = await nets.fits.settle(signal, job, manifest, nets, pause);
  const run = new PreviewRun(signal, { ...job, model }, manifest, nets, pause, give);
  return { ...(await run.finish()), ...(fit && { fit }), ms: performance.now() - start };
}

class PreviewRun {
  private files = 0;
  private readonly level: { readonly width: number; readonly height: number };

  constructor(
    private readonly signal: AbortSignal,
    private readonly job: PreviewJob,
    private readonly manifest: Manifest,
    private readonly nets: Nets,
    private readonly pause: Pause,
    private readonly give: Give,
  ) {
    checkRegion(manifest, job.level, job.region);
    this.level = manifest.levels[job.level]!;
  }

  async finish(): Promise<Omit<Result, 'ms'>> {
    const { job, manifest } = this;
    const maps = new PreviewMaps(job.region, this.level);
    let noise: NoiseEstimate;
    let trust: TrustReport | null = null;
    if (job.sigma === 0) {
      await this.runPlain();
      noise = givenNoise(0, manifest.neutral);
    } else {
      for (const pass of await this.passes()) {
        await this.runPass(pass, pass.draft ? null : maps);
        if (pass.draft) await this.letDraftBeSeen();
      }
      const judgement = judgeTrust(maps.grid);
      noise = job.sigma === null ? reportNoise(maps.grid, manifest.neutral) : givenNoise(job.sigma, manifest.neutral);
      trust = judgement && { score: judgement.score, verdict: judgement.verdict };
      maps.judge(judgement);
    }
    const file = join(job.output, `${job.prefix}maps.rgba`);
    await writeCacheFile(file, maps.toRgba(MAP_NOISE_PEAK));
    return { noise, trust, maps: { file, width: maps.columns, height: maps.rows } };
  }

  /** What is run over the region: the chosen model, after a draft where that is much cheaper. */
  private async passes(): Promise<Pass[]> {
    const { models } = this.nets;
    const { job } = this;
    const chosen = await this.planPass(
      await models.denoiser(job.model, choosePrecision(job.runtime)),
      job.secondPass,
      false,
    );
    if (chosen.tiles.length <= DRAFT.moreThanTiles) return [chosen];
    const fast = await models.denoiser(DRAFT_MODEL, choosePrecision(job.runtime)).catch((error: unknown) => {
      // Someone's own set of models need not have it.
      if (error instanceof AppError && error.code === 'model/not-found') return null;
      throw error;
    });
    if (fast === null) return [chosen];
    const draft = await this.planPass(fast, false, true);
    return costOf(draft) < DRAFT.costShare * costOf(chosen) ? [draft, chosen] : [chosen];
  }

  private async planPass(model: LoadedModel, secondPass: boolean, draft: boolean): Promise<Pass> {
    const estimator = await this.nets.models.estimator();
    const passes = secondPass ? 2 : 1;
    const overlap = tileOverlap(model, estimator) * passes;
    const multiple = lcm(model.multiple, MAP_BLOCK_PX);
    const affordable = Math.sqrt(TILE_MACS / (model.macsPerPixel * passes + estimator.macsPerPixel));
    const side = Math.min(INPUT_PX.most, Math.max(INPUT_PX.least, affordable));
    const maxSide = Math.min(side, this.job.runtime.tile ?? side);
    // Tiles of a whole photo meet in the middle of their overlap: so far a core is from what falsifies it.
    const tiles = planPreview(this.level, this.job.region, { margin: Math.ceil(overlap / 2), multiple, maxSide });
    return { model, secondPass, draft, tiles };
  }

  private async runPass({ model, secondPass, draft, tiles }: Pass, maps: PreviewMaps | null): Promise<void> {
    const { job, manifest, nets } = this;
    const estimator = await nets.models.estimator();
    const variant = { neutral: manifest.neutral, blind: job.sigma === null, secondPass };
    for (const tile of tiles) {
      await this.takeTurn();
      const session = await nets.sessions.preview(model, estimator, variant, job.runtime);
      const { input } = tile;
      const seen = await readRegion(job.folder, manifest, job.level, withinLevel(input, this.level));
      const outputs = await session.run({
        pixels: {
          type: PREVIEW_TILE.type,
          dims: [input.height, input.width, PREVIEW_TILE.channels],
          data: packPreviewTile(seen, input),
        },
        ...(job.sigma !== null && {
          sigma: { type: 'float32', dims: [1], data: new Float32Array([job.sigma / 255]) } as const,
        }),
      });
      const parts = (name: string): Uint8Array => cropToCore(bytesOf(outputs[name]), 4, tile);
      const second = secondPass ? parts('second') : null;
      await this.giveTile(tile, draft, parts('first'), second);
      const { statistics } = outputs;
      if (statistics?.type !== 'float32') throw noOutput();
      maps?.add(statistics.data, tile);
    }
  }

  private async letDraftBeSeen(): Promise<void> {
    // A cancel is heard at the next tile.
    await wait(DRAFT_SHOWN_MS, undefined, { signal: this.signal }).catch(() => undefined);
  }

  private async runPlain(): Promise<void> {
    const tiling = { margin: 0, multiple: MAP_BLOCK_PX, maxSide: PLAIN_TILE_PX };
    for (const tile of planPreview(this.level, this.job.region, tiling)) {
      await this.takeTurn();
      const nothing = new Uint8Array(tile.core.width * tile.core.height * 4).fill(PREVIEW_ZERO);
      await this.giveTile(tile, false, nothing, this.job.secondPass ? nothing : null);
    }
  }

  /** Between tiles: lets messages in, whoever goes first, and a cancel. */
  private async takeTurn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await this.pause();
    if (this.signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
  }

  private async giveTile(
    { core }: PreviewTile,
    draft: boolean,
    first: Uint8Array,
    second: Uint8Array | null,
  ): Promise<void> {
    const { job, manifest } = this;
    const { data, channels } = await readRegion(job.folder, manifest, job.level, core);
    const name = join(job.output, `${job.prefix}${this.files++}`);
    const files = { image: `${name}-image.rgba`, first: `${name}-first.rgba`, second: `${name}-second.rgba` };
    await Promise.all([
      writeCacheFile(files.image, toRgba8(data, channels)),
      writeCacheFile(files.first, first),
      ...(second === null ? [] : [writeCacheFile(files.second, second)]),
    ]);
    const { left, top, width, height } = core;
    this.give({ region: { left, top, width, height }, draft, ...files, second: second === null ? null : files.second });
  }
}

/** Multiply-adds of a run. */
function costOf({ model, secondPass, tiles }: Pass): number {
  const pixels = tiles.reduce((sum, { input }) => sum + input.width * input.height, 0);
  return pixels * model.macsPerPixel * (secondPass ? 2 : 1);
}

function bytesOf(tensor: RuntimeTensor | undefined): Uint8Array {
  if (tensor?.type !== 'uint8') throw noOutput();
  return tensor.data;
}

function noOutput(): AppError {
  return new AppError('engine/internal', 'the preview graph did not give its parts and statistics');
}
