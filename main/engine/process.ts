import {
  ENGINE_CALLS,
  HostMessage,
  type EngineCall,
  type EngineMessage,
  type ProviderFault,
} from '../../preload/engine-protocol.js';
import { AppError, toWireError } from '../core/errors.js';
import { HOST_GONE, hostChannel } from './host-channel.js';
import { closeMetadata } from './metadata.js';
import type { EngineService, Give, Report } from './service.js';

/** The engine process: takes calls from the host that forked it, answers each once. */

const PROGRESS_INTERVAL_MS = 100;

const running = new Map<number, AbortController>();
const channel = hostChannel(process);

function send(message: EngineMessage): void {
  channel?.send(message);
}

/** Sends progress at a bearable rate, each change of stage at once, fractions never going back. */
function reporter(id: number): Report {
  let last = { stage: '', fraction: 0, at: 0 };
  return (stage, fraction, pixels) => {
    const now = performance.now();
    if (stage === last.stage && now - last.at < PROGRESS_INTERVAL_MS) return;
    last = { stage, fraction: Math.max(last.fraction, fraction), at: now };
    send({ type: 'progress', id, stage, fraction: last.fraction, pixels: Math.round(pixels) });
  };
}

function isCall(name: string): name is EngineCall {
  return Object.hasOwn(ENGINE_CALLS, name);
}

async function dispatch(
  service: EngineService,
  name: string,
  params: unknown,
  signal: AbortSignal,
  report: Report,
  give: Give<EngineCall>,
): Promise<unknown> {
  if (!isCall(name)) throw new AppError('usage/invalid', `the engine has no call '${name}'`);
  const parsed = ENGINE_CALLS[name].params.safeParse(params);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError('usage/invalid', `${name}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`);
  }
  // The table ties each call's schema to its handler; the compiler cannot follow the name through both.
  const handler = service[name].bind(service) as (
    s: AbortSignal,
    p: unknown,
    r: Report,
    g: Give<EngineCall>,
  ) => Promise<unknown>;
  return handler(signal, parsed.data, report, give);
}

async function answer(service: EngineService, id: number, name: string, params: unknown): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const give = (part: unknown): void => {
      send({ type: 'part', id, part });
    };
    const result = await dispatch(service, name, params, controller.signal, reporter(id), give);
    send({ type: 'result', id, result });
  } catch (error) {
    const wire = controller.signal.aborted ? { code: 'engine/cancelled', message: 'cancelled' } : toWireError(error);
    if (wire.code === 'engine/internal') console.error(error);
    send({ type: 'error', id, error: wire });
  } finally {
    running.delete(id);
  }
}

/** Stops all work, waits for it to clean up after itself (temporary files), and exits. */
async function shutdown(code: number, reason?: unknown): Promise<void> {
  for (const controller of running.values()) controller.abort(reason);
  while (running.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await closeMetadata();
  process.exit(code);
}

/**
 * Takes calls from the host, as long as it is there: when the channel closes, this process goes.
 * @param makeService given what tells the host of an accelerator that was given up
 */
export function runEngine(makeService: (onFault: (fault: ProviderFault) => void) => EngineService): void {
  if (channel === null) {
    console.error('The engine is started by a host process: run `stillgrain` instead.');
    process.exit(2);
  }
  const service = makeService((fault) => {
    send({ type: 'fault', fault });
  });
  channel.onMessage((raw) => {
    const parsed = HostMessage.safeParse(raw);
    if (!parsed.success) {
      console.error('a message from the host was not understood');
      return;
    }
    const message = parsed.data;
    switch (message.type) {
      case 'call':
        void answer(service, message.id, message.call, message.params);
        return;
      case 'cancel':
        running.get(message.id)?.abort();
        return;
      case 'shutdown':
        void shutdown(0);
    }
  });
  channel.onClosed(() => void shutdown(0, HOST_GONE));
  // Ctrl-C reaches the whole terminal group: the host decides what it means and tells us.
  process.on('SIGINT', () => undefined);
  send({ type: 'ready', pid: process.pid });
}
