import { describe, expect, it } from 'vitest';
import type { PlanarImage } from '../../../../main/core/noise/flat-patches.js';
import { judge, type Denoiser } from '../../../../main/engine/learn/gate.js';
import { againstFrames, recorrupted } from '../../../../main/engine/learn/trials.js';
import { evenAndStriped, knownBank, withKnownNoise } from '../../../support/flat-noise.js';

const clean = evenAndStriped(128, 128);
const smoothed = [1, 2, 3, 4].map((seed) => {
  const pixels = { width: 128, height: 128, data: new Uint8Array(0) };
  return {
    window: { pixels, camera: null, photo: 0, heldOut: true },
    noisy: withKnownNoise(clean, seed),
    smooth: clean,
  };
});
const windows = recorrupted(smoothed, { bank: knownBank(), cameras: [], groupOf: [0, 0, 0, 0] }, 1);

/** A net that leaves a share of the noise, as nets do that were trained for this very picture. */
function leaving(share: number, change: (value: number, at: number) => number = (value) => value): Denoiser {
  return {
    denoise: (image: PlanarImage) =>
      Promise.resolve({
        ...image,
        data: image.data.map((value, i) => change(clean.data[i]! + share * (value - clean.data[i]!), i)),
      }),
  };
}

const verdictOn = (child: Denoiser) =>
  judge(new AbortController().signal, { parent: leaving(0.3), child, windows, seed: 1 });

describe('judge', () => {
  it('passes a child that leaves less noise, and says how much both leave', async () => {
    const { passed, measures, reasons } = await verdictOn(leaving(0.2));
    expect({ passed, reasons }).toEqual({ passed: true, reasons: [] });
    const [error] = measures;
    expect(error!.child).toBeLessThan(error!.parent);
  });

  it('refuses a child that leaves more noise, and one that is the same', async () => {
    for (const share of [0.4, 0.3]) {
      const { passed, reasons } = await verdictOn(leaving(share));
      expect(passed).toBe(false);
      expect(reasons[0]).toMatch(/error is not clearly lower/);
    }
  });

  it('refuses a child that drifts, and one that takes the detail away', async () => {
    const drifting = await verdictOn(leaving(0.2, (value) => value + 0.004));
    expect(drifting.reasons.join()).toMatch(/mean brightness by 1\.\d\d levels/);
    const smoothing = await verdictOn(leaving(0, (value) => 0.5 + 0.5 * (value - 0.5)));
    expect(smoothing.reasons.join()).toMatch(/keeps only \d\d % of its parent's fine detail/);
  });

  it('refuses a child that is better on these photos and has forgotten strong noise', async () => {
    // The noise of the photos is weak; what is far from the picture comes of noise of sigma 25 and 50.
    const forgetful: Denoiser = {
      denoise: (image) => {
        const strong = image.data.reduce((sum, value, i) => sum + (value - clean.data[i]!) ** 2, 0) / image.data.length;
        return leaving(strong > 0.005 ? 0.9 : 0.2).denoise(image, 1);
      },
    };
    const { passed, reasons } = await verdictOn(forgetful);
    expect(passed).toBe(false);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(/it forgot: on ordinary noise/);
  });

  it('says the same for the same seed', async () => {
    expect(await verdictOn(leaving(0.25))).toEqual(await verdictOn(leaving(0.25)));
  });

  it('judges by other frames as by the truth, and says the latter in dB', async () => {
    const frames = [11, 12, 13].map((seed) => withKnownNoise(clean, seed));
    const verdictBy = (truth: PlanarImage | null) => {
      const tried = [againstFrames(frames, truth), againstFrames(frames.slice(1), truth)];
      return judge(new AbortController().signal, {
        parent: leaving(0.3),
        child: leaving(0.2),
        windows: tried,
        seed: 1,
      });
    };
    const [byFrames, byTruth] = [await verdictBy(null), await verdictBy(clean)];
    for (const { passed, reasons } of [byFrames, byTruth])
      expect({ passed, reasons }).toEqual({ passed: true, reasons: [] });
    const [error, psnr] = [byFrames.measures[0]!, byTruth.measures[0]!];
    expect([error.name, psnr.name]).toEqual(['error against other frames', 'PSNR of held-out pairs']);
    for (const net of ['parent', 'child'] as const) {
      const levels = 255 * 10 ** (-psnr[net] / 20);
      expect(Math.abs(error[net] / levels - 1), net).toBeLessThan(0.1);
    }
    const worse = await judge(new AbortController().signal, {
      ...{ parent: leaving(0.3), child: leaving(0.4), seed: 1 },
      windows: [againstFrames(frames, null)],
    });
    expect(worse.reasons[0]).toMatch(/on held-out frames its error is not clearly lower/);
  });
});
