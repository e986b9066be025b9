import { resolve } from 'node:path';
import {
  DEFAULT_DENOISE,
  DEFAULT_ENCODE,
  DEFAULT_RUNTIME,
  FORMATS,
  METADATA_POLICIES,
  PROVIDERS,
  type DenoiseSettings,
  type EncodeSettings,
  type RuntimeSettings,
} from '../../preload/contract.js';
import {
  MOST_FRAMES,
  MOST_INTERPOLATED,
  MOST_SAMPLES,
  MOST_VARIATIONS,
  VARIATION_KINDS,
} from '../../preload/generate/generate-calls.js';
import { MAX_SEED, MAX_STEP_STRENGTH } from '../../preload/generate/recipe.js';
import { EXISTING_POLICIES, type ExistingPolicy } from '../app/disposition.js';
import { AppError } from '../app/errors.js';
import { choiceOption, numberOption } from './options.js';

/** Options of `generate`, checked as far as that goes without looking at the disk. */

/** What all of its commands take, as the command line gives it. */
export interface RawCommonOptions {
  readonly out: string;
  readonly seed?: string;
  readonly vae?: string;
  readonly existing?: string;
  readonly provider?: string;
  readonly threads?: string;
  readonly json?: boolean;
}

export interface CommonOptions {
  readonly out: string;
  readonly seed: number;
  /** As it was given: see `chooseVae`; null: the shipped VAE. */
  readonly vae: string | null;
  readonly policy: ExistingPolicy;
  readonly runtime: RuntimeSettings;
  readonly json: boolean;
}

export interface RawVariationsOptions extends RawCommonOptions {
  readonly count?: string;
  readonly kind?: string;
  readonly strength?: string;
  readonly sheet?: boolean;
  readonly previews?: boolean;
  readonly vary?: string;
  readonly model?: string;
  readonly denoise?: string;
  readonly format?: string;
  readonly metadata?: string;
}

export interface VariationsOptions extends CommonOptions {
  readonly count: number;
  readonly kind: (typeof VARIATION_KINDS)[number];
  readonly strength: number;
  readonly sheet: boolean;
  /** Whether only the sheet is made, without the photos at full resolution. */
  readonly sheetOnly: boolean;
  /** A recipe that is varied further; null: the photos themselves. */
  readonly vary: string | null;
  readonly settings: DenoiseSettings;
  readonly encode: EncodeSettings;
}

export interface RawInterpolateOptions extends RawCommonOptions {
  readonly frames?: string;
  readonly animation?: string;
  readonly fps?: string;
  readonly closed?: boolean;
  readonly detail?: string;
  readonly size?: string;
}

export interface InterpolateOptions extends CommonOptions {
  readonly photos: readonly string[];
  readonly frames: number;
  readonly animation: 'webp' | null;
  readonly fps: number;
  readonly closed: boolean;
  readonly detail: number;
  readonly size: number;
}

export interface RawSampleOptions extends RawCommonOptions {
  readonly from?: readonly string[];
  readonly count?: string;
  readonly size?: string;
}

export interface SampleOptions extends CommonOptions {
  readonly from: readonly string[];
  readonly count: number;
  readonly size: number;
}

export interface RawMapOptions extends RawCommonOptions {
  readonly neighbours?: string;
  readonly size?: string;
}

export interface MapOptions extends CommonOptions {
  readonly neighbours: number;
  readonly size: number;
}

const DEFAULT_FRAMES = 24;
const DEFAULT_FPS = 12;
const SIZE = { min: 32, max: 4096, whole: true };

/** @throws AppError usage/invalid */
export function parseCommon(raw: RawCommonOptions): CommonOptions {
  if (raw.out === '') throw usage('--out must name a folder');
  const provider = choiceOption('--provider', raw.provider ?? 'auto', ['auto', ...PROVIDERS] as const);
  const threads =
    raw.threads === undefined ? null : numberOption('--threads', raw.threads, { min: 1, max: 256, whole: true });
  return {
    out: raw.out,
    seed: number('--seed', raw.seed, { min: 0, max: MAX_SEED, whole: true }, 1),
    vae: raw.vae ?? null,
    policy: choiceOption('--existing', raw.existing ?? 'skip', EXISTING_POLICIES),
    runtime: { ...DEFAULT_RUNTIME, provider, threads },
    json: raw.json ?? false,
  };
}

/** @throws AppError usage/invalid */
export function parseVariations(raw: RawVariationsOptions): VariationsOptions {
  return {
    ...parseCommon(raw),
    count: number('--count', raw.count, { min: 1, max: MOST_VARIATIONS, whole: true }, 9),
    kind: choiceOption('--kind', raw.kind ?? 'around', VARIATION_KINDS),
    strength: number('--strength', raw.strength, { min: 0, max: MAX_STEP_STRENGTH }, 1),
    sheet: (raw.sheet ?? false) || raw.previews === true,
    sheetOnly: raw.previews ?? false,
    vary: raw.vary === undefined ? null : resolve(raw.vary),
    settings: {
      ...DEFAULT_DENOISE,
      model: raw.model ?? DEFAULT_DENOISE.model,
      strength: number('--denoise', raw.denoise, { min: 0, max: 2 }, DEFAULT_DENOISE.strength),
    },
    encode: {
      ...DEFAULT_ENCODE,
      format: choiceOption('--format', raw.format ?? 'keep', ['keep', ...FORMATS] as const),
      metadata: choiceOption('--metadata', raw.metadata ?? DEFAULT_ENCODE.metadata, METADATA_POLICIES),
    },
  };
}

/** @throws AppError usage/invalid */
export function parseInterpolate(photos: readonly string[], raw: RawInterpolateOptions): InterpolateOptions {
  if (photos.length < 2 || photos.length > MOST_INTERPOLATED) {
    throw usage(`an interpolation is between 2 to ${MOST_INTERPOLATED} photos, not ${photos.length}`);
  }
  return {
    ...parseCommon(raw),
    photos: photos.map((photo) => resolve(photo)),
    frames: number('--frames', raw.frames, { min: 2, max: MOST_FRAMES, whole: true }, DEFAULT_FRAMES),
    animation: raw.animation === undefined ? null : choiceOption('--animation', raw.animation, ['webp'] as const),
    fps: number('--fps', raw.fps, { min: 0.1, max: 60 }, DEFAULT_FPS),
    closed: raw.closed ?? false,
    detail: number('--detail', raw.detail, { min: 0, max: 1 }, 1),
    size: number('--size', raw.size, SIZE, 512),
  };
}

/** @throws AppError usage/invalid */
export function parseSample(raw: RawSampleOptions): SampleOptions {
  return {
    ...parseCommon(raw),
    from: raw.from ?? [],
    count: number('--count', raw.count, { min: 1, max: MOST_SAMPLES, whole: true }, 9),
    size: number('--size', raw.size, SIZE, 256),
  };
}

/** @throws AppError usage/invalid */
export function parseMap(raw: RawMapOptions): MapOptions {
  return {
    ...parseCommon(raw),
    neighbours: number('--neighbours', raw.neighbours, { min: 0, max: 100, whole: true }, 5),
    size: number('--size', raw.size, SIZE, 1600),
  };
}

function number(
  flag: string,
  text: string | undefined,
  range: { readonly min: number; readonly max: number; readonly whole?: boolean },
  fallback: number,
): number {
  return text === undefined ? fallback : numberOption(flag, text, range);
}

const usage = (message: string): AppError => new AppError('usage/invalid', message);
