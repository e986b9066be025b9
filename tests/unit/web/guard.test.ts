import { beforeEach, describe, expect, it } from 'vitest';
import { Guard, type GuardedRequest } from '../../../main/web/guard.js';

let guard: Guard;
let own: GuardedRequest;

beforeEach(() => {
  guard = new Guard();
  guard.listensOn(4321);
  own = { method: 'GET', host: '127.0.0.1:4321', origin: undefined, cookie: guard.cookieValue, upgrade: false };
});

describe('the token', () => {
  it('is long, new for each server, and part of the address', () => {
    const token = new URL(guard.url).searchParams.get('token');
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(guard.isToken(token)).toBe(true);
    expect(new Guard().isToken(token)).toBe(false);
  });

  it.each([undefined, null, '', 'x', ['a'], {}, 7])('is not %o', (text) => {
    expect(guard.isToken(text)).toBe(false);
  });

  it('is not one that differs in its last letter, or has more letters', () => {
    const token = guard.cookieValue;
    expect(guard.isToken(token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A'))).toBe(false);
    expect(guard.isToken(`${token}A`)).toBe(false);
  });
});

describe('a request', () => {
  it('passes with the cookie, under either name of this machine', () => {
    expect(guard.refuse(own)).toBeNull();
    expect(guard.refuse({ ...own, host: 'localhost:4321' })).toBeNull();
    expect(
      guard.refuse({ ...own, host: 'LOCALHOST:4321', origin: 'http://localhost:4321', method: 'POST' }),
    ).toBeNull();
  });

  it('is refused without the cookie, or with another', () => {
    expect(guard.refuse({ ...own, cookie: undefined })?.status).toBe(401);
    expect(guard.refuse({ ...own, cookie: 'A'.repeat(43) })?.status).toBe(401);
  });

  it.each([
    undefined,
    '',
    '127.0.0.1',
    '127.0.0.1:4322',
    'evil.example:4321',
    '127.0.0.1:4321.evil.example',
    '[::1]:4321',
  ])('is refused under the name %o, cookie or not', (host) => {
    expect(guard.refuse({ ...own, host })?.status).toBe(421);
  });

  it.each(['http://evil.example', 'null', 'http://127.0.0.1:4322', 'https://127.0.0.1:4321', 'http://localhost:4321'])(
    'is refused from the origin %s',
    (origin) => {
      expect(guard.refuse({ ...own, origin })?.status).toBe(403);
      expect(guard.refuse({ ...own, origin, method: 'POST' })?.status).toBe(403);
      expect(guard.refuse({ ...own, origin, upgrade: true })?.status).toBe(403);
    },
  );

  it('needs an origin where it changes something or opens a socket', () => {
    expect(guard.refuse({ ...own, method: 'HEAD' })).toBeNull();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect(guard.refuse({ ...own, method })?.status).toBe(403);
    expect(guard.refuse({ ...own, upgrade: true })?.status).toBe(403);
    expect(guard.refuse({ ...own, upgrade: true, origin: 'http://127.0.0.1:4321' })).toBeNull();
  });
});
