import type { z } from 'zod';
import {
  CALLS,
  type CallDeclaration,
  type CallName,
  type HostKind,
  type Reply,
  type WireError,
} from '../../preload/contract.js';
import { AppError, toWireError } from '../core/errors.js';
import type { Handlers } from './handlers.js';

/** One request as a host receives it, nothing of it believed yet. */
export interface GateRequest {
  /** Whether it came from the program's own page: the host alone can tell. */
  readonly trusted: boolean;
  readonly name: unknown;
  readonly params: unknown;
  /** Aborted when the window cancels the call or goes away. */
  readonly signal: AbortSignal;
}

export interface GateOptions {
  readonly host: HostKind;
  /** Hears of faults of ours, with all that is known; the window is told their existence alone. */
  readonly onFault?: (text: string) => void;
}

export interface Gate {
  /** Answers one request; never rejects. */
  handle(request: GateRequest): Promise<Reply>;
}

/** Long enough for a field's name and what is wrong with it; names of fields come from whoever asks. */
const MAX_MESSAGE_CHARS = 200;

/**
 * The one way in: checks sender, name, host and parameters of every request before a handler sees it, lets out nothing
 * that the contract does not name, and turns errors into replies without traces of the inside.
 */
export function createGate(handlers: Handlers, options: GateOptions): Gate {
  const onFault = options.onFault ?? (() => undefined);
  return {
    async handle(request) {
      try {
        const name = admit(request, options.host);
        const params = readParams(name, request.params);
        // The tables tie each call's schema to its handler; the compiler cannot follow the name through both.
        const handler = handlers[name] as (params: unknown, signal: AbortSignal) => Promise<unknown>;
        const result = await handler(params, request.signal);
        return { ok: true, result: (CALLS[name].result as z.ZodType).parse(result) };
      } catch (error) {
        return { ok: false, error: refusal(error, request, onFault) };
      }
    },
  };
}

function admit({ trusted, name }: GateRequest, host: HostKind): CallName {
  if (!trusted) throw new AppError('request/refused', 'this request does not come from the window');
  if (typeof name !== 'string' || !isCall(name)) throw new AppError('request/invalid', 'there is no such request');
  const declaration: CallDeclaration = CALLS[name];
  if (declaration.host !== undefined && declaration.host !== host) {
    throw new AppError('request/refused', `'${name}' is for the ${declaration.host} host only`);
  }
  return name;
}

const isCall = (name: string): name is CallName => Object.hasOwn(CALLS, name);

function readParams(name: CallName, params: unknown): unknown {
  let parsed: z.ZodSafeParseResult<unknown>;
  try {
    parsed = (CALLS[name].params as z.ZodType).safeParse(params);
  } catch (error) {
    // Whatever a schema stumbles over is the asker's doing: cycles, traps.
    throw new AppError('request/invalid', `${name}: the parameters cannot be read`, { cause: error });
  }
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  throw new AppError('request/invalid', oneLine([name, field, issue?.message].filter(Boolean).join(': ')));
}

function refusal(error: unknown, { name, signal }: GateRequest, onFault: (text: string) => void): WireError {
  if (error instanceof AppError && error.code !== 'engine/internal') return toWireError(error);
  if (signal.aborted) return { code: 'engine/cancelled', message: 'cancelled' };
  onFault(`${new Date().toISOString()} ${String(name)}: ${describe(error)}\n`);
  if (error instanceof AppError) return toWireError(error);
  return { code: 'engine/internal', message: 'Stillgrain made a mistake here: what is known of it is in the log' };
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : 'something was thrown that is no error';

const oneLine = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- they come from whoever asks and would end up in logs
  text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').slice(0, MAX_MESSAGE_CHARS);
