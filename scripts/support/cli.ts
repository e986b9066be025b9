import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The repository's root; this file runs from dist/scripts/support. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const CLI = path.join(ROOT, 'bin/stillgrain.mjs');

/** What `stillgrain denoise --json` prints per file, as far as the scripts look at it. */
export interface FileResult {
  readonly input: string;
  readonly output: string | null;
  readonly status: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly width?: number;
  readonly height?: number;
  /** Milliseconds in the engine. */
  readonly ms?: number;
  /** Noise level found, in 8-bit units. */
  readonly sigma?: number;
}

/** One run of the terminal command. */
export interface CliRun {
  readonly files: readonly FileResult[];
  readonly exitCode: number;
  /** Wall-clock milliseconds, start of the process to its end. */
  readonly ms: number;
}

/** Command line of `stillgrain denoise` with JSON output, for spawn: Node first. */
export function denoiseCommand(args: readonly string[]): [string, string[]] {
  return [process.execPath, [CLI, 'denoise', ...args, '--json', '--quiet']];
}

/** Runs the real command in a process of its own and collects its lines; `watch` is given the process's id. */
export async function denoise(args: readonly string[], watch?: (pid: number) => void): Promise<CliRun> {
  const start = performance.now();
  const [command, commandArgs] = denoiseCommand(args);
  const child = spawn(command, commandArgs, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.pid !== undefined) watch?.(child.pid);
  const files: FileResult[] = [];
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve(code ?? 1);
    });
  });
  for await (const text of createInterface({ input: child.stdout })) {
    const record = JSON.parse(text) as Partial<FileResult>;
    // The last line sums up and names no file.
    if (typeof record.input === 'string') files.push(record as FileResult);
  }
  return { files, exitCode: await exit, ms: performance.now() - start };
}
