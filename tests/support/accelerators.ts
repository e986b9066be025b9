import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { AcceleratedEngine } from '../../main/app/accelerators/accelerated-engine.js';
import { Accelerators, EIGHT_BITS } from '../../main/app/accelerators/accelerators.js';
import type { Way } from '../../main/app/accelerators/verdict.js';
import { VerdictStore } from '../../main/app/accelerators/verdict-store.js';
import { EngineSupervisor } from '../../main/app/engine-supervisor.js';
import { forkEngine } from '../../main/app/engine-transport.js';
import type { Provider } from '../../preload/contract.js';
import type { ProviderFault } from '../../preload/engine-protocol.js';
import type { Fault } from './faulty-provider.js';
import { writeDenoiser } from './model-files.js';
import { MODELS } from './photos.js';
import { tempFolder } from './temp-folder.js';

const FAULTY = new URL('../../dist/tests/support/faulty-engine.js', import.meta.url);
export const ENGINE = new URL('../../dist/bundle/engine/main.js', import.meta.url);

export const WEBGPU: Way = { provider: 'webgpu', precision: 'float' };

export interface AcceleratorBench {
  readonly accelerators: Accelerators;
  readonly engine: EngineSupervisor;
  /** The same engine with the best accelerator. */
  readonly accelerated: AcceleratedEngine;
  /** What the engine has told, in order. */
  readonly faults: ProviderFault[];
  /** A denoiser of next to nothing, by its path. */
  readonly model: string;
  /** Has an accelerator pass for it, four times as fast as the processor with tiles of 256 pixels. */
  readonly pass: (provider: Provider) => Promise<void>;
  /** Has 8 bits pass for `fast`, so many times as fast as float. */
  readonly passInEightBits: (speed: number) => Promise<void>;
}

export const never = new AbortController().signal;

/** Real engines, verdicts in a folder of their own; all gone when the test has ended. */
export function acceleratorBench({ entry = FAULTY, timeoutMs = 60_000 } = {}): AcceleratorBench {
  const folder = tempFolder();
  const faults: ProviderFault[] = [];
  const noted: Promise<void>[] = [];
  const start = (): EngineSupervisor =>
    new EngineSupervisor(forkEngine(entry), {
      onFault: (fault) => {
        faults.push(fault);
        noted.push(accelerators.blame(fault));
      },
    });
  const engine = start();
  const driverOf = (): Promise<string> => Promise.resolve('driver');
  const accelerators: Accelerators = new Accelerators({ folder, engine, launch: start, driverOf, timeoutMs });
  onTestFinished(async () => {
    await Promise.all(noted);
    await engine.shutdown();
  });
  const model = writeDenoiser(join(tempFolder(), 'tiny.onnx'));
  const pass = async (way: Way, file: string, speed: number): Promise<void> => {
    const { version } = await engine.call(never, 'runtime', {});
    const sha = createHash('sha256').update(readFileSync(file)).digest('hex');
    const key = { runtime: version, ...way, driver: 'driver', model: sha };
    const store = new VerdictStore(folder);
    await store.apply(key, { type: 'begun' });
    const tiles = [{ tile: 256, pixelsPerSecond: 10 * speed, maxDifference: 0, right: true }];
    await store.apply(key, { type: 'measured', report: { cpuPixelsPerSecond: 10, tiles } });
  };
  return {
    accelerators,
    engine,
    accelerated: new AcceleratedEngine(engine, accelerators),
    faults,
    model,
    pass: (provider) => pass({ provider, precision: 'float' }, model, 4),
    passInEightBits: (speed) => pass(EIGHT_BITS, join(MODELS, 'denoise-fast.int8.onnx'), speed),
  };
}

/** Has engines that are started from now on find an accelerator with this fault, after so many good runs. */
export function withFault(fault: Fault, after = 0): void {
  vi.stubEnv('FAULTY_PROVIDER', `${fault}:${after}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}
