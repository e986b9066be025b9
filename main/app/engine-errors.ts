import { AppError, ERROR_CODES, type ErrorCode } from '../core/errors.js';

/** How an engine process ended, as Node and Electron report it. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** The engine process died with calls in flight: any of them may be to blame. */
export class EngineDeath extends AppError {
  override readonly name = 'EngineDeath';
}

/** The engine does not start at all: no photo is to blame, and trying the next one is pointless. */
export class EngineUnavailable extends AppError {
  override readonly name = 'EngineUnavailable';
}

const OUT_OF_MEMORY_TEXT = /bad_alloc|heap out of memory|out of memory|cannot allocate memory/i;

/**
 * Tells from its exit and last words why an engine died. An unasked-for SIGKILL is the kernel's answer to exhausted
 * memory: nothing else sends one unattended.
 */
export function explainDeath(exit: EngineExit, lastWords: string): EngineDeath {
  if (exit.signal === 'SIGKILL' || OUT_OF_MEMORY_TEXT.test(lastWords)) {
    return new EngineDeath('engine/out-of-memory', 'the engine ran out of memory and was stopped');
  }
  const how = exit.signal !== null ? `by ${exit.signal}` : `with exit code ${exit.code ?? 'unknown'}`;
  return new EngineDeath('engine/crashed', `the engine ended ${how}${quoteLastLine(lastWords)}`);
}

/** The most telling line of an engine's last words, ready to be put behind a sentence. */
export function quoteLastLine(lastWords: string): string {
  const lines = lastWords.split('\n').map((line) => line.trim());
  const error = lines.findLast((line) => /^[\w.]*(Error|Exception)\b.*:/.test(line));
  const line = error ?? lines.findLast((text) => text !== '' && !/^(at |Node\.js v|---)/.test(text));
  return line === undefined ? '' : `: ${line.slice(0, 200)}`;
}

const KNOWN_CODES: ReadonlySet<string> = new Set(ERROR_CODES);

/** Reads an error off the wire; a code that this build does not know becomes engine/internal, its text kept. */
export function readWireError(wire: { readonly code: string; readonly message: string }): AppError {
  const known = KNOWN_CODES.has(wire.code);
  return new AppError(known ? (wire.code as ErrorCode) : 'engine/internal', wire.message);
}

/** The error that a caller gets for its own abort. */
export const cancelled = (): AppError => new AppError('engine/cancelled', 'cancelled');
