import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HostMessage } from '../../preload/engine-protocol.js';
import type { EngineExit } from './engine-errors.js';

/**
 * One engine process as its host sees it. The terminal and web hosts fork it with Node; the desktop host will do the
 * same with Electron's utilityProcess.
 */
export interface EngineTransport {
  postMessage(message: HostMessage): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Calls the listener once, when the process has ended. */
  onExit(listener: (exit: EngineExit) => void): void;
  /** Ends the process at once, whatever it does. */
  kill(): void;
}

/** Starts an engine process; what it prints goes to `onDiagnostic`. */
export type EngineLauncher = (onDiagnostic: (text: string) => void) => EngineTransport;

/** How long after its exit an engine's last words may take to arrive. */
const LAST_WORDS_MS = 500;

/** Launches the engine's entry file as a Node child process. */
export function forkEngine(entry: URL): EngineLauncher {
  return (onDiagnostic) => {
    const child = fork(fileURLToPath(entry), [], {
      serialization: 'json',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
      // Out of the terminal's process group: Ctrl-C is the host's to handle, and it lets the engine finish cleanly.
      detached: process.platform !== 'win32',
    });
    child.stdout?.setEncoding('utf8').on('data', onDiagnostic);
    child.stderr?.setEncoding('utf8').on('data', onDiagnostic);
    return {
      postMessage: (message) => {
        // A message to a process that has just died fails; its exit says all there is to say.
        if (child.connected) child.send(message, () => undefined);
      },
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => {
        let told = false;
        let patience: NodeJS.Timeout | undefined;
        const tell = (exit: EngineExit): void => {
          // Left running, it would keep a command from ending that has nothing more to do.
          clearTimeout(patience);
          if (!told) listener(exit);
          told = true;
        };
        child.once('error', (error) => {
          onDiagnostic(`${error.message}\n`);
          if (child.pid === undefined) tell({ code: null, signal: null });
        });
        // 'close' comes after the last of stderr, but not while a process that the engine started holds the pipe.
        child.once('close', (code, signal) => {
          tell({ code, signal });
        });
        child.once('exit', (code, signal) => {
          if (!told) patience = setTimeout(tell, LAST_WORDS_MS, { code, signal });
        });
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
