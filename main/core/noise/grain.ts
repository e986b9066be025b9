import type { Random } from '../image/random.js';
import { fillNormals } from './normals.js';
import { blur, blurredDeviation, clip, gaussianTaps, LUMA, planeOf, type NoiseCrop } from './plane.js';
import { between } from './sample-random.js';

/** Film grain: clumps of silver or dye, mostly the same in the three channels, strongest where film is half exposed. */

type Range = readonly [number, number];

/** How grain varies from crop to crop. */
export interface GrainMix {
  /** Standard deviation in the midtones, of 255. */
  readonly sigma: Range;
  /** Standard deviation of the Gaussian that gives the clumps their size, in pixels. */
  readonly blur: Range;
  /** Share of the variance that each channel has for itself; the rest is luma. */
  readonly chroma: Range;
  /** Strength in black and white, as a share of that in the midtones. */
  readonly ends: Range;
}

/**
 * noisy = clean + sigma * w(luma) * (sqrt(1 - chroma) * g + sqrt(chroma) * g_c), the fields g and g_c being blurred white
 * noise of deviation 1, and w(y) = ends + (1 - ends) * 4 y (1 - y). Clipped to [0,1]. The sigma map is left to measure.
 */
export function drawGrain(crop: NoiseCrop, mix: GrainMix, random: Random): void {
  const { side, grey, clean, noisy } = crop;
  const plane = side * side;
  const sigma = between(random, mix.sigma) / 255;
  const taps = gaussianTaps(between(random, mix.blur));
  const drawnChroma = between(random, mix.chroma);
  const ends = between(random, mix.ends);
  const chroma = grey ? 0 : drawnChroma;
  // Blurring weakens white noise by a known factor.
  const scale = sigma / blurredDeviation(taps);

  const weight = new Float32Array(plane);
  for (let i = 0; i < plane; i++) {
    const y = LUMA[0] * clean[i]! + LUMA[1] * clean[i + plane]! + LUMA[2] * clean[i + 2 * plane]!;
    weight[i] = scale * (ends + (1 - ends) * 4 * y * (1 - y));
  }
  const luma = new Float32Array(plane);
  fillNormals(luma, random);
  blur(luma, side, taps);
  const [shared, own] = [Math.sqrt(1 - chroma), Math.sqrt(chroma)];
  for (let c = 0; c < 3; c++) {
    const out = planeOf(noisy, side, c);
    const from = planeOf(clean, side, c);
    if (own > 0) {
      fillNormals(out, random);
      blur(out, side, taps);
    } else {
      out.fill(0);
    }
    for (let i = 0; i < plane; i++) out[i] = from[i]! + weight[i]! * (shared * luma[i]! + own * out[i]!);
  }
  clip(noisy);
}
