import {
  DEFAULT_DENOISE,
  DEFAULT_ENCODE,
  DEFAULT_RUNTIME,
  FallbackName,
  FORMATS,
  METADATA_POLICIES,
  PRECISIONS,
  PROVIDERS,
  type DenoiseSettings,
  type EncodeSettings,
  type RuntimeSettings,
} from '../../preload/contract.js';
import { EXISTING_POLICIES, type ExistingPolicy } from '../app/disposition.js';
import { AppError } from '../app/errors.js';
import { parseTemplate, type NameTemplate } from '../app/naming.js';

/** The options of `denoise` as the command line gives them: text, unless absent. */
export interface RawDenoiseOptions {
  readonly out: string;
  readonly model?: string;
  readonly fallback?: string;
  readonly strength?: string;
  readonly luma?: string;
  readonly chroma?: string;
  readonly detail?: string;
  readonly sigma?: string;
  readonly format?: string;
  readonly quality?: string;
  readonly bitDepth?: string;
  readonly metadata?: string;
  readonly name?: string;
  readonly existing?: string;
  readonly recursive: boolean;
  readonly provider?: string;
  readonly threads?: string;
  readonly tile?: string;
  readonly precision?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The same, checked. */
export interface DenoiseOptions {
  readonly out: string;
  readonly settings: DenoiseSettings;
  readonly encode: EncodeSettings;
  readonly runtime: RuntimeSettings;
  readonly template: NameTemplate;
  readonly policy: ExistingPolicy;
  readonly recursive: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** What people write for a format that has a longer name here. */
const FORMAT_ALIASES: Readonly<Record<string, string>> = { jpg: 'jpeg', tif: 'tiff' };

/**
 * Reads a number option within its range.
 * @throws AppError usage/invalid: "--strength must be between 0 and 2, not 7"
 */
export function numberOption(flag: string, text: string, { min, max, whole = false }: Range): number {
  const value = Number(text);
  const kind = whole ? 'a whole number' : 'a number';
  if (!NUMBER.test(text.trim()) || (whole && !Number.isInteger(value))) {
    throw usage(`${flag} must be ${kind} between ${min} and ${max}, not '${text}'`);
  }
  if (value < min || value > max) throw usage(`${flag} must be between ${min} and ${max}, not ${text.trim()}`);
  return value;
}

/**
 * Reads an option that is one of a few words.
 * @throws AppError usage/invalid, listing them.
 */
export function choiceOption<T extends string>(flag: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((known) => known === text.toLowerCase());
  if (choice === undefined) throw usage(`${flag} must be one of ${choices.join(', ')}, not '${text}'`);
  return choice;
}

/** Checks all options of `denoise` that can be checked without looking at the disk. */
export function parseDenoiseOptions(raw: RawDenoiseOptions): DenoiseOptions {
  const number = (flag: string, text: string | undefined, range: Range, fallback: number): number =>
    text === undefined ? fallback : numberOption(flag, text, range);
  const optional = (flag: string, text: string | undefined, range: Range): number | null =>
    text === undefined ? null : numberOption(flag, text, range);
  if (raw.out === '') throw usage('--out must name a folder');
  const format = raw.format ?? DEFAULT_ENCODE.format;
  return {
    out: raw.out,
    settings: {
      model: raw.model ?? DEFAULT_DENOISE.model,
      ...(raw.fallback !== undefined && { fallback: fallbackOption(raw.fallback) }),
      strength: number('--strength', raw.strength, { min: 0, max: 2 }, DEFAULT_DENOISE.strength),
      luma: number('--luma', raw.luma, { min: 0, max: 2 }, DEFAULT_DENOISE.luma),
      chroma: number('--chroma', raw.chroma, { min: 0, max: 2 }, DEFAULT_DENOISE.chroma),
      detail: number('--detail', raw.detail, { min: 0, max: 1 }, DEFAULT_DENOISE.detail),
      sigma: optional('--sigma', raw.sigma, { min: 0, max: 255 }),
    },
    encode: {
      format: choiceOption('--format', FORMAT_ALIASES[format.toLowerCase()] ?? format, ['keep', ...FORMATS] as const),
      quality: optional('--quality', raw.quality, { min: 1, max: 100, whole: true }),
      bitDepth: bitDepth(raw.bitDepth ?? 'keep'),
      metadata: choiceOption('--metadata', raw.metadata ?? DEFAULT_ENCODE.metadata, METADATA_POLICIES),
    },
    runtime: {
      provider: choiceOption('--provider', raw.provider ?? DEFAULT_RUNTIME.provider, ['auto', ...PROVIDERS] as const),
      threads: optional('--threads', raw.threads, { min: 1, max: 256, whole: true }),
      tile: optional('--tile', raw.tile, { min: 64, max: 8192, whole: true }),
      precision: choiceOption('--precision', raw.precision ?? DEFAULT_RUNTIME.precision, [
        'auto',
        ...PRECISIONS,
      ] as const),
    },
    template: parseTemplate(raw.name ?? '{name}'),
    policy: choiceOption('--existing', raw.existing ?? 'skip', EXISTING_POLICIES),
    recursive: raw.recursive,
    json: raw.json ?? false,
    quiet: raw.quiet ?? false,
  };
}

function fallbackOption(text: string): string {
  if (!FallbackName.safeParse(text).success)
    throw usage(`--fallback is the name of a shipped model, or none, not '${text}'`);
  return text;
}

function bitDepth(text: string): EncodeSettings['bitDepth'] {
  const choice = choiceOption('--bit-depth', text, ['8', '16', 'keep'] as const);
  return choice === 'keep' ? 'keep' : choice === '8' ? 8 : 16;
}

const usage = (message: string): AppError => new AppError('usage/invalid', message);
