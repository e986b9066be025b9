import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CameraInfo, ImageId, PreviewReport, PreviewRequest, RuntimeSettings } from '../../../preload/contract.js';
import type { EngineResult, PreviewFiles } from '../../../preload/engine-protocol.js';
import { AppError, toWireError } from '../../core/errors.js';
import { resolvedChoice } from '../choose-model.js';
import type { Duty } from '../duty.js';
import type { Engine } from '../engine-supervisor.js';
import type { Emit } from '../events.js';
import { RAW_PIXELS, type ImagePool } from '../images.js';
import { firstAttempt, nextAttempt, type Attempt } from '../retry.js';
import type { Opened } from './opened-photos.js';

const BYTES_PER_PIXEL = 4;
/** The next move of a slider comes sooner than this: what is less urgent need not start in between. */
const LINGER_MS = 1500;

export interface PreviewsOptions {
  /** The inference engine. */
  readonly engine: Engine;
  /** What the engine is told of a model: its name or its file, and what takes its place. */
  readonly modelOf: (
    model: string,
    camera: CameraInfo | null,
  ) => Promise<{ readonly model: string; readonly fallback: string | null }>;
  readonly runtime: () => RuntimeSettings;
  readonly duty: Duty;
  readonly emit: Emit;
  /** For the files of the parts. */
  readonly folder: string;
  readonly images: ImagePool;
}

/** Denoises regions for the screen and passes their parts on as they come. */
export class Previews {
  #count = 0;
  /** An accelerator that has failed here: it would fail, and take the engine down, with every move of a slider. */
  #failing: RuntimeSettings['provider'] | null = null;

  constructor(private readonly options: PreviewsOptions) {}

  /** Makes one preview; tries again, more carefully, when the accelerator or the memory failed. */
  async make(signal: AbortSignal, opened: Opened, request: PreviewRequest): Promise<PreviewReport> {
    const release = this.options.duty.begin();
    try {
      const wanted = this.options.runtime();
      const spared = wanted.provider === this.#failing ? { ...wanted, provider: 'cpu' as const } : wanted;
      for (let attempt = firstAttempt(spared); ;) {
        try {
          const report = await this.#attempt(signal, opened, request, attempt);
          if (attempt.runtime.provider === 'cpu' && spared.provider !== 'cpu') this.#spare(wanted.provider);
          return report;
        } catch (error) {
          const next = signal.aborted ? null : nextAttempt(attempt, toWireError(error).code);
          if (next === null) throw error;
          attempt = next;
        }
      }
    } finally {
      setTimeout(release, LINGER_MS).unref();
    }
  }

  #spare(provider: RuntimeSettings['provider']): void {
    this.#failing = provider;
    const message = 'the accelerator failed: previews are made by the processor until Stillgrain is started again';
    this.options.emit('app.notice', { level: 'warning', code: 'engine/provider', message });
  }

  async #attempt(
    signal: AbortSignal,
    { folder, info }: Opened,
    { ticket, level, region, sigma, secondPass, ...request }: PreviewRequest,
    { runtime }: Attempt,
  ): Promise<PreviewReport> {
    const { engine, emit, folder: output } = this.options;
    requireInside(info.levels[level], region);
    const prefix = `preview-${++this.#count}-`;
    const kept = new Set<string>();
    const keep = (file: string, pixels: number): ImageId => {
      kept.add(basename(file));
      return this.options.images.add(file, RAW_PIXELS, pixels * BYTES_PER_PIXEL);
    };
    const onPart = ({ region: place, draft, ...files }: PreviewFiles): void => {
      if (signal.aborted) return;
      const pixels = place.width * place.height;
      const image = keep(files.image, pixels);
      const first = keep(files.first, pixels);
      const second = files.second === null ? null : keep(files.second, pixels);
      emit('preview.part', { ticket, level, region: place, draft, image, first, second });
    };
    const chosen = await this.options.modelOf(request.model, info.camera);
    const choice = resolvedChoice(request, chosen);
    await mkdir(output, { recursive: true, mode: 0o700 });
    try {
      const job = { folder, level, region, ...choice, sigma, secondPass, runtime, output, prefix };
      const report: EngineResult<'preview'> = await engine.call(signal, 'preview', job, undefined, onPart);
      const { file, width, height } = report.maps;
      return { ...report, maps: { image: keep(file, width * height), width, height } };
    } finally {
      await this.#clear(prefix, kept);
    }
  }

  /** Removes files that were written but never told of: those of a preview that was cancelled. */
  async #clear(prefix: string, kept: ReadonlySet<string>): Promise<void> {
    const { folder } = this.options;
    const left = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(prefix) && !kept.has(name));
    await Promise.all(left.map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)));
  }
}

/** @throws AppError request/invalid for a region that is not wholly within its level */
export function requireInside(
  level: { readonly width: number; readonly height: number } | undefined,
  { left, top, width, height }: PreviewRequest['region'],
): void {
  if (level === undefined) throw new AppError('request/invalid', 'this photo has no such level');
  if (left + width > level.width || top + height > level.height) {
    throw new AppError(
      'request/invalid',
      `the region leaves the level, which is ${level.width}x${level.height} pixels`,
    );
  }
}
