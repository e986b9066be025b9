import { MultiBar, type Options, type Params, type SingleBar } from 'cli-progress';
import { isSettled, type QueueItem } from '../app/queue-item.js';
import { ProgressMeter, type MeterReading } from '../app/progress-meter.js';
import { count, duration, printable } from './text.js';

const FRAMES_PER_SECOND = 8;
const BAR_CELLS = 28;
/** Resolution of the bar's own counter. */
const STEPS = 1000;

/** The bar on stderr: share done, photos, time left, speed. Lines can be written above it. */
export class ProgressBar {
  #items: readonly QueueItem[] = [];
  readonly #meter = new ProgressMeter();
  #bars: MultiBar | null = null;
  #bar: SingleBar | null = null;
  #drawnAt = 0;

  get isRunning(): boolean {
    return this.#bars !== null;
  }

  start(items: readonly QueueItem[]): void {
    this.#items = items;
    if (items.every(isSettled)) return;
    this.#bars = new MultiBar({
      stream: process.stderr,
      fps: FRAMES_PER_SECOND,
      clearOnComplete: true,
      // Ctrl-C is the command's to handle, and a hidden cursor would stay hidden after a kill.
      gracefulExit: false,
      hideCursor: false,
      format: (_options: Options, params: Params, reading: MeterReading & { counted: string }) =>
        barText(params.progress, reading),
    });
    this.#bar = this.#bars.create(STEPS, 0, { ...this.#read(), counted: this.#counted() });
  }

  update(): void {
    const now = performance.now();
    if (this.#bar === null || now - this.#drawnAt < 1000 / FRAMES_PER_SECOND) return;
    this.#drawnAt = now;
    const reading = this.#read();
    this.#bar.update(Math.floor(reading.fraction * STEPS), { ...reading, counted: this.#counted() });
  }

  log(line: string): void {
    this.#bars?.log(`${line}\n`);
  }

  stop(): void {
    this.#bars?.update();
    this.#bars?.stop();
    this.#bars = null;
    this.#bar = null;
  }

  #read(): MeterReading {
    let work = 0;
    let total = 0;
    let pixels = 0;
    for (const { state, size, fraction, pixels: done } of this.#items) {
      if (state === 'skipped' || state === 'failed' || state === 'cancelled') continue;
      total += size;
      work += size * fraction;
      pixels += done;
    }
    return this.#meter.read(performance.now(), work, total, pixels);
  }

  #counted(): string {
    const settled = this.#items.filter(isSettled).length;
    return `${settled} of ${count(this.#items.length, 'photo')}`;
  }
}

/** One frame of the bar. */
export function barText(progress: number, reading: MeterReading & { readonly counted: string }): string {
  const filled = Math.round(progress * BAR_CELLS);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
  const parts = [`${bar} ${Math.floor(progress * 100)} %`, reading.counted];
  if (reading.etaMs !== null) parts.push(`${duration(reading.etaMs)} left`);
  if (reading.megapixelsPerSecond !== null) parts.push(`${reading.megapixelsPerSecond.toFixed(2)} MP/s`);
  return printable(parts.join(' · '));
}
