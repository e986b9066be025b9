import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Gives a process of tests cores of its own, as many as each of those beside it has. The engines and browsers that it
 * starts keep to them and make no more threads than they have cores: threads of the runtime that share one spend their time
 * waiting for each other.
 */

/** The processors that a process may run on, which its status has as "0-3,6". */
function coresOf(pid: number): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, index) => first! + index);
  });
}

function takeShare(place: number, places: number): void {
  // Of those that all share: this process may have been given its own before.
  const cores = coresOf(process.ppid);
  if (cores.length < places) return;
  const share = Math.floor(cores.length / places);
  const own = cores.slice(place * share, (place + 1) * share);
  execFileSync('taskset', ['-a', '-c', '-p', own.join(','), String(process.pid)], { stdio: 'ignore' });
}

/** As many files as run at a time; see vitest.config.ts. */
const PLACES = 2;

try {
  takeShare((Number(process.env['VITEST_POOL_ID']) - 1) % PLACES, PLACES);
} catch {
  // Only Linux has it, and not everywhere: elsewhere all share all cores.
}
