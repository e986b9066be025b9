import type { Random } from '../image/random.js';
import { drawBankNoise, type BankMix, type NoiseBank } from './bank.js';
import { drawCameraNoise, type CameraMix } from './camera.js';
import { drawChannelGaussian, drawGaussian, type ChannelGaussianMix, type GaussianMix } from './gaussian.js';
import { drawGrain, type GrainMix } from './grain.js';
import { drawMasked, type MaskedMix } from './masked.js';
import { throughJpeg } from './jpeg.js';
import { measureSigma, roundTo8Bits, type NoiseCrop } from './plane.js';
import { below, happens } from './sample-random.js';

/** Which noise a crop gets: one kind, drawn by its share, then what storing does to it. */

/** The kinds and how often each comes: shares count in proportion to their sum. */
export interface NoiseMix {
  readonly gaussian: GaussianMix & { readonly share: number };
  readonly channels: ChannelGaussianMix & { readonly share: number };
  readonly grain: GrainMix & { readonly share: number };
  readonly camera: CameraMix & { readonly share: number };
  /** Noise found on photos; it is stored already. */
  readonly bank: BankMix & { readonly share: number };
  readonly masked: MaskedMix & { readonly share: number };
  /** Of grain and camera noise. */
  readonly jpeg: JpegMix;
  /** Share of the grain and camera noise without JPEG that is rounded to 8 bits. */
  readonly rounded: number;
}

export interface JpegMix {
  readonly share: number;
  /** 1 to 100; each whole number between is as likely. */
  readonly quality: readonly [number, number];
  /** Share with chroma at half resolution. */
  readonly subsampled: number;
}

export const NOISE_KINDS = ['gaussian', 'channels', 'grain', 'camera', 'bank', 'masked'] as const;
export type NoiseKind = (typeof NOISE_KINDS)[number];

/** Largest period of JPEG's blocks in pixels, with halved chroma. */
const JPEG_PERIOD_PX = 16;

/**
 * Adds noise drawn from the mix to a crop. Its sigma map is exact for Gaussian noise (before clipping), else measured on
 * the noise as stored.
 * @param bank needed if the mix has a share for it
 */
export function drawNoise(crop: NoiseCrop, mix: NoiseMix, random: Random, bank: NoiseBank | null = null): NoiseKind {
  const kind = drawKind(mix, random);
  switch (kind) {
    case 'gaussian':
      drawGaussian(crop, mix.gaussian, random);
      return kind;
    case 'channels':
      drawChannelGaussian(crop, mix.channels, random);
      return kind;
    case 'grain':
      drawGrain(crop, mix.grain, random);
      break;
    case 'bank':
      drawBankNoise(crop, mix.bank, bank!, random);
      return kind;
    case 'masked':
      drawMasked(crop, mix.masked, random);
      return kind;
    case 'camera':
      drawCameraNoise(crop, mix.camera, random);
  }
  store(crop, mix, random);
  measureSigma(crop);
  return kind;
}

function drawKind(mix: NoiseMix, random: Random): NoiseKind {
  const total = NOISE_KINDS.reduce((sum, kind) => sum + mix[kind].share, 0);
  let left = random.uniform() * total;
  for (const kind of NOISE_KINDS) {
    left -= mix[kind].share;
    if (left < 0) return kind;
  }
  // Rounding can leave a little; a kind without a share must not come even so.
  return NOISE_KINDS.findLast((kind) => mix[kind].share > 0)!;
}

/** What a file does to the noise: JPEG, or whole levels, or nothing. */
function store({ side, grey, noisy }: NoiseCrop, { jpeg, rounded }: NoiseMix, random: Random): void {
  if (happens(random, jpeg.share)) {
    const [low, high] = jpeg.quality;
    throughJpeg(noisy, side, grey, {
      quality: low + below(random, high - low + 1),
      subsampled: happens(random, jpeg.subsampled),
      offsetX: below(random, JPEG_PERIOD_PX),
      offsetY: below(random, JPEG_PERIOD_PX),
    });
  } else if (happens(random, rounded)) {
    roundTo8Bits(noisy);
  }
}
