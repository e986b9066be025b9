import { DEFAULT_RUNTIME, type Accelerator, type EngineInfo } from '../../preload/contract.js';
import { verdictText } from './accelerators/verdict-text.js';
import type { Engine } from './engine-supervisor.js';

/**
 * Asks an engine what it is. Of accelerators it says what is known: they are tried elsewhere, one by one and each with a
 * note of it, since one may take the machine down.
 */
export async function diagnose(
  engine: Engine,
  signal: AbortSignal,
  accelerators: readonly Accelerator[],
): Promise<EngineInfo> {
  const info = await engine.call(signal, 'info', { runtime: { ...DEFAULT_RUNTIME, provider: 'cpu' } });
  const providers = info.providers.map((provider) => {
    const verdicts = accelerators
      .filter((entry) => entry.provider === provider.name && entry.precision === 'float')
      .map(({ verdict }) => verdict);
    const telling = verdicts.find(({ state }) => state === 'passed') ?? verdicts[0];
    if (telling === undefined) return provider;
    return { ...provider, works: telling.state === 'passed', detail: verdictText(telling, 'float', Date.now()) };
  });
  return { ...info, providers };
}
