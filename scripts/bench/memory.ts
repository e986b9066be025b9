import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Memory of a process and everything it started, in bytes. */
export interface MemoryPeak {
  /** Highest sum over the tree of the proportional set size: memory shared by two processes counts once. */
  readonly pss: number;
  /** Sum over the tree of each process's own highest resident set (VmHWM): an upper bound that no poll can miss. */
  readonly highWater: number;
}

const POLL_MS = 100;

/** Whether this system tells what memory a process has: Linux only. */
export const canMeasureMemory = (): boolean => existsSync('/proc/self/smaps_rollup');

/** Somebody who looks at a process tree again and again. */
export interface MemoryWatch {
  /** The peak until now. */
  readonly peak: () => MemoryPeak;
  /** Ends watching, and tells the peak. */
  readonly stop: () => MemoryPeak;
}

/** Watches a process tree from /proc until `stop` is called. */
export function watchMemory(root: number): MemoryWatch {
  let pss = 0;
  const highWater = new Map<number, number>();
  const poll = (): void => {
    let sum = 0;
    for (const pid of processTree(root)) {
      sum += readKilobytes(`/proc/${pid}/smaps_rollup`, 'Pss');
      highWater.set(pid, Math.max(highWater.get(pid) ?? 0, readKilobytes(`/proc/${pid}/status`, 'VmHWM')));
    }
    pss = Math.max(pss, sum);
  };
  const timer = setInterval(poll, POLL_MS);
  poll();
  const peak = (): MemoryPeak => ({
    pss: pss * 1024,
    highWater: [...highWater.values()].reduce((sum, value) => sum + value, 0) * 1024,
  });
  return {
    peak,
    stop: () => {
      clearInterval(timer);
      return peak();
    },
  };
}

/** A process and its descendants, by the parent that each process in /proc names. */
function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    // "pid (name) state ppid ...": the name may hold spaces and brackets, so count from the last bracket.
    const stat = readText(`/proc/${pid}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

function readKilobytes(file: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readText(file))?.[1] ?? 0);
}

/** A process may end between listing and reading it: then it holds nothing. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
