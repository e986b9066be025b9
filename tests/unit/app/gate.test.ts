import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALL_NAMES, CALLS, type CallDeclaration, type HostKind } from '../../../preload/contract.js';
import { AppError } from '../../../main/app/errors.js';
import { createGate, type GateRequest } from '../../../main/app/gate.js';
import type { Handlers } from '../../../main/app/handlers.js';

const forever = new AbortController().signal;

/** A gate whose handlers write down what reaches them. */
class Watched {
  readonly reached: { readonly name: string; readonly params: unknown }[] = [];
  readonly faults: string[] = [];
  readonly gate;

  constructor(host: HostKind = 'desktop', answer: (name: string) => Promise<unknown> = () => Promise.resolve({})) {
    const handlers = Object.fromEntries(
      CALL_NAMES.map((name) => [
        name,
        (params: unknown) => {
          this.reached.push({ name, params });
          return answer(name);
        },
      ]),
    ) as unknown as Handlers;
    this.gate = createGate(handlers, { host, onFault: (text) => this.faults.push(text) });
  }

  ask = (name: unknown, params: unknown = {}, more: Partial<GateRequest> = {}) =>
    this.gate.handle({ trusted: true, name, params, signal: forever, ...more });
}

const photo = 'a'.repeat(32);

describe('the gate', () => {
  it('lets a request of the contract in and its answer out', async () => {
    const watched = new Watched();
    expect(await watched.ask('library.remove', { photos: [photo] })).toEqual({ ok: true, result: {} });
    expect(watched.reached).toEqual([{ name: 'library.remove', params: { photos: [photo] } }]);
  });

  it('refuses a sender that is not the page, whatever it asks', async () => {
    const watched = new Watched();
    for (const name of [...CALL_NAMES, 'nothing']) {
      expect(await watched.ask(name, {}, { trusted: false })).toMatchObject({
        ok: false,
        error: { code: 'request/refused' },
      });
    }
    expect(watched.reached).toEqual([]);
  });

  it.each(['desktop', 'web'] as const)('refuses on the %s host what is for the other', async (host) => {
    const watched = new Watched(host);
    const foreign = CALL_NAMES.filter((name) => {
      const declaration: CallDeclaration = CALLS[name];
      return declaration.host !== undefined && declaration.host !== host;
    });
    expect(foreign.length).toBeGreaterThan(2);
    for (const name of foreign) {
      expect(await watched.ask(name)).toMatchObject({ ok: false, error: { code: 'request/refused' } });
    }
    expect(watched.reached).toEqual([]);
  });

  it.each(['library.burn', '', 'toString', '__proto__', 'constructor', 7, null, undefined, ['library.list'], {}])(
    'refuses the name %s',
    async (name) => {
      const watched = new Watched();
      expect(await watched.ask(name)).toEqual({
        ok: false,
        error: { code: 'request/invalid', message: 'there is no such request' },
      });
      expect(watched.reached).toEqual([]);
    },
  );

  it.each([
    ['library.remove', { photos: ['../../etc/passwd'] }, 'library.remove: photos.0: '],
    ['library.remove', { photos: ['/etc/passwd'] }, 'library.remove: photos.0: '],
    ['library.remove', { photos: [photo.toUpperCase()] }, 'library.remove: photos.0: '],
    ['library.remove', { photos: photo }, 'library.remove: photos: '],
    ['library.remove', {}, 'library.remove: photos: '],
    ['library.remove', null, 'library.remove: '],
    ['library.remove', { photos: [], force: true }, 'force'],
    ['library.thumbnail', { photo, size: 1e9 }, 'library.thumbnail: size: '],
    ['photo.tile', { photo, level: 0, column: 1e300, row: 0 }, 'photo.tile: column: '],
    ['photo.tile', { photo, level: -1, column: 0, row: 0 }, 'photo.tile: level: '],
    ['photo.tile', { photo, level: 0.5, column: 0, row: 0 }, 'photo.tile: level: '],
    ['preferences.set', { thumbnailPx: Number.NaN }, 'preferences.set: thumbnailPx: '],
    ['preferences.set', { sort: { key: 'colour', descending: true } }, 'preferences.set: sort.key: '],
    ['preferences.set', JSON.parse('{"__proto__":{"welcomed":true}}') as unknown, 'preferences.set: '],
  ])('refuses %s %j with a line that names the field', async (name, params, words) => {
    const watched = new Watched();
    const reply = await watched.ask(name, params);
    expect(reply).toMatchObject({ ok: false, error: { code: 'request/invalid' } });
    expect(reply.ok ? '' : reply.error.message).toContain(words);
    expect(watched.reached).toEqual([]);
  });

  it('refuses paths and lists that are longer than any real ones', async () => {
    const watched = new Watched();
    for (const paths of [['x'.repeat(40_000)], new Array(10_001).fill('/a')]) {
      expect(await watched.ask('library.add', { paths })).toMatchObject({ error: { code: 'request/invalid' } });
    }
    expect(watched.reached).toEqual([]);
  });

  it('keeps its refusals to one short line, whatever the names in a request', async () => {
    const reply = await new Watched().ask('library.list', { [`a\n\u0000b${'c'.repeat(5000)}`]: 1 });
    const message = reply.ok ? '' : reply.error.message;
    expect(message).toMatch(/^library\.list: .*a b/);
    expect(message.length).toBeLessThanOrEqual(200);
    expect(Array.from(message).every((character) => character >= ' ')).toBe(true);
  });

  it('survives parameters that cannot be read', async () => {
    const refuse = (): never => {
      throw new Error('a trap');
    };
    const trap = new Proxy({}, { get: refuse, ownKeys: refuse });
    const cycle: { photos: unknown[] } = { photos: [] };
    cycle.photos.push(cycle);
    for (const params of [trap, cycle]) {
      expect(await new Watched().ask('library.remove', params)).toMatchObject({
        ok: false,
        error: { code: 'request/invalid' },
      });
    }
  });

  it('passes errors of the program on with their code', async () => {
    const watched = new Watched('desktop', () => Promise.reject(new AppError('input/not-found', 'it is gone')));
    expect(await watched.ask('library.list')).toEqual({
      ok: false,
      error: { code: 'input/not-found', message: 'it is gone' },
    });
    expect(watched.faults).toEqual([]);
  });

  it('says nothing of its inside when it fails, and writes it down', async () => {
    const watched = new Watched('desktop', () => Promise.reject(new TypeError('no such thing in /home/ann/secret')));
    const reply = await watched.ask('library.list');
    expect(reply).toMatchObject({ ok: false, error: { code: 'engine/internal' } });
    expect(JSON.stringify(reply)).not.toMatch(/secret|TypeError|\.ts/);
    expect(watched.faults.join('')).toMatch(/library\.list: TypeError: no such thing in \/home\/ann\/secret\n +at /);
  });

  it('does the same for an answer that is not in the contract, and for a handler that throws at once', async () => {
    const wrong = new Watched('desktop', () => Promise.resolve({ photos: 'many' }));
    expect(await wrong.ask('library.list')).toMatchObject({ ok: false, error: { code: 'engine/internal' } });
    const thrown = new Watched('desktop', () => {
      throw new Error('at once');
    });
    expect(await thrown.ask('library.list')).toMatchObject({ ok: false, error: { code: 'engine/internal' } });
    expect(wrong.faults).toHaveLength(1);
    expect(thrown.faults).toHaveLength(1);
  });

  it('lets nothing out that the contract does not name', async () => {
    const watched = new Watched('desktop', () => Promise.resolve({ picked: true, path: '/home/ann' }));
    expect(await watched.ask('library.pick', { kind: 'files' })).toEqual({ ok: true, result: { picked: true } });
  });

  it('answers a cancelled request as cancelled', async () => {
    const watched = new Watched('desktop', () => Promise.reject(new DOMException('aborted', 'AbortError')));
    expect(await watched.ask('library.list', {}, { signal: AbortSignal.abort() })).toMatchObject({
      error: { code: 'engine/cancelled' },
    });
    expect(watched.faults).toEqual([]);
  });

  it('never lets junk reach a handler, and never throws', async () => {
    const names = fc.oneof(fc.constantFrom<unknown>(...CALL_NAMES), fc.anything());
    const junk = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true });
    await fc.assert(
      fc.asyncProperty(names, junk, fc.boolean(), async (name, params, trusted) => {
        const watched = new Watched();
        const reply = await watched.gate.handle({ trusted, name, params, signal: forever });
        const declared = typeof name === 'string' && Object.hasOwn(CALLS, name) ? CALLS[name as 'library.list'] : null;
        const valid = trusted && declared !== null && declared.params.safeParse(params).success;
        if (!valid) {
          expect(reply).toMatchObject({ ok: false });
          expect(watched.reached).toEqual([]);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
