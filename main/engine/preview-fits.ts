import type { PreviewJob } from '../../preload/engine-protocol.js';
import type { Nets } from './denoise-image.js';
import { hasFallback, settleModel, type SettledModel } from './model-fit.js';
import type { Pause } from './mutex.js';
import { readSample, type Manifest } from './pyramid.js';

/** Photos that are looked at in turn, each with a model or two. */
const KEPT = 64;

/** Remembers which model does each unpacked photo: a slider that moves asks for it again and again. */
export class PreviewFits {
  private readonly settled = new Map<string, SettledModel>();

  /** The model that a preview is made with. Errors as `settleModel`; input/not-found when the photo was cleared away. */
  async settle(
    signal: AbortSignal,
    job: PreviewJob,
    manifest: Manifest,
    nets: Nets,
    pause: Pause,
  ): Promise<SettledModel> {
    const { folder, model, fallback, runtime } = job;
    if (!hasFallback(job) || job.sigma === 0) return { model };
    const { sha256 } = await nets.models.denoiser(model);
    const key = JSON.stringify([folder, model, sha256, fallback, runtime.provider, runtime.precision]);
    const known = this.settled.get(key);
    const settled = known ?? (await settleModel(signal, await readSample(folder, manifest), job, runtime, nets, pause));
    this.settled.delete(key); // put back last: the first in the map is the one unused for longest
    this.settled.set(key, settled);
    if (this.settled.size > KEPT) this.settled.delete(this.settled.keys().next().value!);
    return settled;
  }
}
