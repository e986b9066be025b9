import type { Provider } from '../../preload/contract.js';
import type { ProviderFault } from '../../preload/engine-protocol.js';
import { agrees, allFinite, compareAnswers } from '../core/image/agreement.js';
import { toWireError } from '../core/errors.js';
import type { RuntimeSession, RuntimeTensor } from './runtime.js';

type Tensors = Record<string, RuntimeTensor>;

/** Checks on the processor may take this share of an accelerator's own time. */
const CHECK_SHARE = 0.05;

export interface Guard {
  readonly provider: Provider;
  /** Hash of the model that the graph is built of. */
  readonly model: string;
  /** Opens the same graph on the processor, when it is first needed. */
  readonly openCpu: () => Promise<RuntimeSession>;
  /** Hears, once, why the accelerator is given up. */
  readonly onFault: (fault: ProviderFault) => void;
}

/**
 * A session on an accelerator that is not believed: what fails there, or is no numbers, is done again on the processor,
 * which goes on with all that follows. The first tile is compared with the processor's answer, and now and then another,
 * so seldom that it costs little. (GPUs have given garbage without an error: darktable-org/darktable#21306.)
 */
export class GuardedSession implements RuntimeSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  #accelerator: RuntimeSession | null;
  #cpu: Promise<RuntimeSession> | null = null;
  /** Time on the accelerator until the next comparison, in milliseconds. */
  #untilCheckMs = 0;

  constructor(
    accelerator: RuntimeSession,
    private readonly guard: Guard,
  ) {
    this.#accelerator = accelerator;
    this.inputNames = accelerator.inputNames;
    this.outputNames = accelerator.outputNames;
  }

  async run(feeds: Readonly<Tensors>): Promise<Tensors> {
    if (this.#accelerator === null) return this.#runOnCpu(feeds);
    const start = performance.now();
    let outputs: Tensors;
    try {
      outputs = await this.#accelerator.run(feeds);
    } catch (error) {
      await this.#leave('failed', toWireError(error).message);
      return this.#runOnCpu(feeds);
    }
    const end = performance.now();
    if (!allFinite(outputs)) {
      await this.#leave('wrong', `the ${this.guard.provider} provider gave values that are no numbers`);
      return this.#runOnCpu(feeds);
    }
    if (this.#untilCheckMs > 0) {
      this.#untilCheckMs -= end - start;
      return outputs;
    }
    const wanted = await this.#runOnCpu(feeds);
    const agreement = compareAnswers(outputs, wanted);
    if (!agrees(agreement)) {
      const by = agreement.maxDifference.toFixed(1);
      await this.#leave('wrong', `the ${this.guard.provider} provider gave wrong numbers (off by up to ${by} of 255)`);
      return wanted;
    }
    this.#untilCheckMs = (performance.now() - end) / CHECK_SHARE;
    return outputs;
  }

  async release(): Promise<void> {
    await Promise.all([this.#accelerator?.release(), this.#cpu?.then((session) => session.release())]);
  }

  #runOnCpu(feeds: Readonly<Tensors>): Promise<Tensors> {
    this.#cpu ??= this.guard.openCpu();
    return this.#cpu.then((session) => session.run(feeds));
  }

  async #leave(kind: ProviderFault['kind'], message: string): Promise<void> {
    const { provider, model, onFault } = this.guard;
    const failed = this.#accelerator;
    this.#accelerator = null;
    onFault({ provider, model, kind, message });
    // A device that is lost may have nothing left to release.
    await failed?.release().catch(() => undefined);
  }
}
