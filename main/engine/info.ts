import { freemem, totalmem } from 'node:os';
import type { RuntimeSettings } from '../../preload/contract.js';
import { FORMATS, PROVIDERS } from '../../preload/contract.js';
import type { EngineInfo } from '../../preload/engine-protocol.js';
import { toWireError } from '../core/errors.js';
import { codecVersions } from './codec.js';
import type { Nets } from './denoise-image.js';
import { memoryBudget } from './memory.js';
import { metadataVersion } from './metadata.js';
import { compiledProviders, effectiveThreads, runtimeVersion, type RuntimeTensor } from './runtime.js';

/** Side of the tile that a provider has to get through to count as working. */
const TRIAL_SIDE = 64;

const UNTRIED = { works: false, detail: 'not tried' };
const ABSENT = { works: false, detail: 'not part of this build for this system' };
const CUDA_ABSENT = { works: false, detail: 'not installed: see `stillgrain doctor --install-cuda`' };

/**
 * Versions, memory and which providers get a small tile through. Of the accelerators only the one asked for is tried: it
 * may take this process down, and what else is known should not go with it.
 */
export async function engineInfo(signal: AbortSignal, runtime: RuntimeSettings, nets: Nets): Promise<EngineInfo> {
  const compiled = compiledProviders();
  const providers: EngineInfo['providers'] = [];
  for (const name of PROVIDERS) {
    if (signal.aborted) break;
    const present = compiled.includes(name);
    const wanted = name === 'cpu' || name === runtime.provider;
    const trial = present && wanted ? await tryProvider({ ...runtime, provider: name }, nets) : UNTRIED;
    const absent = name === 'cuda' && process.platform === 'linux' ? CUDA_ABSENT : ABSENT;
    providers.push({ name, present, ...(present ? trial : absent) });
  }
  return {
    pid: process.pid,
    versions: {
      node: process.versions.node,
      'onnxruntime-node': runtimeVersion(),
      ...codecVersions(),
      exiftool: await metadataVersion(),
    },
    providers,
    memory: { totalBytes: totalmem(), freeBytes: freemem(), budgetBytes: memoryBudget() },
    threads: effectiveThreads(runtime.threads),
    formats: [...FORMATS],
  };
}

async function tryProvider(runtime: RuntimeSettings, nets: Nets): Promise<{ works: boolean; detail: string }> {
  try {
    const estimator = await nets.models.estimator();
    const session = await nets.sessions.estimate(estimator, { type: 'uint8', channels: 3 }, runtime);
    const data = new Uint8Array(TRIAL_SIDE * TRIAL_SIDE * 3).map((_, i) => (i * 37) % 256);
    const pixels: RuntimeTensor = { type: 'uint8', dims: [TRIAL_SIDE, TRIAL_SIDE, 3], data };
    const { statistics } = await session.run({ pixels });
    const finite = statistics?.type === 'float32' && statistics.data.every(Number.isFinite);
    return finite ? { works: true, detail: 'works' } : { works: false, detail: 'gives values that are no numbers' };
  } catch (error) {
    return { works: false, detail: toWireError(error).message };
  }
}
