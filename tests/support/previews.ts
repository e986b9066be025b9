import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DEFAULT_RUNTIME,
  LUMA_WEIGHTS,
  planRemoval,
  type DenoiseSettings,
  type Region,
} from '../../preload/contract.js';
import type { EngineResult, PreviewFiles, PreviewJob } from '../../preload/engine-protocol.js';
import { callEngine } from './engine-service.js';
import { tempFolder } from './temp-folder.js';

/** Previews as the window shows them: the parts of a job, blended by the formula of PreviewPart. */

export interface Preview {
  readonly parts: readonly PreviewFiles[];
  readonly result: EngineResult<'preview'>;
  readonly output: string;
}

/** Unpacks a photo; returns the folder and the size of its levels. */
export async function unpack(
  input: string,
): Promise<{ folder: string; levels: readonly { width: number; height: number }[] }> {
  const folder = join(tempFolder(), 'unpacked');
  mkdirSync(folder);
  const { levels } = await callEngine('open', { input, folder });
  return { folder, levels };
}

/** A job for a region, in small tiles. */
export function previewJob(folder: string, region: Region, change: Partial<PreviewJob> = {}): PreviewJob {
  return {
    folder,
    level: 0,
    region,
    model: 'fast',
    sigma: null,
    secondPass: false,
    runtime: { ...DEFAULT_RUNTIME, tile: 256 },
    output: tempFolder(),
    prefix: 'p-',
    ...change,
  };
}

/** Runs a job to its end. */
export async function runPreview(job: PreviewJob): Promise<Preview> {
  const parts: PreviewFiles[] = [];
  const result = await callEngine('preview', job, { onPart: (part) => parts.push(part) });
  return { parts, result, output: job.output };
}

/**
 * The final parts blended into one RGBA image of the region.
 * @throws Error if they do not cover the region exactly once.
 */
export function blend(
  { parts }: Preview,
  region: Region,
  settings: Pick<DenoiseSettings, 'strength' | 'luma' | 'chroma' | 'detail'>,
  neutral: boolean,
): Uint8Array {
  const { luma, chroma } = planRemoval(settings, neutral);
  const weights = neutral ? [1 / 3, 1 / 3, 1 / 3] : LUMA_WEIGHTS;
  const out = new Uint8Array(region.width * region.height * 4);
  const times = new Uint8Array(region.width * region.height);
  for (const part of parts.filter(({ draft }) => !draft)) {
    const [image, first] = [readFileSync(part.image), readFileSync(part.first)];
    const second = part.second === null ? null : readFileSync(part.second);
    for (let i = 0; i < part.region.width * part.region.height; i++) {
      const x = part.region.left - region.left + (i % part.region.width);
      const y = part.region.top - region.top + Math.floor(i / part.region.width);
      const value = (pass: Buffer | null, c: number): number => (pass === null ? 0 : pass[i * 4 + c]! - 128);
      const lumaOf = (pass: Buffer | null): number => weights.reduce((sum, w, c) => sum + w * value(pass, c), 0);
      const [l1, l2] = [lumaOf(first), lumaOf(second)];
      const returned = settings.detail * luma.first * (value(first, 3) + luma.second * value(second, 3));
      const at = y * region.width + x;
      for (let c = 0; c < 3; c++) {
        const removed =
          luma.first * l1 +
          chroma.first * (value(first, c) - l1) +
          luma.second * l2 +
          chroma.second * (value(second, c) - l2);
        out[at * 4 + c] = Math.min(255, Math.max(0, Math.round(image[i * 4 + c]! - removed + returned)));
      }
      out[at * 4 + 3] = image[i * 4 + 3]!;
      times[at]!++;
    }
  }
  if (!times.every((count) => count === 1)) throw new Error('the parts do not cover the region exactly once');
  return out;
}
