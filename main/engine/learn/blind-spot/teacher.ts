import type { PlanarImage } from '../../../core/noise/flat-patches.js';
import { fromPhases, phasesOf } from '../../../core/noise/planar.js';
import { happens, sampleRandom } from '../../../core/noise/sample-random.js';
import type { Denoiser } from '../gate.js';

/** What a teacher that knows phases makes of a whole picture. */

/** Distance in the photo of what are neighbours in a phase, in pixels. */
export const PHASE_STRIDE = 2;
/** Pixels that a refining pass takes from the photo, and passes whose mean counts: R3 of AP-BSN (Lee et al., CVPR 2022). */
const REPLACED = { share: 0.16, passes: 4 } as const;
/** Tells its streams from others of the same seed. */
const STREAM = 0x72337233;

/**
 * The picture, each phase denoised by itself, put together again, and refined: phases alone cannot tell fine detail from
 * noise. Some pixels are put back as they were, and what the teacher makes of that, seen at full size, is averaged. The mean
 * of each channel stays: L1 finds medians, and noise in the dark is not even.
 */
export async function taught(teacher: Denoiser, noisy: PlanarImage, seed: number, index: number): Promise<PlanarImage> {
  const phases: PlanarImage[] = [];
  for (const phase of phasesOf(noisy, PHASE_STRIDE)) phases.push(await teacher.denoise(phase, 1));
  const rough = fromPhases(phases, PHASE_STRIDE);
  const plane = noisy.width * noisy.height;
  const mean = new Float32Array(noisy.data.length);
  for (let pass = 0; pass < REPLACED.passes; pass++) {
    const random = sampleRandom(seed ^ STREAM, index, pass);
    const data = rough.data.slice();
    for (let at = 0; at < plane; at++) {
      if (!happens(random, REPLACED.share)) continue;
      for (let c = 0; c < 3; c++) data[c * plane + at] = noisy.data[c * plane + at]!;
    }
    const made = await teacher.denoise({ ...noisy, data }, 1);
    for (let i = 0; i < mean.length; i++) mean[i]! += made.data[i]! / REPLACED.passes;
  }
  for (let c = 0; c < 3; c++) keepMean(noisy.data, mean, c * plane, plane);
  return { ...noisy, data: mean };
}

/** Shifts a part of samples so that it has the mean of the same part of others. */
function keepMean(of: Float32Array, samples: Float32Array, start: number, length: number): void {
  let sum = 0;
  for (let i = start; i < start + length; i++) sum += of[i]! - samples[i]!;
  for (let i = start; i < start + length; i++) samples[i]! += sum / length;
}
