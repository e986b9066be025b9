import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { EventHub } from '../../../main/app/events.js';
import type { GateRequest } from '../../../main/app/gate.js';
import { Program, type ProgramServices } from '../../../main/desktop/program.js';
import { DEFAULT_PREFERENCES, type QueueStatus, type TrainingRun } from '../../../preload/contract.js';
import { electronStub } from '../../support/electron-stub.js';
import { tempFolder } from '../../support/temp-folder.js';

const PAGE = { url: 'app://stillgrain/index.html', parent: null };
const PHOTO = path.resolve('/photos/a.jpg');

function harness({ argv = [] as string[], isFirst = true, fails = false } = {}) {
  const stub = electronStub({ isFirst });
  const events = new EventHub();
  const requests: GateRequest[] = [];
  const services = {
    gate: {
      handle: (request: GateRequest) => {
        requests.push(request);
        return Promise.resolve({ ok: true as const, result: request.name });
      },
    },
    events,
    images: { resolve: () => null },
    library: { add: vi.fn(() => Promise.resolve()) },
    preferences: { value: { ...DEFAULT_PREFERENCES, theme: 'light' as const } },
    close: vi.fn(() => Promise.resolve()),
    kill: vi.fn(),
  } satisfies ProgramServices;
  const startServices = vi.fn(() =>
    fails ? Promise.reject(new Error('Stillgrain is running already')) : Promise.resolve(services),
  );
  const state = tempFolder();
  const program = new Program({
    electron: stub.electron,
    startServices,
    log: vi.fn(),
    loadUpdater: () => Promise.reject(new Error('not asked for')),
    platform: 'linux',
    env: { STILLGRAIN_STATE_DIR: state },
    argv: ['stillgrain', ...argv],
    cwd: path.resolve('/photos'),
    resources: '/resources',
    dist: '/dist',
  });
  return { ...stub, program, services, startServices, requests, events, state };
}

const queueStatus = (state: QueueStatus['state'], done: number): QueueStatus => ({
  state,
  total: 4,
  done,
  skipped: 0,
  failed: 0,
  cancelled: 0,
  fraction: done / 4,
  etaMs: null,
  megapixelsPerSecond: null,
  downloadable: false,
});

it('opens one window that is shut off from everything', async () => {
  const { program, windows, asked, handlers, state } = harness();
  expect(program.prepare()).toBe(true);
  await program.start();
  const [window] = windows;
  expect(windows).toHaveLength(1);
  expect(window?.url).toBe('app://stillgrain/index.html');
  expect(window?.options['webPreferences']).toMatchObject({
    preload: path.join('/dist', 'preload-bundle/desktop.cjs'),
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
    spellcheck: false,
    devTools: false,
  });
  expect(asked).toContainEqual(['enableSandbox']);
  expect(asked).toContainEqual(['setPath', 'userData', path.join(state, 'browser')]);
  expect(asked).toContainEqual([
    'registerSchemesAsPrivileged',
    [{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }],
  ]);
  expect(window?.openHandler?.()).toEqual({ action: 'deny' });
  for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview']) {
    const event = { url: 'https://example.org/', preventDefault: vi.fn() };
    window?.webContents.emit(name, event);
    expect(event.preventDefault, name).toHaveBeenCalledOnce();
  }
  const answer = vi.fn();
  (handlers.get('permission request') as (...args: unknown[]) => void)(null, 'media', answer);
  expect(answer).toHaveBeenCalledWith(false);
  expect((handlers.get('permission check') as () => boolean)()).toBe(false);
  expect((handlers.get('device permission') as () => boolean)()).toBe(false);
  const cancel = vi.fn();
  (handlers.get('request') as (...args: unknown[]) => void)({}, cancel);
  expect(cancel).toHaveBeenCalledWith({ cancel: true });
});

it('takes calls to the gate, from its page as trusted and from any other as not', async () => {
  const { program, handlers, requests } = harness();
  program.prepare();
  await program.start();
  const call = handlers.get('stillgrain:call') as (...args: unknown[]) => Promise<unknown>;
  expect(await call({ sender: { id: 1 }, senderFrame: PAGE }, 'app.start', 1, {})).toEqual({
    ok: true,
    result: 'app.start',
  });
  await call({ sender: { id: 1 }, senderFrame: null }, 'app.start', 2, {});
  await call({ sender: { id: 9 }, senderFrame: PAGE }, 'app.start', 3, {});
  expect(requests.map(({ trusted }) => trusted)).toEqual([true, false, false]);
});

it('tells the window of events, and nobody once it is gone', async () => {
  const { program, windows, events } = harness();
  program.prepare();
  await program.start();
  events.emit('library.scan', { active: true, found: 3 });
  expect(windows[0]?.sent).toEqual([['stillgrain:event', 'library.scan', { active: true, found: 3 }]]);
  windows[0]?.close();
  events.emit('library.scan', { active: false, found: 3 });
  expect(windows[0]?.sent).toHaveLength(1);
});

it('adds what it is started with, and what a second start or the Finder hands over', async () => {
  const { program, app, services, asked, windows } = harness({ argv: ['a.jpg'] });
  program.prepare();
  expect(asked).toContainEqual(['requestSingleInstanceLock', { paths: [PHOTO] }]);
  const early = { preventDefault: vi.fn() };
  app.emit('open-file', early, '/photos/early.jpg');
  expect(early.preventDefault).toHaveBeenCalledOnce();
  await program.start();
  app.emit('second-instance', {}, ['x', 'ignored.jpg'], '/', { paths: ['/photos/b.jpg', 'relative.jpg'] });
  expect(services.library.add.mock.calls).toEqual([[[PHOTO, '/photos/early.jpg']], [['/photos/b.jpg']]]);
  expect(windows).toHaveLength(1);
  expect(windows[0]?.shown).toBeGreaterThan(0);
});

it('leaves the work to the instance that is running', () => {
  const { program, startServices } = harness({ isFirst: false, argv: ['a.jpg'] });
  expect(program.prepare()).toBe(false);
  expect(startServices).not.toHaveBeenCalled();
});

it('says why it cannot start, and ends', async () => {
  const { program, asked, windows } = harness({ fails: true });
  program.prepare();
  await program.start();
  expect(asked).toContainEqual(['showErrorBox', 'Stillgrain', 'Stillgrain is running already']);
  expect(asked).toContainEqual(['exit', 1]);
  expect(windows).toEqual([]);
});

it('shows progress and keeps the computer awake while the queue runs', async () => {
  const { program, windows, events, asked } = harness();
  program.prepare();
  await program.start();
  const change = (status: QueueStatus) => {
    events.emit('queue.changed', { items: [], removed: [], status });
  };
  change(queueStatus('running', 1));
  change(queueStatus('running', 1));
  change(queueStatus('paused', 1));
  change(queueStatus('idle', 4));
  expect(windows[0]?.progress.slice(1)).toEqual([
    [0.25, { mode: 'normal' }],
    [0.25, { mode: 'paused' }],
    [-1, { mode: 'none' }],
  ]);
  expect(asked.filter(([name]) => String(name).startsWith('blocker'))).toEqual([
    ['blocker.start', 'prevent-app-suspension'],
    ['blocker.stop', 7],
  ]);
});

it('keeps the computer awake while it learns, whatever the queue does meanwhile', async () => {
  const { program, events, asked } = harness();
  program.prepare();
  await program.start();
  const learn = (state: TrainingRun['state'] | null) => {
    events.emit('train.changed', { run: state === null ? null : ({ state } as TrainingRun) });
  };
  const blocked = () => asked.filter(([name]) => String(name).startsWith('blocker')).map(([name]) => name);
  learn('running');
  events.emit('queue.changed', { items: [], removed: [], status: queueStatus('running', 1) });
  events.emit('queue.changed', { items: [], removed: [], status: queueStatus('idle', 4) });
  expect(blocked()).toEqual(['blocker.start']);
  learn('paused');
  expect(blocked()).toEqual(['blocker.start', 'blocker.stop']);
  learn('running');
  learn(null);
  expect(blocked()).toEqual(['blocker.start', 'blocker.stop', 'blocker.start', 'blocker.stop']);
});

it('opens a page that failed again, and says so', async () => {
  const { program, windows } = harness();
  program.prepare();
  await program.start();
  windows[0]?.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
  expect(windows[0]?.sent).toEqual([
    ['stillgrain:event', 'app.notice', expect.objectContaining({ code: 'window/restarted' })],
  ]);
});

it('writes everything down before it ends, once', async () => {
  const { program, app, services, asked } = harness();
  program.prepare();
  await program.start();
  const first = { preventDefault: vi.fn() };
  app.emit('before-quit', first);
  app.emit('before-quit', { preventDefault: vi.fn() });
  expect(first.preventDefault).toHaveBeenCalledOnce();
  await vi.waitFor(() => {
    expect(asked.filter(([name]) => name === 'quit').length).toBeGreaterThan(0);
  });
  expect(services.close).toHaveBeenCalledOnce();
  const last = { preventDefault: vi.fn() };
  app.emit('before-quit', last);
  expect(last.preventDefault).not.toHaveBeenCalled();
});

it("has its menus in the person's language", async () => {
  const { program, menus, events } = harness();
  program.prepare();
  await program.start();
  expect(menus.at(-1)?.[0]?.label).toBe('파일');
  events.emit('preferences.changed', { preferences: DEFAULT_PREFERENCES });
  expect(menus).toHaveLength(2);
});
