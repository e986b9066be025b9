import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSocket, signIn, startWebApp, TestSocket, type WebApp } from '../support/web-app.js';
import { sharedFolder } from '../support/temp-folder.js';
import { uploadBody, webRequest, type WebAnswer, type WebRequest } from '../support/web-request.js';

const LINE = /^[^\n]+\n$/;

const state = sharedFolder();
let app: WebApp;
let cookie: string;

/** What the page itself sends with every request. */
const own = (): Record<string, string> => ({ cookie, origin: app.origin });
const ask = (path: string, options: WebRequest = {}): Promise<WebAnswer> => webRequest(app.origin, path, options);
const host = (): string => new URL(app.origin).host;

beforeAll(async () => {
  app = await startWebApp({ state });
  cookie = await signIn(app);
});
afterAll(() => app.stop());

afterEach(async () => {
  const page = await ask('/', { headers: { cookie } });
  expect(page.status, 'the server still serves').toBe(200);
});

describe('signing in', () => {
  it('turns the token into a cookie that scripts and other sites cannot use', async () => {
    const answer = await ask(app.url.slice(app.origin.length));
    expect(answer).toMatchObject({ status: 303, headers: { location: '/', 'cache-control': 'no-store' } });
    const [set] = answer.headers['set-cookie']!;
    expect(set).toMatch(new RegExp(`^stillgrain_${new URL(app.origin).port}=`));
    expect(set!.toLowerCase()).toMatch(/; httponly/);
    expect(set!.toLowerCase()).toMatch(/; samesite=strict/);
  });

  it.each(['/?token=', '/?token=wrong', '/?token=a&token=b', '/?token[]=a'])('refuses %s', async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(401);
    expect(answer.text).toMatch(LINE);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each(['/', '/bridge.js', '/image/0123456789abcdef', '/download/0123456789abcdef', '/nothing', '/socket'])(
    'is needed for %s',
    async (path) => {
      expect((await ask(path)).status).toBe(401);
      const wrong = `${cookie.split('=')[0]!}=${'A'.repeat(43)}`;
      expect((await ask(path, { headers: { cookie: wrong } })).status).toBe(401);
    },
  );
});

describe('the page', () => {
  it('comes with rules that let nothing in or out', async () => {
    const { status, headers, text } = await ask('/', { headers: { cookie } });
    expect(status).toBe(200);
    expect(text).toContain('<script  src="./bridge.js">');
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    const asset = /\.\/(assets\/[^"]+\.js)/.exec(text)![1]!;
    expect((await ask(`/${asset}`, { headers: { cookie } })).headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'private, max-age=31536000, immutable',
    });
  });

  it.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/%2e%2e%2f%2e%2e%2fpackage.json',
    '/assets/..%5c..%5cpackage.json',
    '/assets/../../../package.json',
    '//etc/passwd',
    '/%00',
    '/.bundles/window',
  ])('has no file %s', async (path) => {
    const answer = await ask(path, { headers: { cookie } });
    expect([400, 403, 404]).toContain(answer.status);
    expect(answer.text).toMatch(LINE);
    expect(answer.text).not.toMatch(/stillgrain"|root:|\n.*at /);
  });
});

describe('another site', () => {
  it.each(['evil.example', 'evil.example:80', '127.0.0.1', 'localhost:1', '[::1]'])(
    'cannot call the server %j',
    async (name) => {
      for (const path of ['/', app.url.slice(app.origin.length)]) {
        const answer = await ask(path, { headers: { cookie, host: name } });
        expect(answer.status).toBe(421);
        expect(answer.text).toMatch(LINE);
        expect(answer.headers['set-cookie']).toBeUndefined();
      }
    },
  );

  it('may call it localhost', async () => {
    const { port } = new URL(app.origin);
    expect((await ask('/', { headers: { cookie, host: `localhost:${port}` } })).status).toBe(200);
  });

  it('cannot post, with or without saying where it is', async () => {
    const { headers, body } = uploadBody([{ path: 'a.jpg', content: 'x' }]);
    for (const origin of [undefined, 'http://evil.example', 'null', `https://${host()}`]) {
      const sent = { ...headers, cookie, ...(origin === undefined ? {} : { origin }) };
      expect((await ask('/upload', { method: 'POST', headers: sent, body })).status).toBe(403);
    }
    expect(readdirSync(join(state, 'inbox'))).toEqual([]);
  });

  it.each([
    ['without a cookie', () => ({ origin: app.origin }), 401],
    ['from another origin', () => ({ cookie, origin: 'http://evil.example' }), 403],
    ['without an origin', () => ({ cookie }), 403],
    ['under another name', () => ({ ...own(), host: 'evil.example' }), 421],
  ])('cannot open a socket %s', async (_case, headers, status) => {
    await expect(TestSocket.open(app.origin, headers())).rejects.toThrow(String(status));
  });
});

describe('images and downloads', () => {
  it.each([
    '/image/0123456789abcdef0123456789abcdef',
    '/image/..%2f..%2fetc%2fpasswd',
    '/image/%2fetc%2fpasswd',
    '/image/../../../etc/passwd',
    '/image/__proto__',
    '/image/',
    `/image/${'a'.repeat(300)}`,
    '/download/0123456789abcdef0123456789abcdef',
    '/download/..%2f..%2fetc%2fpasswd',
    '/download/__proto__',
  ])('have no %s', async (path) => {
    const answer = await ask(path, { headers: { cookie } });
    expect([403, 404]).toContain(answer.status);
    expect(answer.text).toMatch(LINE);
  });
});

describe('the socket', () => {
  it.each([
    ['no JSON', 'hello'],
    ['half a message', '{"type":"call","ticket":1'],
    ['another kind', JSON.stringify({ type: 'reply', ticket: 1 })],
    ['no object', '[]'],
    ['a ticket that is no number', JSON.stringify({ type: 'call', ticket: 'x', name: 'app.start', params: {} })],
    ['a huge ticket', '{"type":"call","ticket":1e300,"name":"app.start","params":{}}'],
    ['a name that is none', JSON.stringify({ type: 'call', ticket: 1, name: { a: 1 }, params: {} })],
    ['a name without end', JSON.stringify({ type: 'call', ticket: 1, name: 'x'.repeat(1e5), params: {} })],
    ['more than asked', JSON.stringify({ type: 'call', ticket: 1, name: 'app.start', params: {}, trusted: true })],
    ['bytes', Buffer.from([0, 1, 2, 3])],
  ])('is closed for a message that makes no sense: %s', async (_case, message) => {
    const window = await openSocket(app);
    window.socket.send(message);
    expect(await window.closed).toBe(1008);
  });

  it('is closed for a message that is too long', async () => {
    const window = await openSocket(app);
    const params = { text: 'x'.repeat(9 * 1024 * 1024) };
    window.socket.send(JSON.stringify({ type: 'call', ticket: 1, name: 'app.start', params }));
    expect([1006, 1009]).toContain(await window.closed);
  });

  it.each([
    ['an unknown call', 'app.quit', {}, 'request/invalid'],
    ['a member of every object', 'constructor', {}, 'request/invalid'],
    ['a call of the desktop', 'library.add', { paths: ['/etc'] }, 'request/refused'],
    ['another, with wrong parameters', 'places.pick', { path: 7 }, 'request/refused'],
    ['parameters of the wrong type', 'library.remove', { photos: 'all' }, 'request/invalid'],
    ['parameters that are none', 'library.list', null, 'request/invalid'],
    ['one too many', 'app.start', { admin: true }, 'request/invalid'],
    ['an id that is a path', 'photo.open', { photo: '../../etc/passwd' }, 'request/invalid'],
    ['a huge number', 'photo.tile', { photo: 'a'.repeat(32), level: 1e308, column: 0, row: 0 }, 'request/invalid'],
    ['a number that is none', 'preferences.set', { thumbnailPx: 'NaN' }, 'request/invalid'],
    ['a size in the millions', 'library.thumbnail', { photo: 'a'.repeat(32), size: 2_000_000 }, 'request/invalid'],
    ['a photo that is not there', 'photo.open', { photo: 'a'.repeat(32) }, 'input/not-found'],
  ])('refuses %s and stays open', async (_case, name, params, code) => {
    const window = await openSocket(app);
    const reply = await window.call(name, params);
    expect(reply).toMatchObject({ ok: false, error: { code } });
    expect(JSON.stringify(reply)).not.toMatch(/\n|node:|\.js:/);
    expect(await window.call('app.start')).toMatchObject({ ok: true, result: { host: 'web' } });
    window.socket.close();
  });

  it('serves several windows at once', async () => {
    const windows = await Promise.all([openSocket(app), openSocket(app), openSocket(app)]);
    for (const window of windows) expect(await window.call('library.list')).toMatchObject({ ok: true });
    await windows[0].call('preferences.set', { thumbnailPx: 222 });
    for (const window of windows) {
      await expect.poll(() => window.events.map(({ name }) => name)).toContain('preferences.changed');
      window.socket.close();
    }
  });
});

describe('a model', () => {
  const stream = { 'content-type': 'application/octet-stream' };
  const send = (path: string, headers: Record<string, string> = stream): Promise<WebAnswer> =>
    ask(path, { method: 'POST', headers: { ...own(), ...headers }, body: 'no model' });

  it('is taken from the page alone', async () => {
    for (const headers of [stream, { ...stream, cookie }, { ...stream, cookie, origin: 'https://example.org' }]) {
      const { status } = await ask('/model?name=a.onnx', { method: 'POST', headers, body: 'x' });
      expect([401, 403]).toContain(status);
    }
  });

  it.each(['/model', '/model?name=', `/model?name=${'x'.repeat(300)}`, '/model?name=a&name=b'])(
    'is refused without a name: %s',
    async (path) => {
      const { status, text } = await send(path);
      expect(status).toBe(400);
      expect(text).toMatch(LINE);
    },
  );

  it('is refused as anything but bytes', async () => {
    expect((await send('/model?name=a.onnx', { 'content-type': 'text/html' })).status).toBe(415);
    expect((await send('/model?name=a.onnx', { 'content-type': 'application/json' })).status).toBe(400);
  });

  it('that is none is said to be none, by its name', async () => {
    const { status, text } = await send('/model?name=..%2F..%2Fa.onnx');
    expect(status).toBe(200);
    const reply = JSON.parse(text) as { ok: boolean; error: { code: string; message: string } };
    expect(reply).toMatchObject({ ok: false, error: { code: 'model/invalid' } });
    expect(reply.error.message).not.toContain(state);
    expect(readdirSync(state, { recursive: true }).filter((name) => String(name).endsWith('.onnx'))).toEqual([]);
  });
});

describe('an upload', () => {
  const send = (body: Buffer | string, headers: Record<string, string>): Promise<WebAnswer> =>
    ask('/upload', { method: 'POST', headers: { ...own(), ...headers }, body });
  const leftovers = (): string[] => readdirSync(join(state, 'inbox'));

  it.each([
    '../../escaped.jpg',
    '/tmp/escaped.jpg',
    'a/../../b.jpg',
    'a//b.jpg',
    '',
    'x\0.jpg',
    `${'d/'.repeat(40)}e.jpg`,
  ])('with the path %j is refused, and the others of its request with it', async (path) => {
    const { headers, body } = uploadBody([
      { path: 'good.jpg', content: 'x' },
      { path, content: 'x' },
    ]);
    const answer = await send(body, headers);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(LINE);
    expect(leftovers()).toEqual([]);
  });

  it.each([
    ['files without a list', [{ path: 'a.jpg', content: 'x' }], []],
    [
      'more files than listed',
      [
        { path: 'a.jpg', content: 'x' },
        { path: 'b.jpg', content: 'x' },
      ],
      [{ path: 'a.jpg', modified: 1 }],
    ],
    ['fewer files than listed', [], [{ path: 'a.jpg', modified: 1 }]],
    ['a list of something else', [{ path: 'a.jpg', content: 'x' }], { path: 'a.jpg' }],
    ['times that are none', [{ path: 'a.jpg', content: 'x' }], [{ path: 'a.jpg', modified: 1e300 }]],
  ])('with %s is refused', async (_case, files, list) => {
    const { headers, body } = uploadBody(files, list);
    expect((await send(body, headers)).status).toBe(400);
    expect(leftovers()).toEqual([]);
  });

  it('with too many files is refused before any is stored', async () => {
    const { headers, body } = uploadBody(
      Array.from({ length: 1001 }, (_, index) => ({ path: `${index}.jpg`, content: '' })),
    );
    expect((await send(body, headers)).status).toBe(413);
    expect(leftovers()).toEqual([]);
  });

  it('that no disk can hold is refused before it is sent', async () => {
    const { headers } = uploadBody([]);
    const size = String(2 ** 50);
    const answer = await send('', { ...headers, 'content-length': size, expect: '100-continue' }).catch(
      (error: unknown) => error as Error,
    );
    expect(answer).toMatchObject({ status: 507 });
    expect(leftovers()).toEqual([]);
  });

  it('that is no form is refused', async () => {
    expect((await send('{}', { 'content-type': 'application/json' })).status).toBe(415);
    expect((await send('x', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await send('x', { 'content-type': 'multipart/form-data' })).status).toBeGreaterThanOrEqual(400);
    expect(leftovers()).toEqual([]);
  });
});
