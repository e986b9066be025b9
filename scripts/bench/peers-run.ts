import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';

/** Runs other people's programs, and ours, in one way: what a run costs is the processor time that it and its children took. */

/** A command line, and what must lie ready for it. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Settings that the program reads from a file. */
  readonly file?: { readonly path: string; readonly text: string };
}

/** What a run printed, and what it cost. */
export interface Output {
  readonly text: string;
  /** Seconds of processor time, of the program's own code and of the kernel's on its behalf. */
  readonly cpuSeconds: number;
}

const TIMEOUT_MS = 180_000;
/** What a run may take, and who looks on. */
export interface RunOptions {
  readonly timeoutMs?: number;
  /** Is given the id of the process whose descendants do the work, as soon as it runs. */
  readonly watch?: (pid: number) => void;
}

/** Of what a program says, enough to find a version or a reason in. */
const KEPT_CHARACTERS = 8000;

/** Node does not tell what a child cost; POSIX shells do, on a channel that the program itself does not have. */
const TIMED = '"$@" 3>&-; code=$?; times >&3; exit $code';

/**
 * Runs a command to its end.
 *
 * @throws Error with the last line that the program wrote, when it fails or takes longer than it may: three minutes unless told otherwise
 */
export async function runCommand({ program, args, env, file }: Command, options: RunOptions = {}): Promise<Output> {
  const { timeoutMs = TIMEOUT_MS, watch } = options;
  if (file) await writeFile(file.path, file.text);
  const child = spawn('sh', ['-c', TIMED, 'sh', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    // A group of its own: the shell's children end with it.
    detached: true,
  });
  if (child.pid !== undefined) watch?.(child.pid);
  let text = '';
  let times = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-KEPT_CHARACTERS)));
  }
  child.stdio[3]?.on('data', (chunk: Buffer) => (times += chunk.toString()));
  const timeout = AbortSignal.timeout(timeoutMs);
  const kill = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  timeout.addEventListener('abort', kill);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (timeout.aborted) throw new Error(`took longer than ${timeoutMs / 1000} s`);
    if (code !== 0) throw new Error(lastLine(text) ?? `exit code ${String(code)}`);
    return { text, cpuSeconds: childSeconds(times) };
  } finally {
    timeout.removeEventListener('abort', kill);
  }
}

/** Seconds that a shell's children took, from what its `times` prints: its own on the first line, theirs on the second. */
export function childSeconds(times: string): number {
  const children = times.trim().split('\n')[1] ?? '';
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => 60 * Number(minutes) + Number(seconds),
  );
  if (parts.length !== 2) throw new Error(`the shell tells no times: ${times}`);
  return parts[0]! + parts[1]!;
}

function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .at(-1);
}
