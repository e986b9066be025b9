import { expect, it, vi } from 'vitest';
import type { Gate, GateRequest } from '../../../main/app/gate.js';
import { CallDesk, type Sender } from '../../../main/desktop/call-desk.js';
import { isPage } from '../../../main/desktop/origin.js';
import { Recovery } from '../../../main/desktop/recovery.js';

const WINDOW = 3;
const page = (changes: Partial<Sender> = {}): Sender => ({
  id: WINDOW,
  frame: { url: 'app://stillgrain/index.html', parent: null },
  ...changes,
});

/** A gate whose calls end when they are aborted, or at once. */
function harness() {
  const requests: GateRequest[] = [];
  const gate: Gate = {
    handle: (request) => {
      requests.push(request);
      if (request.params !== 'slow') return Promise.resolve({ ok: true, result: request.name });
      return new Promise((resolve) => {
        request.signal.addEventListener('abort', () => {
          resolve({ ok: false, error: { code: 'engine/cancelled', message: 'cancelled' } });
        });
      });
    },
  };
  const desk = new CallDesk(Promise.resolve(gate));
  desk.admit(WINDOW);
  return { desk, requests };
}

it("trusts the page of the program's own window", async () => {
  const { desk, requests } = harness();
  expect(await desk.call(page(), 'app.start', 1, {})).toEqual({ ok: true, result: 'app.start' });
  expect(requests[0]).toMatchObject({ trusted: true, name: 'app.start', params: {} });
});

it.each([
  ['a window that is not ours', page({ id: 4 })],
  ['a frame that is gone', page({ frame: null })],
  ['a frame in the page', page({ frame: { url: 'app://stillgrain/index.html', parent: {} } })],
  ['another page', page({ frame: { url: 'https://stillgrain/index.html', parent: null } })],
  ['another host', page({ frame: { url: 'app://elsewhere/index.html', parent: null } })],
  ['a file of the page that is not the page', page({ frame: { url: 'app://stillgrain/assets/x.svg', parent: null } })],
  ['an image', page({ frame: { url: 'app://stillgrain/image/abcdef0123456789', parent: null } })],
  ['no page at all', page({ frame: { url: 'about:blank', parent: null } })],
  ['an empty address', page({ frame: { url: '', parent: null } })],
])('does not trust %s', async (_, sender) => {
  const { desk, requests } = harness();
  await desk.call(sender, 'app.start', 1, {});
  expect(requests[0]?.trusted).toBe(false);
});

it('no longer trusts a window that is gone', async () => {
  const { desk, requests } = harness();
  desk.dismiss(WINDOW);
  await desk.call(page(), 'app.start', 1, {});
  expect(requests[0]?.trusted).toBe(false);
});

it('cancels the call that is meant, and no other', async () => {
  const { desk, requests } = harness();
  const first = desk.call(page(), 'photo.preview', 1, 'slow');
  const second = desk.call(page(), 'photo.preview', 2, 'slow');
  await vi.waitFor(() => {
    expect(requests).toHaveLength(2);
  });
  for (const ticket of [3, '1', null, undefined, Number.NaN]) desk.cancel(WINDOW, ticket);
  desk.cancel(4, 1);
  expect(requests.map(({ signal }) => signal.aborted)).toEqual([false, false]);
  desk.cancel(WINDOW, 1);
  expect(await first).toMatchObject({ ok: false, error: { code: 'engine/cancelled' } });
  expect(requests.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  desk.leave(WINDOW);
  expect(await second).toMatchObject({ ok: false });
});

it('keeps a call cancellable although another came with its ticket', async () => {
  const { desk } = harness();
  const slow = desk.call(page(), 'photo.preview', 1, 'slow');
  await desk.call(page(), 'app.start', 1, {});
  desk.cancel(WINDOW, 1);
  expect(await slow).toMatchObject({ ok: false });
});

it.each([
  ['app://stillgrain/', true],
  ['app://stillgrain/index.html?a#b', true],
  ['app://stillgrain.example/index.html', false],
  ['APP://STILLGRAIN/index.html', false],
  ['app:index.html', false],
  ['not a url', false],
])('knows whether %s is the page', (url, expected) => {
  expect(isPage(url)).toBe(expected);
});

it('opens a failed page again once a minute', () => {
  let now = 0;
  const recovery = new Recovery(() => now);
  expect(recovery.shouldReload('clean-exit')).toBe(false);
  expect(recovery.shouldReload('crashed')).toBe(true);
  now = 10_000;
  expect(recovery.shouldReload('oom')).toBe(false);
  now = 69_000;
  expect(recovery.shouldReload('crashed')).toBe(false);
  now = 129_000;
  expect(recovery.shouldReload('crashed')).toBe(true);
});
