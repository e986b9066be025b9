import type { EventPayload } from '../../preload/contract.js';
import type { EngineState } from './engine-supervisor.js';
import type { Emit } from './events.js';

type Status = EventPayload<'engine.changed'>;

/** The worse comes first: what the person is told of several engines is the worst of them. */
const ORDER: readonly EngineState[] = ['failed', 'restarting', 'starting', 'ready'];

/** Where the engines of a window stand, as one. */
export class EngineStatus {
  readonly #engines = new Map<string, Status>();
  #told: Status = { state: 'ready', message: '' };

  constructor(private readonly emit: Emit) {}

  /** Hears of one engine's changes; see `SupervisorOptions.onState`. */
  listener(engine: string): (state: EngineState, message: string) => void {
    return (state, message) => {
      this.#engines.set(engine, { state, message });
      const all = [...this.#engines.values()];
      const worst = ORDER.map((candidate) => all.find((status) => status.state === candidate)).find(Boolean);
      if (worst === undefined || (worst.state === this.#told.state && worst.message === this.#told.message)) return;
      this.#told = worst;
      this.tell();
    };
  }

  /** Tells again, for a window that was not there yet. */
  tell(): void {
    this.emit('engine.changed', this.#told);
  }
}
