import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The command as a terminal runs it: its own process, the built program, the real engine. */

const BIN = fileURLToPath(new URL('../../bin/stillgrain.mjs', import.meta.url));

export interface CliOptions {
  /** Where queues and logs go; a test's own, so that runs know nothing of each other. */
  readonly state: string;
  readonly cwd?: string;
  /** Runs as another user, which only root may. */
  readonly uid?: number | null;
  /** More of the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One JSON line of `denoise --json`. */
export interface JsonLine {
  readonly input: string;
  readonly output: string | null;
  readonly status: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly reason?: string;
  readonly width: number | null;
  readonly height: number | null;
}

/** Starts the command. */
export function startCli(args: readonly string[], { state, cwd, uid, env = {} }: CliOptions): ChildProcess {
  return spawn(process.execPath, [BIN, ...args], {
    env: { ...process.env, ...env, STILLGRAIN_STATE_DIR: state },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined || uid === null ? {} : { uid, gid: uid }),
  });
}

/** Waits for a started command and collects what it prints. */
export function finished(child: ChildProcess): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
}

/** Runs the command to its end. */
export const runCli = (args: readonly string[], options: CliOptions): Promise<CliResult> =>
  finished(startCli(args, options));

/** The lines of `--json`, photos and summary apart. */
export function jsonLines(stdout: string): { photos: JsonLine[]; summary: Record<string, unknown> } {
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const { summary } = lines.pop() as { summary: Record<string, unknown> };
  return { photos: lines as unknown as JsonLine[], summary };
}
