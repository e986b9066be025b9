import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Gives a process of tests cores of its own, as many as each of those beside it has. The engines and browsers that it
 * starts keep to them and make no more threads than they have cores: threads of the runtime that share one spend their time
 * waiting for each other.
 */

/** As many files as run at a time; see vitest.config.ts. */
const PLACES = 2;
/** Who has which place. Processes of tests are ended without a word: what is left behind is the next one's. */
const CLAIMS = fileURLToPath(new URL('../../dist/.test-cores/', import.meta.url));

/** The processors that a process may run on, which its status has as "0-3,6". */
function coresOf(pid: number): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, index) => first! + index);
  });
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Takes a place that no process of tests has. vitest's own numbers of its workers are not unique. */
function takePlace(): number | undefined {
  mkdirSync(CLAIMS, { recursive: true });
  for (let place = 0; place < PLACES; place++) {
    const claim = `${CLAIMS}${place}`;
    try {
      const holder = Number(readFileSync(claim, 'utf8'));
      if (holder === process.pid) return place;
      if (!isAlive(holder)) rmSync(claim);
    } catch {
      // Nobody has had it.
    }
    try {
      writeFileSync(claim, String(process.pid), { flag: 'wx' });
      return place;
    } catch {
      // Somebody has it.
    }
  }
  return undefined;
}

function takeCores(): void {
  const cores = coresOf(process.ppid);
  const place = cores.length < PLACES ? undefined : takePlace();
  if (place === undefined) return;
  const share = Math.floor(cores.length / PLACES);
  const own = cores.slice(place * share, (place + 1) * share);
  execFileSync('taskset', ['-a', '-c', '-p', own.join(','), String(process.pid)], { stdio: 'ignore' });
}

try {
  takeCores();
} catch {
  // Only Linux has it, and not everywhere: elsewhere all share all cores.
}
