import { AppError } from '../../core/errors.js';
import type { DecodedImage } from '../codec.js';
import type { Nets } from '../denoise-image.js';
import type { Pause, Priority } from '../mutex.js';
import type { Report } from '../service.js';
import type { VaeStore } from './vae.js';

/** What generating needs of the engine. */
export interface Workbench {
  readonly nets: Nets;
  readonly vaes: VaeStore;
  /** Runs inference alone, but for its pauses. */
  infer<T>(priority: Priority, signal: AbortSignal, work: (pause: Pause) => Promise<T>): Promise<T>;
  /** Decodes a photo within the memory budget and holds it for as long as the work takes. */
  decoded<T>(signal: AbortSignal, path: string, report: Report, work: (image: DecodedImage) => Promise<T>): Promise<T>;
}

/** @throws AppError engine/cancelled */
export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
}

/** Lets messages come in between two pieces of work that block the thread. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
