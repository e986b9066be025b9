import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import type { Provider } from '../../preload/contract.js';
import { PROVIDERS } from '../../preload/contract.js';
import { AppError } from '../core/errors.js';
import type { ElementType, TensorOf } from '../core/onnx/model.js';
import { ELEMENT_ARRAYS } from '../core/onnx/tensor.js';

/** Everything that the engine asks of ONNX Runtime goes through this file: the only one that imports it. */

/** Types of what goes in and comes out; float16 has no array of its own in JavaScript. */
type RuntimeType = Exclude<ElementType, 'float16'>;
export type RuntimeTensor = { [T in RuntimeType]: TensorOf<T> }[RuntimeType];

export interface SessionOptions {
  readonly provider: Provider;
  /** Threads of the runtime; null lets it take what the process may use. */
  readonly threads: number | null;
  /** Runs the graph node by node as it is written, for checks; slower. */
  readonly asWritten?: boolean;
  /** What benchmarks try in place of what is chosen here. */
  readonly trial?: Pick<
    ort.InferenceSession.SessionOptions,
    'graphOptimizationLevel' | 'optimizedModelFilePath' | 'extra'
  >;
}

export interface RuntimeSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Runs the graph. Blocks this thread until it is done, although it returns a promise: yield between calls. */
  run(feeds: Readonly<Record<string, RuntimeTensor>>): Promise<Record<string, RuntimeTensor>>;
  release(): Promise<void>;
}

const isElectron = 'electron' in process.versions;

/** Version of ONNX Runtime in use. */
export const runtimeVersion = (): string => ort.env.versions.node ?? ort.env.versions.common;

/** Providers that are installed with this build of the runtime; whether one works on this machine is another question. */
export function compiledProviders(): readonly Provider[] {
  const names = new Set(
    ort
      .listSupportedBackends()
      .filter(({ name, bundled }) => bundled || hasLibraryOf(name))
      .map(({ name }) => name),
  );
  return PROVIDERS.filter((provider) => names.has(provider));
}

/** What comes apart from the runtime, too large for its package, is a library beside its own. */
function hasLibraryOf(name: string): boolean {
  const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const folder = join(runtime, 'bin', 'napi-v6', process.platform, process.arch);
  return existsSync(join(folder, `libonnxruntime_providers_${name}.so`));
}

/** Threads that a session will use. */
export function effectiveThreads(threads: number | null): number {
  return threads ?? availableParallelism();
}

/** The thread count handed to the runtime: 0, its own choice of one per physical core, unless this process has fewer. */
function threadCount(threads: number | null): number {
  if (threads !== null) return threads;
  const available = availableParallelism();
  return available < cpus().length ? available : 0;
}

/**
 * Opens a session on a model's bytes.
 * @throws AppError model/invalid when the runtime refuses the graph; engine/provider when the accelerator does.
 */
export async function openSession(model: Uint8Array, options: SessionOptions): Promise<RuntimeSession> {
  const { provider } = options;
  if (!compiledProviders().includes(provider)) {
    const remedy = provider === 'cuda' && process.platform === 'linux' ? '; stillgrain doctor --install-cuda' : '';
    const message = `the ${provider} provider is not part of this build for this system${remedy}`;
    throw new AppError('engine/provider', message);
  }
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(model, {
      executionProviders: [executionProvider(provider)],
      intraOpNumThreads: threadCount(options.threads),
      interOpNumThreads: 1,
      graphOptimizationLevel: options.asWritten === true ? 'disabled' : 'all',
      // The pattern planner's blocks came on top of the arena's: 870 MB against 561 MB for a 1024 px tile, and slower.
      // DirectML allows neither it nor a parallel executor.
      enableMemPattern: false,
      executionMode: 'sequential',
      // Electron's allocator ends the process at an allocation near 2 GiB, to which the arena would grow by doubling.
      enableCpuMemArena: !isElectron,
      logSeverityLevel: 3,
      ...options.trial,
    });
  } catch (error) {
    throw translate(error, provider, 'open');
  }
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds) {
      const inputs: Record<string, ort.Tensor> = {};
      for (const [name, tensor] of Object.entries(feeds)) inputs[name] = toOrt(tensor);
      try {
        const outputs = await session.run(inputs);
        return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, fromOrt(name, value)]));
      } catch (error) {
        throw translate(error, provider, 'run');
      }
    },
    release: () => session.release(),
  };
}

/** Core ML as a program (0x10), given only what has one shape (0x08): each new shape would be compiled for seconds. */
const CORE_ML_FLAGS = 0x10 | 0x08;

function executionProvider(provider: Provider): ort.InferenceSession.ExecutionProviderConfig {
  switch (provider) {
    case 'webgpu':
      return { name: 'webgpu', storageBufferCacheMode: 'simple' };
    case 'coreml':
      return { name: 'coreml', coreMlFlags: CORE_ML_FLAGS };
    default:
      return provider;
  }
}

function toOrt({ type, data, dims }: RuntimeTensor): ort.Tensor {
  // The constructor has one overload per type, the union has them all.
  return new ort.Tensor(type, data as ort.Tensor['data'], dims);
}

function fromOrt(name: string, value: ort.OnnxValue): RuntimeTensor {
  const { type, dims, data } = value;
  if (!Object.hasOwn(ELEMENT_ARRAYS, type) || type === 'float16') {
    throw new AppError('model/invalid', `output ${name} is of type ${type}, which this program does not read`);
  }
  return { type, dims, data } as unknown as RuntimeTensor;
}

/** The runtime throws plain Errors: their texts are all there is to tell an exhausted machine from a broken graph. */
function translate(error: unknown, provider: Provider, during: 'open' | 'run'): AppError {
  const text = error instanceof Error ? error.message : String(error);
  // A failed check names its source file and condition first; what it says for people comes behind.
  const line = (text.split('\n', 1)[0] ?? '').replace(/^.* was false\. /, '');
  if (/bad_alloc|failed to allocate|out of memory|not enough memory/i.test(text)) {
    return new AppError('engine/out-of-memory', `the ${provider} provider ran out of memory: ${line}`, {
      cause: error,
    });
  }
  if (provider !== 'cpu')
    return new AppError('engine/provider', `the ${provider} provider failed: ${line}`, { cause: error });
  return new AppError(during === 'open' ? 'model/invalid' : 'engine/internal', `ONNX Runtime: ${line}`, {
    cause: error,
  });
}
