import type { EngineParams, EngineResult } from '../../../preload/engine-protocol.js';
import type { Give, Report } from '../service.js';
import type { RuntimeSettings } from '../../../preload/contract.js';
import { AppError } from '../../core/errors.js';
import { learn } from '../learn/learn.js';
import type { ModelStore } from '../models.js';
import { chooseProvider } from '../sessions.js';
import { train, type TrainingTools } from './trainer.js';

/** The host takes minutes of silence for a hang, and a run that is paused, or measures, has no news. */
const HEARTBEAT_MS = 30_000;

/** The runs in progress, by their folders. */
export class TrainingDesk {
  private readonly gates = new Map<string, Gate>();

  constructor(
    private readonly models: Pick<ModelStore, 'estimator' | 'denoiserFile'>,
    private readonly heartbeatMs = HEARTBEAT_MS,
  ) {}

  train(
    signal: AbortSignal,
    request: EngineParams<'train'>,
    report: Report,
    give: Give<'train'>,
  ): Promise<EngineResult<'train'>> {
    return this.withTools(signal, request, report, (tools) =>
      train(signal, request, {
        ...tools,
        onNews(news) {
          if (news.type === 'step') report('train', news.fraction, 0);
          give(news);
        },
      }),
    );
  }

  learn(
    signal: AbortSignal,
    request: EngineParams<'learn'>,
    report: Report,
    give: Give<'learn'>,
  ): Promise<EngineResult<'learn'>> {
    return this.withTools(signal, request, report, (tools) =>
      learn(signal, request, {
        ...tools,
        modelFile: (nameOrPath) => this.models.denoiserFile(nameOrPath),
        onNews(news) {
          if (news.type === 'training' && news.news.type === 'step') {
            report('train', (news.round - 1 + news.news.fraction) / news.rounds, 0);
          }
          give(news);
        },
      }),
    );
  }

  /** Has a run carried out, of which there may be one in a folder. */
  private async withTools<T>(
    signal: AbortSignal,
    { out, runtime }: { readonly out: string; readonly runtime: RuntimeSettings },
    report: Report,
    work: (tools: Omit<TrainingTools, 'onNews'>) => Promise<T>,
  ): Promise<T> {
    if (this.gates.has(out)) throw new AppError('output/locked', `a training run is in progress in ${out}`);
    const gate = new Gate(signal);
    this.gates.set(out, gate);
    // Where the call stands is kept by whoever sends it on: a fraction never goes back.
    const heart = setInterval(() => {
      report('train', 0, 0);
    }, this.heartbeatMs);
    try {
      return await work({
        estimator: async () => (await this.models.estimator()).graph,
        session: { provider: chooseProvider(runtime.provider), threads: runtime.threads },
        available: availableMemory(),
        unpaused: () => gate.passed(),
      });
    } finally {
      clearInterval(heart);
      this.gates.delete(out);
    }
  }

  /** Whether there is a run in the folder. */
  pause({ out, paused }: EngineParams<'pauseTraining'>): boolean {
    const gate = this.gates.get(out);
    gate?.set(paused);
    return gate !== undefined;
  }
}

/** What a run passes before each step. */
class Gate {
  private opened: Promise<void> = Promise.resolve();
  private open: () => void = () => undefined;

  constructor(signal: AbortSignal) {
    // A paused run is stopped like any other.
    signal.addEventListener('abort', () => {
      this.open();
    });
  }

  set(closed: boolean): void {
    this.open();
    if (closed) {
      this.opened = new Promise((resolve) => {
        this.open = resolve;
      });
    }
  }

  passed(): Promise<void> {
    return this.opened;
  }
}

/** Share of the memory that is free which a run may take. */
const MEMORY_SHARE = 0.9;

function availableMemory(): number {
  // The runtime's allocations are not Node's: nothing but the system's own limit counts.
  return process.availableMemory() * MEMORY_SHARE;
}
