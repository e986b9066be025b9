import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { build } from 'vite';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { CALL_NAMES, createClient, EVENT_NAMES, type Bridge, type Reply } from '../../../preload/contract.js';
import { desktopBridge, MAX_PATHS_PER_CALL, type DesktopPort } from '../../../preload/desktop-bridge.js';

function harness(answer: (...args: unknown[]) => Reply = () => ({ ok: true, result: {} })) {
  let hear: (...args: unknown[]) => void = () => undefined;
  const port = {
    invoke: vi.fn((_channel: string, ...args: unknown[]) => Promise.resolve(answer(...args))),
    send: vi.fn(),
    listen: vi.fn((_channel: string, listener: (...args: unknown[]) => void) => {
      hear = listener;
    }),
    pathOf: (file: File) => (file.name.startsWith('memory') ? '' : `/photos/${file.name}`),
  } satisfies DesktopPort;
  const bridge = desktopBridge(port, CALL_NAMES, EVENT_NAMES);
  return {
    bridge,
    port,
    hear: (name: unknown, payload: unknown) => {
      hear(name, payload);
    },
  };
}

const file = (name: string) => new File([], name);

describe("the desktop's bridge", () => {
  it('has one method for each name of the contract, and no other', () => {
    const { bridge } = harness();
    expect(Object.keys(bridge.calls)).toEqual(CALL_NAMES);
    expect(Object.keys(bridge.on)).toEqual(EVENT_NAMES);
    expect(Object.keys(bridge).sort()).toEqual(['addDropped', 'calls', 'cancel', 'host', 'on', 'takesFolders']);
  });

  it('carries calls and cancellations', async () => {
    const { bridge, port } = harness((name, ticket, params) => ({ ok: true, result: { name, ticket, params } }));
    const client = createClient(bridge);
    expect(await client.call('library.remove', { photos: [] })).toEqual({
      name: 'library.remove',
      ticket: 1,
      params: { photos: [] },
    });
    bridge.cancel(7);
    expect(port.send).toHaveBeenCalledWith('stillgrain:cancel', 7);
  });

  it('hands events to those who asked for them, until they no longer do', () => {
    const { bridge, hear } = harness();
    const heard: unknown[] = [];
    const listener = (payload: unknown) => heard.push(payload);
    const stop = bridge.on['library.scan'](listener);
    bridge.on['library.scan'](listener);
    hear('library.scan', 1);
    hear('app.notice', 2);
    hear('no.such.event', 3);
    hear('__proto__', 4);
    stop();
    hear('library.scan', 5);
    expect(heard).toEqual([1, 1, 5]);
  });

  it('adds what was dropped by its paths, passing over what is on no disk', async () => {
    const { bridge, port } = harness();
    const progress = vi.fn();
    expect(await bridge.addDropped([file('a'), file('memory'), file('b')], [], progress)).toMatchObject({ ok: true });
    expect(port.invoke.mock.calls).toEqual([
      ['stillgrain:call', 'library.add', -1, { paths: ['/photos/a', '/photos/b'] }],
    ]);
    expect(progress.mock.calls).toEqual([[{ files: 2, total: 2 }]]);
  });

  it('says so when nothing of it is on a disk', async () => {
    const { bridge, port } = harness();
    expect(await bridge.addDropped([file('memory')], [], vi.fn())).toMatchObject({
      ok: false,
      error: { code: 'input/not-found' },
    });
    expect(port.invoke).not.toHaveBeenCalled();
  });

  it('adds in several calls what is too much for one, and stops at the first refusal', async () => {
    const refusal: Reply = { ok: false, error: { code: 'request/refused', message: 'no' } };
    const { bridge, port } = harness((_name, ticket) => (ticket === -2 ? refusal : { ok: true, result: {} }));
    const many = Array.from({ length: 2 * MAX_PATHS_PER_CALL + 1 }, (_, index) => file(String(index)));
    const progress = vi.fn();
    expect(await bridge.addDropped(many, [], progress)).toEqual(refusal);
    expect(port.invoke).toHaveBeenCalledTimes(2);
    expect(progress).toHaveBeenCalledTimes(1);
  });
});

describe('the bundle that Electron loads', () => {
  const ROOT = path.resolve(import.meta.dirname, '../../..');
  const BUNDLE = path.join(ROOT, 'dist/preload-bundle/desktop.cjs');

  beforeAll(async () => {
    await build({ root: ROOT, configFile: path.join(ROOT, 'vite.config.ts'), mode: 'preload' });
  }, 120_000);

  it('is one small script that needs Electron alone', () => {
    expect(existsSync(BUNDLE)).toBe(true);
    expect(statSync(BUNDLE).size).toBeLessThan(150_000);
    const text = readFileSync(BUNDLE, 'utf8');
    expect([...text.matchAll(/\brequire\(([^)]*)\)/g)].map((match) => match[1])).toEqual(['"electron"']);
  });

  it('gives the page the bridge, and never the event that comes with a message', async () => {
    const exposed = new Map<string, unknown>();
    const listeners: ((...args: unknown[]) => void)[] = [];
    const electron = {
      contextBridge: { exposeInMainWorld: (key: string, value: unknown) => exposed.set(key, value) },
      ipcRenderer: {
        invoke: (...args: unknown[]) => Promise.resolve({ ok: true, result: args }),
        send: vi.fn(),
        on: (_channel: string, listener: (...args: unknown[]) => void) => listeners.push(listener),
      },
      webUtils: { getPathForFile: () => '/photos/a.jpg' },
    };
    const sandbox = { require: (name: string) => (name === 'electron' ? electron : undefined), exports: {} };
    vm.runInNewContext(readFileSync(BUNDLE, 'utf8'), sandbox);
    expect([...exposed.keys()]).toEqual(['stillgrain']);
    const bridge = exposed.get('stillgrain') as Bridge;
    expect(await bridge.calls['app.start'](3, {})).toEqual({
      ok: true,
      result: ['stillgrain:call', 'app.start', 3, {}],
    });
    const heard = vi.fn();
    bridge.on['app.command'](heard);
    listeners[0]?.({ sender: 'ipcRenderer' }, 'app.command', { command: 'undo' });
    expect(heard.mock.calls).toEqual([[{ command: 'undo' }]]);
  });
});
