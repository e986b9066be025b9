import { fileURLToPath } from 'node:url';
import type { EngineExit } from '../app/engine-errors.js';
import type { EngineLauncher } from '../app/engine-transport.js';

/** Runs an engine in Electron's utility process: packaged programs cannot fork Node. */

/** What is used of Electron's UtilityProcess. */
export interface UtilityChild {
  readonly pid: number | undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  postMessage(message: unknown): void;
  kill(): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
}

export interface UtilityOptions {
  readonly serviceName: string;
  readonly stdio: 'pipe';
  readonly env: Record<string, string>;
}

export type UtilityFork = (entry: string, args: string[], options: UtilityOptions) => UtilityChild;

export interface UtilityEngineOptions {
  readonly fork: UtilityFork;
  /** Of the script that readies the process and then loads the engine. */
  readonly boot: URL;
  readonly engine: URL;
  /** Seen in the system's list of processes, and in the log when it is gone. */
  readonly name: string;
  readonly env: Record<string, string>;
  readonly platform: string;
}

/** How long after its exit an engine's last words may take to arrive. */
const LAST_WORDS_MS = 500;

/** Launches the engine as a utility process. May only be called once the program is ready. */
export function utilityEngine(options: UtilityEngineOptions): EngineLauncher {
  return (onDiagnostic) => {
    const child = options.fork(fileURLToPath(options.boot), [options.engine.href], {
      serviceName: options.name,
      stdio: 'pipe',
      env: options.env,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', onDiagnostic);
    }
    let hasEnded = false;
    const ended = new Promise<EngineExit>((resolve) => {
      child.on('exit', (code) => {
        hasEnded = true;
        const { exit, lastWords } = readExit(code, options.platform);
        if (lastWords !== null) onDiagnostic(`${lastWords}\n`);
        setTimeout(resolve, LAST_WORDS_MS, exit);
      });
    });
    return {
      postMessage: (message) => {
        // Its exit says all there is to say.
        if (!hasEnded) child.postMessage(message);
      },
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => void ended.then(listener),
      kill: () => {
        if (!hasEnded) child.kill();
      },
    };
  };
}

/** Signals by number, where Electron gives what `waitpid` says: the number of the signal, or 128 more of a shell's. */
const SIGNALS: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};
/** SIGBUS is the one of these that systems number differently. */
const SIGBUS: Readonly<Record<string, number>> = { linux: 7, darwin: 10 };
/** What Chromium's allocator ends a process with on Windows when memory is exhausted. */
const WINDOWS_OUT_OF_MEMORY = 0xe0000008;

/** Turns the one number that Electron gives into what the host understands: the engine itself exits with 0 to 3 only. */
export function readExit(code: number, platform: string): { exit: EngineExit; lastWords: string | null } {
  if (platform === 'win32') {
    const unsigned = code >>> 0;
    return {
      exit: { code: unsigned, signal: null },
      lastWords: unsigned === WINDOWS_OUT_OF_MEMORY ? 'out of memory' : null,
    };
  }
  const number = code > 128 ? code - 128 : code;
  const signal = SIGBUS[platform] === number ? 'SIGBUS' : SIGNALS[number];
  return { exit: signal === undefined ? { code, signal: null } : { code: null, signal }, lastWords: null };
}
