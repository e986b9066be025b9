import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { EngineSupervisor } from '../../../main/app/engine-supervisor.js';
import {
  readExit,
  utilityEngine,
  type UtilityChild,
  type UtilityOptions,
} from '../../../main/desktop/utility-engine.js';
import type { HostMessage } from '../../../preload/engine-protocol.js';

/** A utility process as Electron documents it: messages come bare, exits come as one number. */
class FakeProcess extends EventEmitter implements UtilityChild {
  readonly pid = 4711;
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly received: HostMessage[] = [];
  readonly kill = vi.fn(() => {
    this.end(15);
    return true;
  });

  postMessage(message: HostMessage): void {
    this.received.push(message);
    if (message.type === 'shutdown') this.end(0);
    if (message.type === 'call') this.answer(message);
  }

  answer(message: Extract<HostMessage, { type: 'call' }>): void {
    this.emit('message', { type: 'result', id: message.id, result: [] });
  }

  end(code: number): void {
    setImmediate(() => this.emit('exit', code));
  }
}

function harness(platform = 'linux', answers: ((child: FakeProcess, call: number) => void)[] = []) {
  const children: FakeProcess[] = [];
  const forks: { entry: string; args: string[]; options: UtilityOptions }[] = [];
  const launch = utilityEngine({
    fork: (entry, args, options) => {
      const child = new FakeProcess();
      const answer = answers[children.length];
      if (answer) {
        child.answer = ({ id }) => {
          answer(child, id);
        };
      }
      children.push(child);
      forks.push({ entry, args, options });
      setImmediate(() => child.emit('message', { type: 'ready', pid: child.pid }));
      return child;
    },
    boot: new URL('file:///app/boot.js'),
    engine: new URL('file:///app/engine.js'),
    name: 'Stillgrain engine',
    env: { STILLGRAIN_MODELS_DIR: '/models' },
    platform,
  });
  return { launch, children, forks };
}

const never = new AbortController().signal;

describe('an engine in a utility process', () => {
  it('is forked with its script, its environment and its output in our hands', async () => {
    const { launch, children, forks } = harness();
    const engine = new EngineSupervisor(launch);
    expect(await engine.call(never, 'models', {})).toEqual([]);
    expect(forks).toEqual([
      {
        entry: expect.stringMatching(/boot\.js$/) as string,
        args: ['file:///app/engine.js'],
        options: { serviceName: 'Stillgrain engine', stdio: 'pipe', env: { STILLGRAIN_MODELS_DIR: '/models' } },
      },
    ]);
    expect(children[0]?.received[0]).toMatchObject({ type: 'call', call: 'models' });
    await engine.shutdown();
    expect(children[0]?.received.at(-1)).toEqual({ type: 'shutdown' });
  });

  it('is started again after a crash; the call in hand fails with the reason', async () => {
    const { launch, children } = harness('linux', [
      (child) => {
        child.stderr.write('Error: the driver went away\n');
        child.end(11);
      },
    ]);
    const engine = new EngineSupervisor(launch);
    await expect(engine.call(never, 'models', {})).rejects.toMatchObject({
      code: 'engine/crashed',
      message: expect.stringMatching(/SIGSEGV.*the driver went away/) as string,
    });
    expect(await engine.call(never, 'models', {})).toEqual([]);
    expect(children).toHaveLength(2);
    await engine.shutdown();
  });

  it('is known to have run out of memory on Windows', async () => {
    const { launch } = harness('win32', [
      (child) => {
        child.end(-536870904);
      },
    ]);
    const engine = new EngineSupervisor(launch);
    await expect(engine.call(never, 'models', {})).rejects.toMatchObject({ code: 'engine/out-of-memory' });
    await engine.shutdown();
  });

  it('gets no message once it is gone', async () => {
    const { launch, children } = harness();
    const transport = launch(() => undefined);
    const exit = new Promise((resolve) => {
      transport.onExit(resolve);
    });
    children[0]?.emit('exit', 0);
    transport.postMessage({ type: 'cancel', id: 1 });
    transport.kill();
    expect(children[0]?.received).toEqual([]);
    expect(children[0]?.kill).not.toHaveBeenCalled();
    expect(await exit).toEqual({ code: 0, signal: null });
  });
});

describe('an exit', () => {
  it.each([
    [0, 'linux', { code: 0, signal: null }],
    [1, 'darwin', { code: 1, signal: null }],
    [9, 'linux', { code: null, signal: 'SIGKILL' }],
    [137, 'linux', { code: null, signal: 'SIGKILL' }],
    [139, 'darwin', { code: null, signal: 'SIGSEGV' }],
    [7, 'linux', { code: null, signal: 'SIGBUS' }],
    [7, 'darwin', { code: 7, signal: null }],
    [10, 'darwin', { code: null, signal: 'SIGBUS' }],
    [9, 'win32', { code: 9, signal: null }],
    [-1073741819, 'win32', { code: 0xc0000005, signal: null }],
  ])('of %i on %s is understood', (code, platform, exit) => {
    expect(readExit(code, platform)).toEqual({ exit, lastWords: null });
  });
});
