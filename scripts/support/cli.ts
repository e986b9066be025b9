import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Scripts run compiled, from dist/scripts/support; tests take this file as it is. */
const isCompiled = path.basename(fileURLToPath(new URL('../..', import.meta.url))) === 'dist';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL(isCompiled ? '../../..' : '../..', import.meta.url));

const CLI = path.join(ROOT, 'bin/stillgrain.mjs');

/** What `stillgrain denoise --json` prints per file, as far as the scripts look at it. */
export interface FileResult {
  readonly input: string;
  readonly output: string | null;
  readonly status: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly width: number | null;
  readonly height: number | null;
  /** The model that was asked for, where another one did the photo. */
  readonly replaced: string | null;
}

/** One run of the terminal command. */
export interface CliRun {
  readonly files: readonly FileResult[];
  readonly exitCode: number;
  /** Wall-clock milliseconds, start of the process to its end. */
  readonly ms: number;
}

/**
 * Runs the real command in a process of its own and collects its lines. It remembers nothing of earlier runs: its queue
 * lies in a folder that is gone afterwards, unless it is given one, with the models in it.
 *
 * @param watch is given the process's id as soon as it runs
 * @param onFile is told of each file that is done, and how many there are by then
 */
export async function denoise(
  args: readonly string[],
  watch?: (pid: number) => void,
  onFile?: (count: number) => void,
  stateFolder?: string,
): Promise<CliRun> {
  const state = stateFolder ?? (await mkdtemp(path.join(os.tmpdir(), 'stillgrain-state-')));
  try {
    const start = performance.now();
    const child = spawn(process.execPath, [CLI, 'denoise', ...args, '--json', '--quiet'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, STILLGRAIN_STATE_DIR: state },
    });
    if (child.pid !== undefined) watch?.(child.pid);
    const exit = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        resolve(code ?? 1);
      });
    });
    const files: FileResult[] = [];
    for await (const text of createInterface({ input: child.stdout })) {
      const record = JSON.parse(text) as Partial<FileResult>;
      // The last line sums up and names no file.
      if (typeof record.input !== 'string') continue;
      files.push(record as FileResult);
      onFile?.(files.length);
    }
    return { files, exitCode: await exit, ms: performance.now() - start };
  } finally {
    if (stateFolder === undefined) await rm(state, { recursive: true, force: true });
  }
}
