import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';

/**
 * Who owns a file in the state folder: a process, told apart from any other that has or will have its number. The
 * whole identity fits in a file name, so that creating an owned file and signing it are one atomic step.
 */
export interface Owner {
  readonly pid: number;
  /** When the process was born: kernel ticks and boot on Linux, seconds since 1970 elsewhere. */
  readonly birth: string;
  /** Which machine, since state folders may lie on a network share. */
  readonly host: string;
  /** Tells two owners within one process apart. */
  readonly nonce: string;
}

/** A new owner that stands for this process. */
export function newOwner(): Owner {
  return { pid: process.pid, birth: ownBirth(), host: thisHost(), nonce: randomBytes(4).toString('hex') };
}

/** The owner as part of a file name. */
export const ownerToken = (owner: Owner): string => [owner.pid, owner.birth, owner.host, owner.nonce].join('.');

/** Reads a token back; null for a name that is none. */
export function parseOwner(token: string): Owner | null {
  const match = /^(\d+)\.([\w-]+)\.(\w+)\.(\w+)$/.exec(token);
  return match === null ? null : { pid: Number(match[1]), birth: match[2]!, host: match[3]!, nonce: match[4]! };
}

/**
 * Whether the owner still runs. An owner on another machine cannot be checked and counts as running; what it owns
 * is broken by age instead (see Claims).
 */
export function isRunning(owner: Owner): boolean {
  if (isForeign(owner)) return true;
  if (!isPidAlive(owner.pid)) return false;
  if (owner.birth.startsWith('t')) return Number(owner.birth.slice(1)) >= bootTimeSeconds() - BOOT_TIME_SLACK_S;
  const birth = linuxBirth(owner.pid);
  return birth === null || birth === owner.birth;
}

/** Whether the owner runs on another machine. */
export const isForeign = (owner: Owner): boolean => owner.host !== thisHost();

/** Whether any process has this number now. */
export function isPidAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, but for somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Clocks are set and rounded: a process is not older than the boot by so little. */
const BOOT_TIME_SLACK_S = 60;

const bootTimeSeconds = (): number => Date.now() / 1000 - uptime();

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

const thisHost = (): string => shortHash(hostname());

function ownBirth(): string {
  return linuxBirth(process.pid) ?? `t${Math.floor(Date.now() / 1000 - process.uptime())}`;
}

/** Start time in ticks since a boot, and which boot; null where there is no /proc or the process is gone. */
function linuxBirth(pid: number): string | null {
  if (process.platform !== 'linux') return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields are counted behind the command name, which is in parentheses and may hold spaces: 'starttime' is the 20th.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${ticks ?? ''}-${shortHash(boot)}`;
  } catch {
    return null;
  }
}
