import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../app/errors.js';
import { startWebHost } from '../web/host.js';
import type { Host } from './host.js';
import { version } from './version.js';

/** The options of `serve` as the command line gives them. */
export interface RawServeOptions {
  readonly port?: string;
  readonly root?: readonly string[];
  readonly json?: boolean;
}

const MAX_PORT = 65_535;

/** `stillgrain serve`: the window for a browser of this machine, until it is stopped. Returns the exit code. */
export async function serve(raw: RawServeOptions, { terminal, interrupt, state }: Host): Promise<number> {
  const port = parsePort(raw.port);
  const roots = await Promise.all((raw.root ?? []).map(checkRoot));
  const web = await startWebHost({ port, roots, state, version: version() }).catch((error: unknown) => {
    throw explain(error, port);
  });
  interrupt.onLastResort(() => {
    web.kill();
  });
  terminal.out(raw.json === true ? JSON.stringify({ url: web.url }) : `Stillgrain is at ${web.url}`);
  if (!interrupt.signal.aborted) {
    await new Promise((done) => {
      interrupt.signal.addEventListener('abort', done, { once: true });
    });
  }
  await web.close();
  return 0;
}

/** The port that `--port` asks for; 0 for any that is free. @throws AppError usage/invalid */
export function parsePort(text = '0'): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= MAX_PORT) return port;
  throw new AppError('usage/invalid', `--port must be a number between 0 and ${MAX_PORT}, not ${text}`);
}

async function checkRoot(root: string): Promise<string> {
  const path = resolve(root);
  const info = await stat(path).catch(() => null);
  if (info?.isDirectory() !== true) throw new AppError('usage/invalid', `--root ${root}: there is no such folder`);
  return path;
}

function explain(error: unknown, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new AppError('usage/invalid', `port ${port} is in use: choose another with --port, or leave it out`);
  }
  if (code === 'EACCES') {
    return new AppError('usage/invalid', `port ${port} is not yours to use: choose one above 1023, or leave it out`);
  }
  return error;
}
