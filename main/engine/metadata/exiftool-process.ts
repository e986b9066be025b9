import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createRequire } from 'node:module';

/**
 * One ExifTool process that stays open: starting Perl costs more than a photo's metadata does. Arguments go down its
 * standard input, a line each; the end of an answer is marked by a numbered sentinel on both outputs.
 */

export interface ExifToolAnswer {
  readonly stdout: string;
  readonly stderr: string;
}

/** Thrown when the process cannot be started, dies or does not answer; what it says of a file is an answer. */
export class ExifToolUnavailable extends Error {}

/**
 * ExifTool polls its input for ever once its parent is gone, so Perl is given a clock that asks who the parent is.
 * Windows needs none: there children end with the parent's job object.
 */
const WATCHED_PERL = `
my $parent = shift; $0 = shift;
$SIG{ALRM} = sub { exit 0 if getppid() != $parent; alarm 2 }; alarm 2;
do $0; die $@ if $@;`;

const OPEN_ARGS = ['-config', '', '-stay_open', 'True', '-@', '-'];
/** A gigabyte TIFF is rewritten in some ten seconds; a minute without end is a hang. */
const ANSWER_TIMEOUT_MS = 120_000;
const CLOSE_TIMEOUT_MS = 2_000;

export class ExifToolProcess {
  private readonly child: ChildProcessWithoutNullStreams;
  private stdout = '';
  private stderr = '';
  private count = 0;
  private check: () => void = () => undefined;
  private failure: ExifToolUnavailable | null = null;

  constructor() {
    this.child = spawnExifTool();
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.check();
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.check();
    });
    const fail = (reason: string): void => {
      this.failure ??= new ExifToolUnavailable(reason);
      this.check();
    };
    this.child.on('error', (error: NodeJS.ErrnoException) => {
      fail(error.code === 'ENOENT' ? `${this.child.spawnfile} was not found` : error.message);
    });
    this.child.on('close', (code, signal) => {
      fail(`ExifTool ended with ${signal ?? `code ${code ?? '?'}`}`);
    });
    // A write to a process that has just died; 'close' tells.
    this.child.stdin.on('error', () => undefined);
    this.keepAlive(false);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get isUsable(): boolean {
    return this.failure === null;
  }

  /** Runs one command. Commands must not overlap, and no argument may hold a line break. */
  async execute(args: readonly string[]): Promise<ExifToolAnswer> {
    const broken = args.find((arg) => /[\r\n\0]/.test(arg));
    if (broken !== undefined) throw new Error(`an argument of ExifTool holds a line break: ${JSON.stringify(broken)}`);
    const sentinel = `{ready${++this.count}}`;
    this.stdout = '';
    this.stderr = '';
    this.keepAlive(true);
    try {
      return await new Promise<ExifToolAnswer>((resolve, reject) => {
        const timer = setTimeout(() => {
          this.child.kill('SIGKILL');
          this.failure ??= new ExifToolUnavailable('ExifTool did not answer');
          this.check();
        }, ANSWER_TIMEOUT_MS);
        this.check = () => {
          const out = this.stdout.indexOf(sentinel);
          const err = this.stderr.indexOf(sentinel);
          const complete = out >= 0 && err >= 0;
          if (!complete && this.failure === null) return;
          clearTimeout(timer);
          this.check = () => undefined;
          if (complete) resolve({ stdout: this.stdout.slice(0, out), stderr: this.stderr.slice(0, err) });
          else reject(this.failure ?? new ExifToolUnavailable('ExifTool did not answer'));
        };
        this.check();
        this.child.stdin.write([...args, '-echo4', sentinel, `-execute${this.count}`, ''].join('\n'));
      });
    } finally {
      this.keepAlive(false);
    }
  }

  /** Asks the process to end, and ends it if it does not. */
  async close(): Promise<void> {
    if (this.failure !== null) return;
    this.keepAlive(true);
    const ended = new Promise<void>((resolve) =>
      this.child.once('close', () => {
        resolve();
      }),
    );
    const timer = setTimeout(() => this.child.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
    this.child.stdin.end('-stay_open\nFalse\n');
    await ended;
    clearTimeout(timer);
  }

  /** An idle ExifTool must not keep a program running that has nothing else to do. */
  private keepAlive(alive: boolean): void {
    const handles = [
      this.child,
      this.child.stdin,
      this.child.stdout,
      this.child.stderr,
    ] as unknown as Partial<Refable>[];
    for (const handle of handles) (alive ? handle.ref : handle.unref)?.call(handle);
  }
}

/** Pipes are sockets at run time, which their types do not say. */
interface Refable {
  ref(): void;
  unref(): void;
}

function spawnExifTool(): ChildProcessWithoutNullStreams {
  const script = exifToolPath();
  const env = { ...process.env, LC_ALL: 'C' };
  if (process.platform === 'win32') return spawn(script, OPEN_ARGS, { stdio: 'pipe', windowsHide: true, env });
  return spawn('perl', ['-e', WATCHED_PERL, String(process.pid), script, ...OPEN_ARGS], { stdio: 'pipe', env });
}

/** The packages that hold ExifTool export nothing but its path. npm installs the one for this system. */
function exifToolPath(): string {
  const packageName = process.platform === 'win32' ? 'exiftool-vendored.exe' : 'exiftool-vendored.pl';
  let path: unknown;
  try {
    path = createRequire(import.meta.url)(packageName);
  } catch {
    // Optional packages may be left out of an installation: photos are exported without ExifTool then.
  }
  if (typeof path !== 'string') throw new ExifToolUnavailable(`the package ${packageName} is not installed`);
  // Perl and Windows cannot look into Electron's archive; these packages are unpacked beside it.
  return path.replace(/\bapp\.asar\b/, 'app.asar.unpacked');
}
