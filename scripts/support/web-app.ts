import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from './cli.js';

/** The browser host as a person starts it: its own process, the built program and page, real engines. */

export interface WebAppOptions {
  /** Where the library, the queue and everything else is kept. */
  readonly state: string;
  /** Folders of the server that can be browsed. */
  readonly roots?: readonly string[];
  /** Where the models and recipes are; absent: those that ship. */
  readonly models?: string;
}

export interface WebApp {
  /** The address that signs in. */
  readonly url: string;
  /** "http://127.0.0.1:PORT" */
  readonly origin: string;
  /** The server's process. */
  readonly pid: number;
  /** Ends the server as Ctrl-C does; resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a loss of power does. */
  kill(): Promise<void>;
}

const CLI = path.join(ROOT, 'bin/stillgrain.mjs');
const STOP_TIMEOUT_MS = 30_000;

/** Starts `stillgrain serve` on a free port. */
export async function startWebApp({ state, roots = [], models }: WebAppOptions): Promise<WebApp> {
  const args = ['serve', '--json', '--port', '0', ...roots.flatMap((root) => ['--root', root])];
  const child = spawn(process.execPath, [CLI, ...args], {
    env: {
      ...process.env,
      STILLGRAIN_STATE_DIR: state,
      ...(models === undefined ? {} : { STILLGRAIN_MODELS_DIR: models }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const first = await Promise.race([
    once(createInterface(child.stdout), 'line') as Promise<[string]>,
    exit.then(([code]) => {
      throw new Error(`the server ended with ${code}: ${errors}`);
    }),
  ]);
  const { url } = JSON.parse(first[0]) as { url: string };
  return {
    url,
    origin: new URL(url).origin,
    pid: child.pid!,
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
    stop: async () => {
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      const [code] = await exit;
      clearTimeout(timer);
      return code;
    },
  };
}
