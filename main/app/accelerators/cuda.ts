import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { quoteLastLine } from '../engine-errors.js';

/**
 * What CUDA needs here: NVIDIA's driver, CUDA 12 and cuDNN 9 from the system, and ONNX Runtime's library for it, which
 * is too large for its npm package: that package's own install script fetches it from nuget.org.
 */

const run = promisify(execFile);

/** Libraries of the system that ONNX Runtime's loads, and what brings them. */
const LIBRARIES = {
  'libcudart.so.12': 'CUDA 12',
  'libcublasLt.so.12': 'CUDA 12',
  'libcublas.so.12': 'CUDA 12',
  'libcurand.so.10': 'CUDA 12',
  'libcufft.so.11': 'CUDA 12',
  'libcudnn.so.9': 'cuDNN 9',
} as const;
type Library = keyof typeof LIBRARIES;

/** What matters of a machine. */
export interface CudaFacts {
  /** As Node names them: "linux x64". */
  readonly system: string;
  readonly hasDriver: boolean;
  /** The install script of ONNX Runtime's package; null: this copy comes without it. */
  readonly script: string | null;
  readonly missing: readonly Library[];
}

/** What keeps the library from being installed, and what to do; null: nothing does. */
export function cudaObstacle({ system, hasDriver, script }: CudaFacts): string | null {
  if (system !== 'linux x64') {
    return `CUDA is for Linux on x64 processors; this is ${system}, whose graphics cards are used without it.`;
  }
  if (!hasDriver) return 'there is no NVIDIA driver here: CUDA needs one, and a card for it.';
  if (script === null)
    return 'this packaged copy of Stillgrain cannot be added to: install Stillgrain with npm for CUDA.';
  return null;
}

/** What the system still lacks, for people; null: nothing. */
export function cudaLacks(missing: readonly Library[]): string | null {
  if (missing.length === 0) return null;
  const parts = [...new Set(missing.map((name) => LIBRARIES[name]))].join(' and ');
  return `The system lacks ${parts} (${missing.join(', ')}): install it from NVIDIA's packages for your system.`;
}

/** Finds out what matters of this machine. */
export async function cudaFacts(): Promise<CudaFacts> {
  const folders = (process.env['LD_LIBRARY_PATH'] ?? '').split(':').filter(Boolean);
  const cached = await run('/sbin/ldconfig', ['-p']).then(
    ({ stdout }) => stdout,
    () => '',
  );
  const isThere = (name: string): boolean =>
    cached.includes(`${name} `) || folders.some((folder) => existsSync(join(folder, name)));
  return {
    system: `${process.platform} ${process.arch}`,
    hasDriver:
      (await readFile('/proc/driver/nvidia/version', 'utf8').catch(() => '')) !== '' || isThere('libcuda.so.1'),
    script: installScript(),
    missing: (Object.keys(LIBRARIES) as Library[]).filter((name) => !isThere(name)),
  };
}

/**
 * Fetches ONNX Runtime's library for CUDA and puts it beside its others.
 * @throws Error saying in one line why that was not possible
 */
export async function fetchCudaProvider(script: string): Promise<void> {
  const env: NodeJS.ProcessEnv = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'cuda12' };
  // As npm sets it within the program's own folder, where the project's settings say to skip it.
  delete env['npm_config_onnxruntime_node_install'];
  try {
    await run(process.execPath, [script], { env });
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    throw new Error(`the library could not be fetched from nuget.org${quoteLastLine(stderr) || `: ${message}`}`, {
      cause: error,
    });
  }
}

function installScript(): string | null {
  try {
    return createRequire(import.meta.url).resolve('onnxruntime-node/script/install.js');
  } catch {
    return null;
  }
}
