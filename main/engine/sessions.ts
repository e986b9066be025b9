import type { Precision, Provider, RuntimeSettings } from '../../preload/contract.js';
import type { ProviderFault } from '../../preload/engine-protocol.js';
import { restAfter } from '../core/back-off.js';
import { AppError, toWireError } from '../core/errors.js';
import { buildDenoiseGraph, buildEstimateGraph, type DenoiseVariant } from '../core/image/denoise-graph.js';
import { buildPreviewGraph, type PreviewVariant } from '../core/image/preview-graph.js';
import { encodeModel } from '../core/onnx/codec.js';
import { modelOf, type Graph } from '../core/onnx/model.js';
import { bindInputShapes } from '../core/onnx/shapes.js';
import { padWebgpuConvolutions } from '../core/onnx/webgpu-convolutions.js';
import { GuardedSession } from './guarded-session.js';
import type { LoadedModel } from './models.js';
import { compiledProviders, openSession, type RuntimeSession, type SessionOptions } from './runtime.js';

/**
 * Sessions are dear to make and leak a little when released: the last few variants are kept. So many do for one kind of
 * photo: previews (draft and chosen model, each with and without a second pass), the queue's, and the estimator's. What a
 * session holds on to is its weights and the activations of its largest tile: up to 90 MB for a preview's.
 */
const KEPT_SESSIONS = 6;

/** How a session is opened on a model's bytes; tests put faults there. */
export type OpenSession = typeof openSession;

export interface SessionCacheOptions {
  readonly open?: OpenSession;
  /** Hears, once for each model and accelerator, that it was given up. */
  readonly onFault?: (fault: ProviderFault) => void;
}

/**
 * The provider to use for a request. 'auto' is the CPU here: the host puts the accelerator in its place that has proven
 * on this machine to give right numbers, since it is the host that remembers.
 */
export function chooseProvider(provider: RuntimeSettings['provider']): Provider {
  return provider === 'auto' ? 'cpu' : provider;
}

/**
 * The precision to use for a request. 'auto' is float here: the host knows where 8 bits have proven themselves.
 * @throws AppError 'engine/provider' for 8 bits on an accelerator, which has no kernels for them and has not been tried
 */
export function choosePrecision({ provider, precision }: RuntimeSettings): Precision {
  if (precision !== 'int8') return 'float';
  if (chooseProvider(provider) === 'cpu') return precision;
  throw new AppError('engine/provider', `8 bits are for the processor: ${provider} computes in float`);
}

/** Opens a session on a graph, written so that the provider gets it right. Errors as `openSession`. */
export function openGraph(
  graph: Graph,
  options: SessionOptions,
  open: OpenSession = openSession,
): Promise<RuntimeSession> {
  return open(encodeModel(modelOf(options.provider === 'webgpu' ? padWebgpuConvolutions(graph) : graph)), options);
}

/** What a session is opened of. */
interface Wanted {
  /** What tells it from others. */
  readonly key: readonly unknown[];
  /** Hash of the net whose numbers are at stake. */
  readonly model: string;
  readonly build: () => Graph;
  /** Shape of `pixels` that accelerators are given, [height, width, channels]; null: free. */
  readonly shape: readonly number[] | null;
}

/** An accelerator that was given up for a model. */
interface GivenUp {
  readonly failures: number;
  /** On the clock of `performance.now`. */
  readonly until: number;
}

/**
 * Opens the composed graphs as sessions and keeps the ones in use. Those on accelerators are guarded: an accelerator that
 * gives wrong numbers for a model is not used for it again by this process, one that fails only after a rest.
 */
export class SessionCache {
  private readonly sessions = new Map<string, Promise<RuntimeSession>>();
  /** Accelerators and models that did not go together. */
  private readonly givenUp = new Map<string, GivenUp>();

  constructor(private readonly options: SessionCacheOptions = {}) {}

  /** The provider that a model will be run on. */
  providerFor({ sha256 }: LoadedModel, runtime: RuntimeSettings): Provider {
    const provider = chooseProvider(runtime.provider);
    return this.isGivenUp(provider, sha256) ? 'cpu' : provider;
  }

  /** The session that denoises tiles of a variant; on an accelerator squares of `side` pixels, null: sizes are free. */
  denoise(
    denoiser: LoadedModel,
    estimator: LoadedModel,
    variant: DenoiseVariant,
    runtime: RuntimeSettings,
    side: number | null = null,
  ): Promise<RuntimeSession> {
    const nets = { denoiser: denoiser.graph, estimator: estimator.graph };
    return this.open(runtime, {
      key: ['denoise', denoiser.sha256, estimator.sha256, variant],
      model: denoiser.sha256,
      build: () => buildDenoiseGraph(nets, variant),
      shape: side === null ? null : [side, side, variant.channels],
    });
  }

  /** The session that gives the raw parts of a preview's tiles; sizes are free. */
  preview(
    denoiser: LoadedModel,
    estimator: LoadedModel,
    variant: PreviewVariant,
    runtime: RuntimeSettings,
  ): Promise<RuntimeSession> {
    const nets = { denoiser: denoiser.graph, estimator: estimator.graph };
    return this.open(runtime, {
      key: ['preview', denoiser.sha256, estimator.sha256, variant],
      model: denoiser.sha256,
      build: () => buildPreviewGraph(nets, variant),
      shape: null,
    });
  }

  /** The session that measures the noise of tiles; sizes are free. */
  estimate(
    estimator: LoadedModel,
    variant: Pick<DenoiseVariant, 'type' | 'channels'>,
    runtime: RuntimeSettings,
  ): Promise<RuntimeSession> {
    return this.open(runtime, {
      key: ['estimate', estimator.sha256, variant.type, variant.channels],
      model: estimator.sha256,
      build: () => buildEstimateGraph(estimator.graph, variant),
      shape: null,
    });
  }

  private async open(runtime: RuntimeSettings, wanted: Wanted): Promise<RuntimeSession> {
    const asked = chooseProvider(runtime.provider);
    const provider = this.isGivenUp(asked, wanted.model) ? 'cpu' : asked;
    const how =
      provider === 'cpu' ? [] : [wanted.shape, this.givenUp.get(pairOf(provider, wanted.model))?.failures ?? 0];
    const key = JSON.stringify([wanted.key, provider, runtime.threads, ...how]);
    let session = this.sessions.get(key);
    this.sessions.delete(key); // put back last: the first in the map is the one unused for longest
    if (session === undefined) {
      await this.keepAtMost(KEPT_SESSIONS - 1);
      const { threads } = runtime;
      session = provider === 'cpu' ? this.openOnCpu(wanted, threads) : this.openGuarded(wanted, provider, threads);
    }
    this.sessions.set(key, session);
    try {
      return await session;
    } catch (error) {
      this.sessions.delete(key);
      if (provider === 'cpu' || !compiledProviders().includes(provider)) throw error;
      this.giveUp({ provider, model: wanted.model, kind: 'failed', message: toWireError(error).message });
      return this.open(runtime, wanted);
    }
  }

  private openOnCpu({ build }: Wanted, threads: number | null): Promise<RuntimeSession> {
    return openGraph(build(), { provider: 'cpu', threads }, this.options.open);
  }

  private async openGuarded(wanted: Wanted, provider: Provider, threads: number | null): Promise<RuntimeSession> {
    const { build, shape, model } = wanted;
    const graph = shape === null ? build() : bindInputShapes(build(), { pixels: shape });
    const session = await openGraph(graph, { provider, threads }, this.options.open);
    return new GuardedSession(session, {
      provider,
      model,
      openCpu: () => this.openOnCpu(wanted, threads),
      onFault: (fault) => {
        this.giveUp(fault);
      },
    });
  }

  private giveUp(fault: ProviderFault): void {
    const pair = pairOf(fault.provider, fault.model);
    if (this.isGivenUp(fault.provider, fault.model)) return;
    const failures = (this.givenUp.get(pair)?.failures ?? 0) + 1;
    const until = fault.kind === 'wrong' ? Infinity : performance.now() + restAfter(failures);
    this.givenUp.set(pair, { failures, until });
    this.options.onFault?.(fault);
  }

  private isGivenUp(provider: Provider, model: string): boolean {
    const { until } = this.givenUp.get(pairOf(provider, model)) ?? { until: 0 };
    return performance.now() < until;
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

const pairOf = (provider: Provider, model: string): string => `${provider} ${model}`;
