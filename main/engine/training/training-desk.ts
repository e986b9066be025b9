import type { EngineParams, EngineResult } from '../../../preload/engine-protocol.js';
import type { Give, Report } from '../service.js';
import { AppError } from '../../core/errors.js';
import type { ModelStore } from '../models.js';
import { chooseProvider } from '../sessions.js';
import { train } from './trainer.js';

/** The runs in progress, by their folders. */
export class TrainingDesk {
  private readonly gates = new Map<string, Gate>();

  constructor(private readonly models: ModelStore) {}

  async train(
    signal: AbortSignal,
    request: EngineParams<'train'>,
    report: Report,
    give: Give<'train'>,
  ): Promise<EngineResult<'train'>> {
    if (this.gates.has(request.out)) {
      throw new AppError('output/locked', `a training run is in progress in ${request.out}`);
    }
    const gate = new Gate(signal);
    this.gates.set(request.out, gate);
    const { provider, threads } = request.runtime;
    try {
      report('waiting', 0, 0);
      return await train(signal, request, {
        estimator: async () => (await this.models.estimator()).graph,
        session: { provider: chooseProvider(provider), threads },
        available: availableMemory(),
        unpaused: () => gate.passed(),
        onNews(news) {
          if (news.type === 'step') report('train', news.fraction, 0);
          give(news);
        },
      });
    } finally {
      this.gates.delete(request.out);
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
