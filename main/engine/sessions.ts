import type { Precision, Provider, RuntimeSettings } from '../../preload/contract.js';
import { AppError } from '../core/errors.js';
import { buildDenoiseGraph, buildEstimateGraph, type DenoiseVariant } from '../core/image/denoise-graph.js';
import { buildPreviewGraph, type PreviewVariant } from '../core/image/preview-graph.js';
import { encodeModel } from '../core/onnx/codec.js';
import { modelOf, type Graph } from '../core/onnx/model.js';
import { padWebgpuConvolutions } from '../core/onnx/webgpu-convolutions.js';
import type { LoadedModel } from './models.js';
import { openSession, type RuntimeSession, type SessionOptions } from './runtime.js';

/**
 * Sessions are dear to make and leak a little when released: the last few variants are kept. So many do for one kind of
 * photo: previews (draft and chosen model, each with and without a second pass), the queue's, and the estimator's. What a
 * session holds on to is its weights and the activations of its largest tile: up to 90 MB for a preview's.
 */
const KEPT_SESSIONS = 6;

/**
 * The provider to use for a request. 'auto' is the CPU: an accelerator is only chosen by itself once it has proven on
 * this machine that it gives right numbers.
 */
export function chooseProvider(provider: RuntimeSettings['provider']): Provider {
  return provider === 'auto' ? 'cpu' : provider;
}

/**
 * The precision to use for a request.
 * @throws AppError 'engine/provider' for 8 bits on an accelerator, which has no kernels for them and has not been tried
 */
export function choosePrecision({ provider, precision }: RuntimeSettings): Precision {
  if (precision === 'float' || chooseProvider(provider) === 'cpu') return precision;
  throw new AppError('engine/provider', `8 bits are for the processor: ${provider} computes in float`);
}

/** Opens a session on a graph, written so that the provider gets it right. Errors as `openSession`. */
export function openGraph(graph: Graph, options: SessionOptions): Promise<RuntimeSession> {
  return openSession(
    encodeModel(modelOf(options.provider === 'webgpu' ? padWebgpuConvolutions(graph) : graph)),
    options,
  );
}

/** Opens the composed graphs as sessions and keeps the ones in use. */
export class SessionCache {
  private readonly sessions = new Map<string, Promise<RuntimeSession>>();

  /** The session that denoises tiles of a variant; sizes are free. */
  denoise(
    denoiser: LoadedModel,
    estimator: LoadedModel,
    variant: DenoiseVariant,
    runtime: RuntimeSettings,
  ): Promise<RuntimeSession> {
    const key = JSON.stringify(['denoise', denoiser.sha256, estimator.sha256, variant]);
    const nets = { denoiser: denoiser.graph, estimator: estimator.graph };
    return this.open(key, runtime, () => buildDenoiseGraph(nets, variant));
  }

  /** The session that gives the raw parts of a preview's tiles; sizes are free. */
  preview(
    denoiser: LoadedModel,
    estimator: LoadedModel,
    variant: PreviewVariant,
    runtime: RuntimeSettings,
  ): Promise<RuntimeSession> {
    const key = JSON.stringify(['preview', denoiser.sha256, estimator.sha256, variant]);
    const nets = { denoiser: denoiser.graph, estimator: estimator.graph };
    return this.open(key, runtime, () => buildPreviewGraph(nets, variant));
  }

  /** The session that measures the noise of tiles; sizes are free. */
  estimate(
    estimator: LoadedModel,
    variant: Pick<DenoiseVariant, 'type' | 'channels'>,
    runtime: RuntimeSettings,
  ): Promise<RuntimeSession> {
    const key = JSON.stringify(['estimate', estimator.sha256, variant.type, variant.channels]);
    return this.open(key, runtime, () => buildEstimateGraph(estimator.graph, variant));
  }

  private async open(graphKey: string, runtime: RuntimeSettings, build: () => Graph): Promise<RuntimeSession> {
    const provider = chooseProvider(runtime.provider);
    const key = JSON.stringify([graphKey, provider, runtime.threads]);
    let session = this.sessions.get(key);
    this.sessions.delete(key); // put back last: the first in the map is the one unused for longest
    if (session === undefined) {
      await this.keepAtMost(KEPT_SESSIONS - 1);
      session = openGraph(build(), { provider, threads: runtime.threads });
    }
    this.sessions.set(key, session);
    try {
      return await session;
    } catch (error) {
      this.sessions.delete(key);
      throw error;
    }
  }

  /** Releases all sessions with the memory that they hold on to. Only between inferences. */
  clear(): Promise<void> {
    return this.keepAtMost(0);
  }

  /** Releases the sessions unused for longest. Only between inferences, which run one at a time. */
  private async keepAtMost(count: number): Promise<void> {
    for (const [key, session] of this.sessions) {
      if (this.sessions.size <= count) return;
      this.sessions.delete(key);
      await (await session).release();
    }
  }
}
