import type { RuntimeSettings } from '../../../preload/contract.js';
import type { EngineCall, EngineParams, EngineResult } from '../../../preload/engine-protocol.js';
import type { PartListener, ProgressListener } from '../engine-client.js';
import { EngineDeath } from '../engine-errors.js';
import type { Engine } from '../engine-supervisor.js';
import type { Accelerators } from './accelerators.js';

/**
 * An engine whose 'auto' is the fastest that has proven itself with the model in question: an accelerator, or the processor
 * in 8 bits where the precision is left open. When the engine dies on an accelerator, that is remembered, and the call
 * fails as one that the processor can do.
 */
export class AcceleratedEngine implements Engine {
  constructor(
    private readonly engine: Engine,
    private readonly accelerators: Pick<Accelerators, 'choose' | 'tileOf' | 'died'>,
  ) {}

  async call<C extends EngineCall>(
    signal: AbortSignal,
    name: C,
    params: EngineParams<C>,
    onProgress?: ProgressListener,
    onPart?: PartListener<C>,
  ): Promise<EngineResult<C>> {
    const model = modelOf(name, params);
    if (model === null || !('runtime' in params)) return this.engine.call(signal, name, params, onProgress, onPart);
    const resolved = await this.#resolve(signal, params.runtime, model);
    // Previews know best how large their tiles may be: they are small, so that a newer one need not wait.
    const runtime = name === 'denoise' ? resolved : { ...resolved, tile: params.runtime.tile };
    try {
      return await this.engine.call(signal, name, { ...params, runtime }, onProgress, onPart);
    } catch (error) {
      const { provider } = runtime;
      if (!(error instanceof EngineDeath) || error.code !== 'engine/crashed') throw error;
      if (provider === 'cpu' || provider === 'auto') throw error;
      const reason = `the ${provider} provider took the engine down (${error.message})`;
      await this.accelerators.died(provider, model, reason).catch(() => undefined);
      throw new EngineDeath('engine/provider', reason, { cause: error });
    }
  }

  async #resolve(signal: AbortSignal, runtime: RuntimeSettings, model: string): Promise<RuntimeSettings> {
    const { provider, tile, precision } = runtime;
    // Accelerators have no kernels for 8 bits.
    if (precision === 'int8') return runtime;
    if (provider !== 'auto' && provider !== 'cpu') {
      return {
        ...runtime,
        tile: tile ?? (await this.accelerators.tileOf(signal, provider, model)),
        precision: 'float',
      };
    }
    if (provider === 'cpu' && precision === 'float') return runtime;
    const choice = await this.accelerators.choose(signal, model, runtime);
    if (choice === null) return { ...runtime, precision: 'float' };
    return { ...runtime, provider: choice.provider, precision: choice.precision, tile: tile ?? choice.tile };
  }
}

/** The denoiser that a call runs; null for one that runs none. */
function modelOf<C extends EngineCall>(name: C, params: EngineParams<C>): string | null {
  if (name === 'denoise') return (params as EngineParams<'denoise'>).settings.model;
  if (name === 'preview') return (params as EngineParams<'preview'>).model;
  return null;
}
