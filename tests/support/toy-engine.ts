import { copyFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ProgressListener } from '../../main/app/engine-client.js';
import { cancelled } from '../../main/app/engine-errors.js';
import type { Engine } from '../../main/app/engine-supervisor.js';
import { AppError, type ErrorCode } from '../../main/core/errors.js';
import type {
  DenoiseReport,
  DenoiseRequest,
  EngineCall,
  EngineParams,
  EngineResult,
} from '../../preload/engine-protocol.js';

const report: DenoiseReport = {
  width: 10,
  height: 10,
  ms: 1,
  noise: { sigma: 5, perChannel: [5, 5, 5], low: 4, high: 6 },
  trust: { score: 0.9, verdict: 'good' },
  notes: [],
};

const stopIf = (signal: AbortSignal): void => {
  if (signal.aborted) throw cancelled();
};

/** An engine in the test's own process for the queue's state machine: "denoising" copies the file. */
export class ToyEngine implements Engine {
  /** Requests for a photo so far, by file name, in order. */
  readonly asked: string[] = [];
  /** Every request, in order. */
  readonly requests: DenoiseRequest[] = [];
  /** Photos whose name contains this are not finished until it changes. */
  held: RegExp | null = null;
  /** How a photo of this name fails; undefined: it does not. */
  fault: (name: string) => ErrorCode | AppError | undefined = () => undefined;
  #wake: (() => void)[] = [];

  /** Lets photos that are held go on. */
  release(): void {
    this.held = null;
    for (const wake of this.#wake.splice(0)) wake();
  }

  async call<C extends EngineCall>(
    signal: AbortSignal,
    name: C,
    params: EngineParams<C>,
    onProgress: ProgressListener = () => undefined,
  ): Promise<EngineResult<C>> {
    if (name === 'models') return [] as unknown as EngineResult<C>;
    return (await this.#denoise(signal, params as DenoiseRequest, onProgress)) as EngineResult<C>;
  }

  async #denoise(signal: AbortSignal, request: DenoiseRequest, onProgress: ProgressListener): Promise<DenoiseReport> {
    const name = basename(request.input);
    this.asked.push(name);
    this.requests.push(request);
    await new Promise((resolve) => setImmediate(resolve));
    stopIf(signal);
    onProgress({ stage: 'denoise', fraction: 0.5, pixels: 50 });
    while (this.held?.test(name) === true) await this.#something(signal);
    stopIf(signal);
    const fault = this.fault(name);
    if (fault !== undefined) throw typeof fault === 'string' ? new AppError(fault, `scripted ${fault}`) : fault;
    copyFileSync(request.input, request.output);
    onProgress({ stage: 'encode', fraction: 1, pixels: 100 });
    return report;
  }

  #something(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wake.push(resolve);
      signal.addEventListener('abort', () => {
        reject(cancelled());
      });
    });
  }
}
