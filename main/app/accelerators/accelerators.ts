import type { Accelerator, Provider, RuntimeSettings, Verdict } from '../../../preload/contract.js';
import type { EngineResult, ProviderFault } from '../../../preload/engine-protocol.js';
import { toWireError } from '../../core/errors.js';
import { EngineDeath, EngineUnavailable } from '../engine-errors.js';
import type { Engine, EngineSupervisor } from '../engine-supervisor.js';
import { outputError } from '../fs-errors.js';
import { driverIdentity } from './driver.js';
import { ModelHashes } from './model-hashes.js';
import { chooseAccelerator, mayBegin, PROVIDER_ORDER, type Choice, type VerdictEvent, type Way } from './verdict.js';
import { VerdictStore, type VerdictKey } from './verdict-store.js';

/** The longest that a trial may take. A driver in software needs a minute for the largest model on two cores. */
const PROBE_TIMEOUT_MS = 120_000;

export interface AcceleratorsOptions {
  /** Where verdicts are kept. */
  readonly folder: string;
  /** Says what is installed and which models there are; never tries anything. */
  readonly engine: Engine;
  /** Starts the engine of a trial, which is thrown away. */
  readonly launch: () => EngineSupervisor;
  readonly driverOf?: (provider: Provider) => Promise<string>;
  readonly timeoutMs?: number;
  /** Hears that a verdict has changed. */
  readonly onChange?: () => void;
}

/** Whether a trial is made whatever is known, because the person asks for it, or only where nothing is. */
export interface TestOptions {
  readonly asked: boolean;
}

/** The processor in 8 bits, which models of one's own cannot be run in. */
export const EIGHT_BITS: Way = { provider: 'cpu', precision: 'int8' };

/** What is left to choose; anything but 'auto' is what the person wants. */
export type Open = Pick<RuntimeSettings, 'provider' | 'precision'>;

type Known = Way & { readonly verdict: Verdict };

/**
 * What is known of this machine's accelerators and of 8 bits on its processor: tries them in processes of their own,
 * remembers, chooses.
 */
export class Accelerators {
  readonly #options: AcceleratorsOptions;
  readonly #store: VerdictStore;
  readonly #hashes: ModelHashes;
  readonly #drivers = new Map<Provider, Promise<string>>();
  #runtime: EngineResult<'runtime'> | null = null;
  /** The trials so far: one at a time, since two would measure each other. */
  #trials: Promise<unknown> = Promise.resolve();
  /** Models that were used and of which not all is known. */
  readonly #wanted = new Set<string>();

  constructor(options: AcceleratorsOptions) {
    this.#options = options;
    this.#store = new VerdictStore(options.folder);
    this.#hashes = new ModelHashes(options.engine);
  }

  /** Names of the shipped denoisers, and of what else was used. */
  async models(signal: AbortSignal): Promise<string[]> {
    return [...new Set([...(await this.#hashes.names(signal)), ...this.#wanted])];
  }

  /**
   * What is known of each accelerator that is installed, and of 8 bits, for each model.
   * @throws AppError when the engine does not start
   */
  async list(signal: AbortSignal, models: readonly string[]): Promise<Accelerator[]> {
    const ways = await this.#ways(signal);
    const byModel = await Promise.all(
      models.map(async (model) => {
        const known = await this.#known(signal, model).catch(() => []);
        const now = Date.now();
        const inFloat = chooseAccelerator(
          known.filter(({ precision }) => precision === 'float'),
          now,
        );
        const ofAll = chooseAccelerator(known, now);
        return known.map((entry) => {
          const chosen = entry.precision === 'float' ? inFloat : ofAll;
          return { ...entry, model, chosen: chosen !== null && isSameWay(entry, chosen) };
        });
      }),
    );
    return ways.flatMap((way) => byModel.flat().filter((entry) => isSameWay(entry, way)));
  }

  /**
   * What to run a model on, and in, by itself; null: the processor in float. Costs next to nothing where nothing was ever
   * tried. Never throws: whoever asks can do without.
   */
  async choose(signal: AbortSignal, model: string, open: Open): Promise<Choice | null> {
    try {
      if (await this.#store.isEmpty()) return null;
      const known = await this.#known(signal, model);
      if (known.some(({ verdict }) => verdict.state === 'untested')) this.#wanted.add(model);
      const may = ({ provider, precision }: Way): boolean =>
        (open.provider === 'auto' || open.provider === provider) &&
        (open.precision === 'auto' || open.precision === precision);
      return chooseAccelerator(known.filter(may), Date.now());
    } catch {
      return null;
    }
  }

  /** The tiles with which an accelerator is fastest; null: it was not measured. Never throws. */
  async tileOf(signal: AbortSignal, provider: Provider, model: string): Promise<number | null> {
    try {
      if (await this.#store.isEmpty()) return null;
      const known = await this.#known(signal, model);
      const verdict = known.find((entry) => isSameWay(entry, { provider, precision: 'float' }))?.verdict;
      return verdict?.state === 'passed' ? verdict.tile : null;
    } catch {
      return null;
    }
  }

  /**
   * Tries an accelerator, or 8 bits, with a model in a process of its own and remembers what came of it. A trial that is
   * aborted leaves what was known.
   * @throws AppError engine/cancelled; output/* when it cannot be noted down before; model/*, engine/crashed when no
   *   engine starts
   */
  test(signal: AbortSignal, way: Way, model: string, { asked }: TestOptions): Promise<Verdict> {
    const trial = this.#trials.then(() => this.#test(signal, way, model, asked));
    this.#trials = trial.catch(() => undefined);
    return trial;
  }

  /** Tries each accelerator, and 8 bits, with each model, as `test`. */
  async testAll(signal: AbortSignal, models: readonly string[], options: TestOptions): Promise<void> {
    for (const way of await this.#ways(signal)) {
      for (const model of models) await this.test(signal, way, model, options);
    }
  }

  /** Remembers that an accelerator was given up at work. */
  async blame({ provider, model, kind, message }: ProviderFault): Promise<void> {
    const key = await this.#keyOf(AbortSignal.timeout(KEY_PATIENCE_MS), { provider, precision: 'float' }, model);
    const event = { type: 'misbehaved', reason: message } as const;
    await this.#store.apply(key, kind === 'wrong' ? { ...event, kind } : { ...event, kind, at: Date.now() });
    this.#options.onChange?.();
  }

  /** Remembers that the engine died when it was using an accelerator for a model. */
  async died(provider: Provider, model: string, reason: string): Promise<void> {
    const signal = AbortSignal.timeout(KEY_PATIENCE_MS);
    const key = await this.#key(signal, { provider, precision: 'float' }, model);
    if (key === null) return;
    await this.#store.apply(key, { type: 'died', reason });
    this.#options.onChange?.();
  }

  async #test(signal: AbortSignal, way: Way, model: string, asked: boolean): Promise<Verdict> {
    const key = await this.#key(signal, way, model);
    if (key === null) return { state: 'untested' };
    const before = await this.#store.read(key);
    if (!mayBegin(before, asked)) return before;
    const note = async (event: VerdictEvent): Promise<Verdict> => {
      const verdict = await this.#store.apply(key, event).catch((error: unknown) => {
        throw outputError(error, this.#options.folder);
      });
      this.#options.onChange?.();
      return verdict;
    };
    await note({ type: 'begun' });
    try {
      const event = await this.#probe(signal, way, model);
      return await note(event);
    } catch (error) {
      // It was not the accelerator that ended it.
      await note({ type: 'interrupted', before });
      throw error;
    }
  }

  async #probe(signal: AbortSignal, way: Way, model: string): Promise<VerdictEvent> {
    const timeoutMs = this.#options.timeoutMs ?? PROBE_TIMEOUT_MS;
    const engine = this.#options.launch();
    const timeout = AbortSignal.timeout(timeoutMs);
    const stop = AbortSignal.any([signal, timeout]);
    // An engine that hangs in a driver answers nothing, not even a cancel.
    stop.addEventListener('abort', () => {
      engine.kill();
    });
    try {
      const report = await engine.call(stop, 'probe', { model, ...way, threads: null });
      return { type: 'measured', report };
    } catch (error) {
      if (!signal.aborted && timeout.aborted) return { type: 'timed-out', seconds: timeoutMs / 1000 };
      if (signal.aborted || error instanceof EngineUnavailable) throw error;
      const { code, message } = toWireError(error);
      if (error instanceof EngineDeath) return { type: 'died', reason: message };
      if (!code.startsWith('engine/')) throw error;
      return { type: 'threw', reason: message };
    } finally {
      if (!stop.aborted) await engine.shutdown();
    }
  }

  async #known(signal: AbortSignal, model: string): Promise<Known[]> {
    const known = (await this.#ways(signal)).map(async (way) => {
      const key = await this.#key(signal, way, model);
      return key === null ? [] : [{ ...way, verdict: await this.#store.read(key) }];
    });
    return (await Promise.all(known)).flat();
  }

  /** null: there is no such model, or not in that precision. */
  async #key(signal: AbortSignal, way: Way, model: string): Promise<VerdictKey | null> {
    const hash = await this.#hashes.of(signal, model, way.precision);
    return hash === null ? null : this.#keyOf(signal, way, hash);
  }

  async #keyOf(signal: AbortSignal, { provider, precision }: Way, model: string): Promise<VerdictKey> {
    let driver = this.#drivers.get(provider);
    if (driver === undefined) {
      driver = (this.#options.driverOf ?? driverIdentity)(provider);
      this.#drivers.set(provider, driver);
    }
    const { version } = await this.#installedRuntime(signal);
    return { runtime: version, provider, precision, driver: await driver, model };
  }

  /** What there is to try, in the order in which it is tried: 8 bits last, which no machine goes down with. */
  async #ways(signal: AbortSignal): Promise<readonly Way[]> {
    const { providers } = await this.#installedRuntime(signal);
    const accelerators = PROVIDER_ORDER.filter((provider) => providers.includes(provider));
    return [...accelerators.map((provider): Way => ({ provider, precision: 'float' })), EIGHT_BITS];
  }

  async #installedRuntime(signal: AbortSignal): Promise<EngineResult<'runtime'>> {
    this.#runtime ??= await this.#options.engine.call(signal, 'runtime', {});
    return this.#runtime;
  }
}

const isSameWay = (a: Way, b: Way): boolean => a.provider === b.provider && a.precision === b.precision;

/** For what has to be asked of the engine, which may be starting again. */
const KEY_PATIENCE_MS = 30_000;
