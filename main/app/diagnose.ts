import { DEFAULT_RUNTIME, type EngineInfo } from '../../preload/contract.js';
import { toWireError } from '../core/errors.js';
import type { Engine } from './engine-supervisor.js';

/**
 * Asks an engine what it is, then tries the accelerators that are present, one call each: one that takes the engine
 * down costs its own line only.
 */
export async function diagnose(engine: Engine, signal: AbortSignal): Promise<EngineInfo> {
  const info = await engine.call(signal, 'info', { runtime: DEFAULT_RUNTIME });
  const providers: EngineInfo['providers'] = [];
  for (const provider of info.providers) {
    if (!provider.present || provider.works || provider.name === 'cpu') {
      providers.push(provider);
      continue;
    }
    const runtime = { ...DEFAULT_RUNTIME, provider: provider.name };
    try {
      const tried = await engine.call(signal, 'info', { runtime });
      providers.push(tried.providers.find(({ name }) => name === provider.name) ?? provider);
    } catch (error) {
      if (signal.aborted) throw error;
      providers.push({ ...provider, detail: toWireError(error).message });
    }
  }
  return { ...info, providers };
}
