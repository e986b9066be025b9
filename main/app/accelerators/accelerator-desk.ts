import { isAbsolute } from 'node:path';
import type { Accelerator } from '../../../preload/contract.js';
import type { ProviderFault } from '../../../preload/engine-protocol.js';
import { toWireError } from '../../core/errors.js';
import type { Duty } from '../duty.js';
import type { Engine, EngineSupervisor } from '../engine-supervisor.js';
import type { Emit } from '../events.js';
import { acceleratorsFolder } from '../state-folder.js';
import { AcceleratedEngine } from './accelerated-engine.js';
import { Accelerators } from './accelerators.js';
import { BackgroundTrials } from './background-trials.js';

export interface AcceleratorDeskOptions {
  readonly state: string;
  /** The engine that is asked what there is, which never waits for inference. */
  readonly engine: Engine;
  /** Starts the engine of a trial. */
  readonly launch: () => EngineSupervisor;
  readonly duty: Duty;
  /** Whether something runs that is not duty. */
  readonly isBusy: () => boolean;
  readonly emit: Emit;
  readonly report: (text: string) => void;
}

/** What a window has to do with accelerators: shows them, tries them, and tells once of one that was given up. */
export class AcceleratorDesk {
  readonly #options: AcceleratorDeskOptions;
  readonly #accelerators: Accelerators;
  readonly #trials: BackgroundTrials;
  #told = false;

  constructor(options: AcceleratorDeskOptions) {
    this.#options = options;
    const { state, engine, launch, duty, isBusy, report } = options;
    this.#accelerators = new Accelerators({
      folder: acceleratorsFolder(state),
      engine,
      launch,
      onChange: () => void this.#tell(),
    });
    this.#trials = new BackgroundTrials({ accelerators: this.#accelerators, duty, isBusy, report });
  }

  /** The same engine, whose 'auto' is the best accelerator. */
  accelerate(engine: Engine): Engine {
    return new AcceleratedEngine(engine, this.#accelerators);
  }

  /** The window is there: what is not known may be found out when nothing else is to be done. */
  start(): void {
    this.#trials.start();
  }

  /** The accelerators, with each of the shipped models: others are known by their paths, which are not for the window. */
  async list(signal: AbortSignal): Promise<Accelerator[]> {
    const models = await this.#accelerators.models(signal);
    return this.#accelerators.list(
      signal,
      models.filter((model) => !isAbsolute(model)),
    );
  }

  /** Tries all again, while nothing else runs in the background. @throws as `Accelerators.test` */
  async test(signal: AbortSignal): Promise<void> {
    const release = this.#options.duty.begin();
    try {
      await this.#accelerators.testAll(signal, await this.#accelerators.models(signal), { asked: true });
    } finally {
      release();
    }
  }

  /** An engine has given an accelerator up. */
  async fault(fault: ProviderFault): Promise<void> {
    const { emit, report } = this.#options;
    report(`accelerator: ${fault.message}`);
    if (!this.#told) emit('app.notice', { level: 'warning', code: 'engine/provider', message: fault.message });
    this.#told = true;
    await this.#accelerators.blame(fault).catch((error: unknown) => {
      report(`accelerator: the verdict could not be kept: ${toWireError(error).message}`);
    });
  }

  close(): Promise<void> {
    return this.#trials.close();
  }

  async #tell(): Promise<void> {
    const accelerators = await this.list(AbortSignal.timeout(TELL_PATIENCE_MS)).catch(() => null);
    if (accelerators !== null) this.#options.emit('accelerators.changed', { accelerators });
  }
}

const TELL_PATIENCE_MS = 30_000;
