import { z } from 'zod';
import {
  DenoiseSettings,
  EncodeSettings,
  NoiseEstimate,
  Provider,
  RuntimeSettings,
  TrustReport,
  WireError,
} from './contract.js';

/**
 * Messages between a host process and the engine process: one request, any number of progress events, one answer.
 * Only paths, ids and small numbers cross; pixels never do. Each call is declared once, here; the engine's dispatch
 * table and the host's client derive from `ENGINE_CALLS`.
 */

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

export const ModelSummary = z.object({
  name: z.string(),
  file: z.string(),
  title: z.string(),
  description: z.string(),
  licence: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  parameters: z.int(),
  /** Multiply-adds per pixel. */
  macsPerPixel: z.number(),
  /** Pixels on each side that can influence an output pixel. */
  receptiveRadius: z.int(),
  /** Height and width must be multiples of this. */
  multiple: z.int(),
  /** Whether the file's hash is the catalogue's. */
  intact: z.boolean(),
});
export type ModelSummary = z.infer<typeof ModelSummary>;

export const EngineInfo = z.object({
  pid: z.int(),
  versions: z.record(z.string(), z.string()),
  /** `present`: part of this build; `works`: a small tile went through just now. */
  providers: z.array(z.object({ name: Provider, present: z.boolean(), works: z.boolean(), detail: z.string() })),
  memory: z.object({ totalBytes: z.number(), freeBytes: z.number(), budgetBytes: z.number() }),
  threads: z.int(),
  formats: z.array(z.string()),
});
export type EngineInfo = z.infer<typeof EngineInfo>;

/** Every call that a host may make: its parameters and its answer. */
export const ENGINE_CALLS = {
  denoise: { params: DenoiseRequest, result: DenoiseReport },
  estimate: {
    params: z.strictObject({ input: z.string(), runtime: RuntimeSettings }),
    result: z.object({ ...ImageSize, noise: NoiseEstimate }),
  },
  compare: { params: z.strictObject({ a: z.string(), b: z.string() }), result: CompareReport },
  models: { params: z.strictObject({}), result: z.array(ModelSummary) },
  info: { params: z.strictObject({ runtime: RuntimeSettings }), result: EngineInfo },
} as const;

export type EngineCall = keyof typeof ENGINE_CALLS;
export type EngineParams<C extends EngineCall> = z.infer<(typeof ENGINE_CALLS)[C]['params']>;
export type EngineResult<C extends EngineCall> = z.infer<(typeof ENGINE_CALLS)[C]['result']>;

/** Host to engine. */
export const HostMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), id: z.int(), call: z.string(), params: z.unknown() }),
  z.strictObject({ type: z.literal('cancel'), id: z.int() }),
  /** Finish nothing more, release everything, exit 0. */
  z.strictObject({ type: z.literal('shutdown') }),
]);
export type HostMessage = z.infer<typeof HostMessage>;

export const STAGES = ['waiting', 'decode', 'denoise', 'encode'] as const;

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
  z.object({ type: z.literal('result'), id: z.int(), result: z.unknown() }),
  z.object({ type: z.literal('error'), id: z.int(), error: WireError }),
]);
export type EngineMessage = z.infer<typeof EngineMessage>;
export type EngineProgress = Extract<EngineMessage, { type: 'progress' }>;
