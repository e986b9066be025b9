import type { NoiseEstimate, RuntimeSettings } from '../../preload/contract.js';
import type {
  CompareReport,
  DenoiseReport,
  DenoiseRequest,
  EngineCall,
  EngineParams,
  EnginePart,
  EngineProgress,
  EngineResult,
} from '../../preload/engine-protocol.js';
import { AppError } from '../core/errors.js';
import { refuseTarget, writeAtomically } from './atomic-file.js';
import { decodeImage, encodeImage, imageBytes, readHeader, type DecodedImage, type ImageHeader } from './codec.js';
import { cameraInfo } from './codec/camera.js';
import { compareDecoded } from './compare.js';
import { denoiseInPlace, estimateNoise, type Nets } from './denoise-image.js';
import { engineInfo } from './info.js';
import { measureSample } from './measure.js';
import { ByteSemaphore, pixelBudget, pixelsLetGo } from './memory.js';
import { settleSettings } from './model-fit.js';
import { ModelStore } from './models.js';
import { PRIORITY, PriorityMutex, type Pause, type Priority } from './mutex.js';
import { PreviewFits } from './preview-fits.js';
import { previewRegion } from './preview.js';
import { probePrecision } from './probe-precision.js';
import { probeProvider } from './probe.js';
import { writePyramid } from './pyramid.js';
import { writeRegion } from './region.js';
import { compiledProviders, runtimeVersion } from './runtime.js';
import { takeSample } from './sample.js';
import { SessionCache, type SessionCacheOptions } from './sessions.js';
import { Thumbnailer } from './thumbnail.js';
import { exportVariations } from './generate/export.js';
import { interpolate } from './generate/interpolate.js';
import { latentMap, latentPoint } from './generate/map.js';
import { sample } from './generate/sample.js';
import { VaeStore } from './generate/vae.js';
import { previewVariations } from './generate/variations.js';
import type { Workbench } from './generate/workbench.js';
import { checkGradients } from './training/gradient-check.js';
import { writeGradients } from './training/gradient.js';
import { TrainingDesk } from './training/training-desk.js';

type Stage = EngineProgress['stage'];

/** Reports the stage a call is in and its fraction in [0,1], which never goes back. */
export type Report = (stage: Stage, fraction: number, pixels: number) => void;

/** Gives what a call gives on its way. */
export type Give<C extends EngineCall> = (part: EnginePart<C>) => void;

type Handlers = {
  [C in EngineCall]: (
    signal: AbortSignal,
    params: EngineParams<C>,
    report: Report,
    give: Give<C>,
  ) => Promise<EngineResult<C>>;
};

/** Where inference starts and ends within a call's progress; before is decoding, after encoding. */
const DENOISE_FROM = 0.03;
const DENOISE_TO = 0.95;

/**
 * What the engine does, call by call. Calls may overlap: the next photos are decoded and the last ones encoded by
 * libvips' threads while the runtime works on one; decoded photos are held within a memory budget.
 */
export class EngineService implements Handlers {
  private readonly nets: Nets;
  private readonly inference = new PriorityMutex();
  private readonly fits = new PreviewFits();
  private readonly thumbnailer = new Thumbnailer();
  private readonly training: TrainingDesk;
  private readonly pixels = new ByteSemaphore(pixelBudget());
  private readonly bench: Workbench;

  /** @param modelsFolder where catalog.json and the shipped models are */
  constructor(
    modelsFolder: string,
    private readonly options: SessionCacheOptions = {},
  ) {
    this.nets = { models: new ModelStore(modelsFolder), sessions: new SessionCache(options) };
    this.training = new TrainingDesk(this.nets.models);
    this.bench = {
      nets: this.nets,
      vaes: new VaeStore(modelsFolder),
      infer: (priority, signal, work) => this.infer(priority, signal, work),
      decoded: (signal, path, report, work) => this.withDecoded(signal, path, report, work),
    };
  }

  /** Denoises one file into another. */
  async denoise(signal: AbortSignal, request: DenoiseRequest, report: Report): Promise<DenoiseReport> {
    const { encode, runtime, output } = request;
    const rules = { overwrite: request.overwrite, source: request.input };
    await refuseTarget(output, rules);
    return this.withDecoded(signal, request.input, report, async (image, header, clock) => {
      const size = image.width * image.height;
      const { noise, trust, fit } = await this.infer(PRIORITY.photo, signal, (pause) => {
        const onProgress = (fraction: number): void => {
          report('denoise', DENOISE_FROM + (DENOISE_TO - DENOISE_FROM) * fraction, size * fraction);
        };
        return clock.time(async (waiting) => {
          const wait = (): Promise<boolean> => waiting(pause);
          const settled = await settleSettings(signal, image, request.settings, runtime, this.nets, wait);
          const { settings } = settled;
          const denoised = await denoiseInPlace(signal, image, settings, runtime, this.nets, onProgress, wait);
          return { ...denoised, fit: settled.fit };
        });
      });
      report('encode', DENOISE_TO, size);
      const { notes } = await clock.time(() =>
        writeAtomically(output, rules, (temp) => encodeImage(image, header, temp, encode, signal)),
      );
      report('encode', 1, size);
      const { width, height } = image;
      return { width, height, ms: clock.ms, noise, trust, ...(fit && { fit }), notes };
    });
  }

  /** Measures the noise of one file. */
  async estimate(
    signal: AbortSignal,
    { input, runtime }: { input: string; runtime: RuntimeSettings },
    report: Report,
  ): Promise<{ width: number; height: number; noise: NoiseEstimate }> {
    return this.withDecoded(signal, input, report, async (image) => {
      const size = image.width * image.height;
      const noise = await this.infer(PRIORITY.photo, signal, (pause) => {
        const onProgress = (fraction: number): void => {
          report('denoise', DENOISE_FROM + (1 - DENOISE_FROM) * fraction, size * fraction);
        };
        return estimateNoise(signal, image, runtime, this.nets, onProgress, pause);
      });
      return { width: image.width, height: image.height, noise };
    });
  }

  /** Measures how far two files' pixels differ. */
  async compare(signal: AbortSignal, { a, b }: { a: string; b: string }, report: Report): Promise<CompareReport> {
    return this.withDecoded(signal, a, report, (first) =>
      this.withDecoded(signal, b, report, (second) => Promise.resolve(compareDecoded(first, second))),
    );
  }

  /** Describes the shipped models. */
  models(_: AbortSignal, { kinds }: EngineParams<'models'>): Promise<EngineResult<'models'>> {
    return this.nets.models.summaries(kinds);
  }

  /** What this engine is and what works on this machine. */
  info(signal: AbortSignal, { runtime }: EngineParams<'info'>): Promise<EngineResult<'info'>> {
    return this.infer(PRIORITY.photo, signal, () => engineInfo(signal, runtime, this.nets));
  }

  /** Which runtime this is. */
  runtime(): Promise<EngineResult<'runtime'>> {
    return Promise.resolve({ version: runtimeVersion(), providers: [...compiledProviders()] });
  }

  /** Tries an accelerator, which may be the end of this process. */
  probe(signal: AbortSignal, params: EngineParams<'probe'>): Promise<EngineResult<'probe'>> {
    const probe = params.precision === 'int8' ? probePrecision : probeProvider;
    return this.infer(PRIORITY.photo, signal, () => probe(signal, params, this.nets.models, this.options.open));
  }

  /** Writes a small version of a photo. */
  thumbnail(signal: AbortSignal, params: EngineParams<'thumbnail'>): Promise<EngineResult<'thumbnail'>> {
    return this.thumbnailer.make(signal, params);
  }

  /** Reads what the camera wrote into a photo. */
  async camera(_: AbortSignal, { input }: EngineParams<'camera'>): Promise<EngineResult<'camera'>> {
    return { camera: cameraInfo((await readHeader(input)).exif) };
  }

  /** Unpacks a photo for viewing. */
  open(signal: AbortSignal, { input, folder }: EngineParams<'open'>, report: Report): Promise<EngineResult<'open'>> {
    return this.withDecoded(signal, input, report, (image) => writePyramid(signal, image, folder));
  }

  /** Writes a region of an unpacked photo. */
  async region(_: AbortSignal, params: EngineParams<'region'>): Promise<EngineResult<'region'>> {
    await writeRegion(params.folder, params.level, params.region, params.output);
    return {};
  }

  /** Measures the noise of some places of a photo, when nothing else is to be done. */
  async measure(
    signal: AbortSignal,
    { input, runtime }: EngineParams<'measure'>,
    report: Report,
  ): Promise<EngineResult<'measure'>> {
    const sample = await this.withDecoded(signal, input, report, (image) => Promise.resolve(takeSample(image)));
    const noise = await this.infer(PRIORITY.measure, signal, (pause) =>
      measureSample(signal, sample, runtime, this.nets, pause),
    );
    return { noise };
  }

  /** Denoises a region of an unpacked photo, before all else. */
  preview(
    signal: AbortSignal,
    job: EngineParams<'preview'>,
    _: Report,
    give: Give<'preview'>,
  ): Promise<EngineResult<'preview'>> {
    return this.infer(PRIORITY.preview, signal, (pause) =>
      previewRegion(signal, job, { ...this.nets, fits: this.fits }, pause, give),
    );
  }

  /**
   * Trains a net. Photos do not wait for it, and it not for them: both get slower, so hosts that want to do both start an
   * engine for each.
   */
  train(
    signal: AbortSignal,
    request: EngineParams<'train'>,
    report: Report,
    give: Give<'train'>,
  ): Promise<EngineResult<'train'>> {
    return this.training.train(signal, request, report, give);
  }

  /** Fine-tunes a denoiser on someone's photos. */
  learn(
    signal: AbortSignal,
    request: EngineParams<'learn'>,
    report: Report,
    give: Give<'learn'>,
  ): Promise<EngineResult<'learn'>> {
    return this.training.learn(signal, request, report, give);
  }

  /** Pauses a training run, or lets it go on. */
  pauseTraining(_: AbortSignal, params: EngineParams<'pauseTraining'>): Promise<EngineResult<'pauseTraining'>> {
    return Promise.resolve({ found: this.training.pause(params) });
  }

  /** Writes the gradient of a model of the person's own. */
  gradient(signal: AbortSignal, request: EngineParams<'gradient'>, report: Report): Promise<EngineResult<'gradient'>> {
    return this.infer(PRIORITY.photo, signal, () => writeGradients(signal, request, report));
  }

  /** Compares the gradient of a model of the person's own with finite differences. */
  gradientCheck(
    signal: AbortSignal,
    request: EngineParams<'gradientCheck'>,
    report: Report,
  ): Promise<EngineResult<'gradientCheck'>> {
    return this.infer(PRIORITY.photo, signal, () => checkGradients(signal, request, report));
  }

  /** Makes small pictures of variations of a photo. */
  variations(s: AbortSignal, request: EngineParams<'variations'>, r: Report): Promise<EngineResult<'variations'>> {
    return previewVariations(s, request, r, this.bench);
  }

  /** Writes variations of a photo at full resolution. */
  exportVariations(
    signal: AbortSignal,
    request: EngineParams<'exportVariations'>,
    report: Report,
    give: Give<'exportVariations'>,
  ): Promise<EngineResult<'exportVariations'>> {
    return exportVariations(signal, request, report, give, this.bench);
  }

  /** Writes pictures on the way between photos. */
  interpolate(s: AbortSignal, request: EngineParams<'interpolate'>, r: Report): Promise<EngineResult<'interpolate'>> {
    return interpolate(s, request, r, this.bench);
  }

  /** Writes new pictures. */
  sample(signal: AbortSignal, request: EngineParams<'sample'>, report: Report): Promise<EngineResult<'sample'>> {
    return sample(signal, request, report, this.bench);
  }

  /** Lays photos out by how they look. */
  latentMap(s: AbortSignal, request: EngineParams<'latentMap'>, r: Report): Promise<EngineResult<'latentMap'>> {
    return latentMap(s, request, r, this.bench);
  }

  /** Makes a picture of what lies at a point of a map. */
  latentPoint(s: AbortSignal, request: EngineParams<'latentPoint'>, r: Report): Promise<EngineResult<'latentPoint'>> {
    return latentPoint(s, request, r, this.bench);
  }

  /** Runs inference alone, but for the pauses between its tiles. A session keeps the memory that failed it: a smaller tile needs a fresh one. */
  private infer<T>(priority: Priority, signal: AbortSignal, work: (pause: Pause) => Promise<T>): Promise<T> {
    return this.inference.run(priority, signal, async (pause) => {
      try {
        return await work(pause);
      } catch (error) {
        if (error instanceof AppError && error.code === 'engine/out-of-memory') {
          await this.nets.sessions.clear();
          await this.bench.vaes.clear();
        }
        throw error;
      }
    });
  }

  /** Decodes a file within the memory budget and holds it for as long as `work` takes. */
  private async withDecoded<T>(
    signal: AbortSignal,
    path: string,
    report: Report,
    work: (image: DecodedImage, header: ImageHeader, clock: StopWatch) => Promise<T>,
  ): Promise<T> {
    const clock = new StopWatch();
    report('waiting', 0, 0);
    const bytes = imageBytes(await readHeader(path));
    const release = await this.pixels.acquire(bytes, signal);
    try {
      if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
      report('decode', 0, 0);
      const image = await clock.time(() => decodeImage(path, signal));
      report('waiting', DENOISE_FROM, 0);
      return await work(image, image.source, clock);
    } finally {
      release();
      pixelsLetGo(bytes);
    }
  }
}

/** Adds up the time spent in a call's own work, without its waits for others. */
class StopWatch {
  ms = 0;

  /** Times work, without what it spends in the waits that it passes to `waiting`. */
  async time<T>(work: (waiting: <W>(wait: () => Promise<W>) => Promise<W>) => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work(async (wait) => {
        const from = performance.now();
        try {
          return await wait();
        } finally {
          this.ms -= performance.now() - from;
        }
      });
    } finally {
      this.ms += performance.now() - start;
    }
  }
}
