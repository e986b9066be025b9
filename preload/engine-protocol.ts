import { z } from 'zod';
import {
  CameraInfo,
  DenoiseSettings,
  EncodeSettings,
  EngineInfo,
  FitReport,
  Format,
  NoiseEstimate,
  Precision,
  Region,
  Provider,
  RuntimeSettings,
  TrustReport,
  WireError,
} from './contract.js';
import { GENERATE_CALLS } from './generate/generate-calls.js';
import {
  GradientCheckReport,
  GradientCheckRequest,
  GradientReport,
  GradientRequest,
} from './training/gradient-calls.js';
import { LearningNews, LearningReport, LearnRequest } from './learn/learn-call.js';
import { TrainingNews, TrainingReport, TrainRequest } from './training/train-call.js';

/**
 * Messages between a host process and the engine process: one request, any number of progress events, one answer.
 * Only paths, ids and small numbers cross; pixels never do. Each call is declared once, here; the engine's dispatch
 * table and the host's client derive from `ENGINE_CALLS`.
 */

export { EngineInfo } from './contract.js';

const ImageSize = { width: z.int(), height: z.int() };

export const DenoiseRequest = z.strictObject({
  /** Absolute path of the original, opened for reading only. */
  input: z.string(),
  /** Absolute path of the result; written beside it under a temporary name, synced, then renamed. */
  output: z.string(),
  /** False: an existing `output` is an error, checked again at the moment of the rename. */
  overwrite: z.boolean(),
  settings: DenoiseSettings,
  encode: EncodeSettings,
  runtime: RuntimeSettings,
});
export type DenoiseRequest = z.infer<typeof DenoiseRequest>;

export const DenoiseReport = z.object({
  ...ImageSize,
  /** Milliseconds that the engine spent on this photo: decode, inference and encode. */
  ms: z.number(),
  noise: NoiseEstimate,
  /** null when there is nothing to judge: nothing was removed (strength 0), or the photo is too small. */
  trust: TrustReport.nullable(),
  /** Absent where there was nothing to choose from. */
  fit: FitReport.optional(),
  /** Things the person should know that did not stop the work ("AVIF holds 12 bits at most"). */
  notes: z.array(z.string()),
});
export type DenoiseReport = z.infer<typeof DenoiseReport>;

export const CompareReport = z.object({
  ...ImageSize,
  /** dB; null when the images are identical (infinite). Peak is the depth's full scale. */
  psnr: z.number().nullable(),
  ssim: z.number(),
  /** mean(b) - mean(a) per channel, in 8-bit units. */
  meanShift: z.array(z.number()),
  /** Largest absolute difference of any sample, in 8-bit units. */
  maxDifference: z.number(),
});
export type CompareReport = z.infer<typeof CompareReport>;

export const MODEL_KINDS = ['denoiser', 'noise-estimator', 'vae-encoder', 'vae-decoder'] as const;

export const ModelSummary = z.object({
  name: z.string(),
  kind: z.enum(MODEL_KINDS),
  file: z.string(),
  title: z.string(),
  description: z.string(),
  licence: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  parameters: z.int(),
  /** Multiply-adds per pixel. */
  macsPerPixel: z.number(),
  /** Pixels on each side that can influence an output pixel; null: all of the image. */
  receptiveRadius: z.int().nullable(),
  /** Height and width must be multiples of this; those of a VAE are this. */
  multiple: z.int(),
  /** Hash of the 8-bit variant; null where there is none, or none that is what the catalogue says. */
  int8: z.string().nullable(),
  /** Whether the file's hash is the catalogue's, and so its variant's. */
  intact: z.boolean(),
});
export type ModelSummary = z.infer<typeof ModelSummary>;

/** A photo unpacked for viewing: upright, in levels, each a scratch file of raw samples. See PhotoView. */
export const OpenedPhoto = z.object({
  ...ImageSize,
  levels: z.array(z.object(ImageSize)),
  format: Format,
  depth: z.union([z.literal(8), z.literal(16)]),
  channels: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  hasAlpha: z.boolean(),
  neutral: z.boolean(),
  /** Path of the file that holds the colour table of the profile; null where values are sRGB. */
  lut: z.string().nullable(),
  camera: CameraInfo.nullable(),
  /** Size of the scratch files. */
  bytes: z.number(),
});
export type OpenedPhoto = z.infer<typeof OpenedPhoto>;

export const PreviewJob = z.strictObject({
  /** The folder that `open` filled. */
  folder: z.string(),
  level: z.int().min(0),
  region: Region,
  model: DenoiseSettings.shape.model,
  fallback: DenoiseSettings.shape.fallback,
  sigma: DenoiseSettings.shape.sigma,
  secondPass: z.boolean(),
  runtime: RuntimeSettings,
  /** Folder for the files of its parts, and what their names start with. */
  output: z.string(),
  prefix: z.string(),
});
export type PreviewJob = z.infer<typeof PreviewJob>;

/** Files of one part of a preview, absolute; what is in them: PreviewPart in the contract. */
export const PreviewFiles = z.object({
  region: Region,
  draft: z.boolean(),
  image: z.string(),
  first: z.string(),
  second: z.string().nullable(),
});
export type PreviewFiles = z.infer<typeof PreviewFiles>;

/** What one tile size gave on an accelerator, in a probe. */
export const ProbeMeasurement = z.object({
  /** Side of the square tile. */
  tile: z.int(),
  /** Pixels of the photo, without the overlap of tiles, in a second. */
  pixelsPerSecond: z.number(),
  /** Largest difference from the processor's answer in 8-bit units, and whether it counts as the same. */
  maxDifference: z.number(),
  right: z.boolean(),
});
export type ProbeMeasurement = z.infer<typeof ProbeMeasurement>;

export const ProbeReport = z.object({
  /** The processor's rate with the same nets. */
  cpuPixelsPerSecond: z.number(),
  /** By tile size, smallest first; those that could not be run are missing. */
  tiles: z.array(ProbeMeasurement),
});
export type ProbeReport = z.infer<typeof ProbeReport>;

/** An accelerator was given up in the middle of a call; what it was at has been done by the processor. */
export const ProviderFault = z.object({
  provider: Provider,
  /** Hash of the model that was run. */
  model: z.string(),
  kind: z.enum(['failed', 'wrong']),
  message: z.string(),
});
export type ProviderFault = z.infer<typeof ProviderFault>;

/** One call: what goes in, what comes out at the end and, where `part` is declared, what comes out on the way. */
export interface EngineCallDeclaration {
  readonly params: z.ZodType;
  readonly result: z.ZodType;
  readonly part?: z.ZodType;
}

/** Every call that a host may make: its parameters and its answer. */
export const ENGINE_CALLS = {
  denoise: { params: DenoiseRequest, result: DenoiseReport },
  estimate: {
    params: z.strictObject({ input: z.string(), runtime: RuntimeSettings }),
    result: z.object({ ...ImageSize, noise: NoiseEstimate }),
  },
  compare: { params: z.strictObject({ a: z.string(), b: z.string() }), result: CompareReport },
  /** Describes the shipped models of some kinds, or all: each is read for it, so that those that are not asked for cost nothing. */
  models: { params: z.strictObject({ kinds: z.array(z.enum(MODEL_KINDS)).optional() }), result: z.array(ModelSummary) },
  info: { params: z.strictObject({ runtime: RuntimeSettings }), result: EngineInfo },
  /** The version of ONNX Runtime and the providers that are installed with it. At once: nothing is tried. */
  runtime: { params: z.strictObject({}), result: z.object({ version: z.string(), providers: z.array(Provider) }) },
  /**
   * Runs a tile on an accelerator, or in 8 bits, and compares it with the processor in float, at several sizes. May take
   * the engine down or never end: only for an engine that nothing else depends on.
   */
  probe: {
    params: z.strictObject({
      model: z.string(),
      provider: Provider,
      precision: Precision,
      threads: RuntimeSettings.shape.threads,
    }),
    result: ProbeReport,
  },
  /** Writes a small, upright sRGB version of a photo (JPEG; WebP where it has alpha) whose longer side is `size`. */
  thumbnail: {
    params: z.strictObject({ input: z.string(), output: z.string(), size: z.int().min(16).max(2048) }),
    /** Size of the thumbnail; `photo` is the upright size of the photo itself. */
    result: z.object({ ...ImageSize, photo: z.object(ImageSize), format: Format, contentType: z.string() }),
  },
  /** Measures the noise of some places of a photo: seconds less than `estimate`, close enough for a badge. */
  measure: {
    params: z.strictObject({ input: z.string(), runtime: RuntimeSettings }),
    result: z.object({ noise: NoiseEstimate }),
  },
  /** What the camera wrote into a photo; null where there is nothing of it. Pixels are not decoded. */
  camera: {
    params: z.strictObject({ input: z.string() }),
    result: z.object({ camera: CameraInfo.nullable() }),
  },
  /** Unpacks a photo for viewing into a folder of its own, which must be there and empty. */
  open: { params: z.strictObject({ input: z.string(), folder: z.string() }), result: OpenedPhoto },
  /** Writes a region of a level of an opened photo as raw RGBA. */
  region: {
    params: z.strictObject({ folder: z.string(), level: z.int().min(0), region: Region, output: z.string() }),
    result: z.object({}),
  },
  /** Denoises a region of a level of an opened photo. Goes before photos of the queue, between their tiles. */
  preview: {
    params: PreviewJob,
    part: PreviewFiles,
    result: z.object({
      noise: NoiseEstimate,
      trust: TrustReport.nullable(),
      fit: FitReport.optional(),
      maps: z.object({ file: z.string(), ...ImageSize }),
      ms: z.number(),
    }),
  },
  /** Trains a net; cancelling it writes a checkpoint first. */
  train: { params: TrainRequest, part: TrainingNews, result: TrainingReport },
  /** Fine-tunes a denoiser on someone's photos; cancelling it leaves a run that can be gone on with. */
  learn: { params: LearnRequest, part: LearningNews, result: LearningReport },
  /** Pauses the run in a folder between two steps, or lets it go on. `found`: whether there is one. */
  pauseTraining: {
    params: z.strictObject({ out: z.string(), paused: z.boolean() }),
    result: z.object({ found: z.boolean() }),
  },
  /** Writes the gradient of a model of the person's own, and its weights after steps of training. */
  gradient: { params: GradientRequest, result: GradientReport },
  /** Compares the gradient of a model of the person's own with finite differences. */
  gradientCheck: { params: GradientCheckRequest, result: GradientCheckReport },
  ...GENERATE_CALLS,
} as const satisfies Record<string, EngineCallDeclaration>;

export type EngineCall = keyof typeof ENGINE_CALLS;
export type EngineParams<C extends EngineCall> = z.infer<(typeof ENGINE_CALLS)[C]['params']>;
/** What a call gives on its way; never, for most. */
export type EnginePart<C extends EngineCall> = (typeof ENGINE_CALLS)[C] extends { part: infer P extends z.ZodType }
  ? z.infer<P>
  : never;
export type EngineResult<C extends EngineCall> = z.infer<(typeof ENGINE_CALLS)[C]['result']>;

/** Host to engine. */
export const HostMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), id: z.int(), call: z.string(), params: z.unknown() }),
  z.strictObject({ type: z.literal('cancel'), id: z.int() }),
  /** Finish nothing more, release everything, exit 0. */
  z.strictObject({ type: z.literal('shutdown') }),
]);
export type HostMessage = z.infer<typeof HostMessage>;

export const STAGES = ['waiting', 'decode', 'denoise', 'encode', 'train', 'generate'] as const;

/** Engine to host. */
export const EngineMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), pid: z.int() }),
  /** `fraction` of the whole call in [0,1], never going back. `pixels` done so far. */
  z.object({
    type: z.literal('progress'),
    id: z.int(),
    stage: z.enum(STAGES),
    fraction: z.number(),
    pixels: z.number(),
  }),
  z.object({ type: z.literal('part'), id: z.int(), part: z.unknown() }),
  z.object({ type: z.literal('result'), id: z.int(), result: z.unknown() }),
  z.object({ type: z.literal('error'), id: z.int(), error: WireError }),
  z.object({ type: z.literal('fault'), fault: ProviderFault }),
]);
export type EngineMessage = z.infer<typeof EngineMessage>;
export type EngineProgress = Extract<EngineMessage, { type: 'progress' }>;
