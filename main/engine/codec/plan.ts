import type { EncodeSettings, Format } from '../../../preload/contract.js';
import { AppError } from '../../core/errors.js';

/** Decides how an image will be stored, before any work is spent on it. Pure. */

/** What the plan needs to know of the image. */
export interface PlanSource {
  readonly format: Format;
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  readonly hasAlpha: boolean;
  /** Grey with a profile of its own, which cannot describe RGB. */
  readonly hasGreyProfile: boolean;
  /** Bits per sample that carry information: 10 or 12 for deep AVIF, else the depth. */
  readonly significantBits: number;
  /** A WebP whose pixels were stored losslessly. */
  readonly lossless: boolean;
}

export interface OutputPlan {
  readonly format: Format;
  /** Bits per sample of the samples handed to the encoder. */
  readonly depth: 8 | 16;
  /** Bits per sample in the file. */
  readonly bits: 8 | 10 | 12 | 16;
  /** 1 to 100; ignored by lossless formats. */
  readonly quality: number;
  readonly lossless: boolean;
  readonly notes: readonly string[];
}

const NAMES: Readonly<Record<Format, string>> = { jpeg: 'JPEG', png: 'PNG', tiff: 'TIFF', webp: 'WebP', avif: 'AVIF' };

/** Largest side in pixels that each format (or its encoder) can hold. */
const MAX_SIDE_PX: Readonly<Record<Format, number>> = {
  jpeg: 65_535,
  png: 2 ** 31 - 1,
  tiff: 2 ** 31 - 1,
  webp: 16_383,
  avif: 16_384,
};

/** Visually lossless: at 1:1 the difference from the uncompressed picture is below what the eye finds. */
const DEFAULT_QUALITY: Readonly<Record<Format, number>> = { jpeg: 95, png: 100, tiff: 100, webp: 95, avif: 90 };

/** Plans the output; throws 'output/failed' when the format cannot hold an image of this size. */
export function planOutput(source: PlanSource, settings: EncodeSettings): OutputPlan {
  const format = settings.format === 'keep' ? source.format : settings.format;
  const name = NAMES[format];
  const limit = MAX_SIDE_PX[format];
  if (source.width > limit || source.height > limit) {
    const size = `${source.width} x ${source.height}`;
    throw new AppError('output/failed', `${name} holds ${limit} pixels a side, this is ${size}: choose PNG or TIFF`);
  }
  const notes: string[] = [];
  const wanted = settings.bitDepth === 'keep' ? source.depth : settings.bitDepth;
  const bits = bitsFor(format, wanted, source.significantBits);
  if (bits < wanted && bits < source.significantBits) {
    notes.push(`${name} holds ${bits} bits per sample at most: the ${source.significantBits}-bit values were rounded`);
  } else if (bits < wanted && settings.bitDepth === 16) {
    notes.push(`${name} holds ${bits} bits per sample at most, not 16`);
  }
  if (format === 'jpeg' && source.hasAlpha) {
    notes.push('JPEG has no transparency: transparent areas were laid over white');
  }
  if (source.hasGreyProfile && (format === 'webp' || format === 'avif')) {
    notes.push(`${name} stores grey as RGB, for which the grey ICC profile does not hold: it was left out`);
  }
  return {
    format,
    depth: bits === 8 ? 8 : 16,
    bits,
    quality: settings.quality ?? DEFAULT_QUALITY[format],
    // A lossless original asks for a lossless result, unless the person asked for a quality.
    lossless: format === 'webp' && source.lossless && settings.quality === null,
    notes,
  };
}

function bitsFor(format: Format, wanted: 8 | 16, significantBits: number): 8 | 10 | 12 | 16 {
  if (wanted === 8) return 8;
  if (format === 'png' || format === 'tiff') return 16;
  if (format === 'avif') return significantBits === 10 ? 10 : 12;
  return 8;
}
