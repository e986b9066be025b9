import { describe, expect, it } from 'vitest';
import { createGate } from '../../../main/app/gate.js';
import type { Handlers } from '../../../main/app/handlers.js';
import { CALL_NAMES, type CallName } from '../../../preload/contract.js';

/** What a page that is not ours could send of learning and models: refused before any service hears of it. */

const photo = 'a'.repeat(32);
const start = { name: 'night', method: 'noisy', photos: [photo], clean: [], minutes: 10, parent: 'fast' };

async function ask(name: CallName, params: unknown) {
  const reached: unknown[] = [];
  const handlers = Object.fromEntries(
    CALL_NAMES.map((call) => [
      call,
      (given: unknown) => {
        reached.push(given);
        return Promise.resolve({});
      },
    ]),
  ) as unknown as Handlers;
  const gate = createGate(handlers, { host: 'web' });
  const reply = await gate.handle({ trusted: true, name, params, signal: new AbortController().signal });
  return { reply, reached };
}

describe('requests to learn', () => {
  it('are let in as the window makes them', async () => {
    for (const more of [
      {},
      { parent: 'my photos' },
      { parent: '3f9a0c2b7d11' },
      { minutes: 0.05 },
      { name: '밤 사진' },
    ]) {
      expect((await ask('train.start', { ...start, ...more })).reply, JSON.stringify(more)).toMatchObject({ ok: true });
    }
  });

  it.each([
    ['no photos', { photos: [] }],
    ['a path for a photo', { photos: ['/etc/passwd'] }],
    ['a path for the parent', { parent: '/home/me/model.onnx' }],
    ['a way out for the parent', { parent: '../../secret' }],
    ['a file for the parent', { parent: 'model.onnx' }],
    ['a name that is a path', { name: '../evil' }],
    ['a name that is taken', { name: 'quality' }],
    ['a name that is an id', { name: '3f9a0c2b7d11' }],
    ['no name', { name: '' }],
    ['a name without end', { name: 'x'.repeat(65) }],
    ['no time', { minutes: 0 }],
    ['for ever', { minutes: 1e9 }],
    ['a time that is no number', { minutes: Number.NaN }],
    ['a method that there is none of', { method: 'magic' }],
    ['a folder of its own', { out: '/tmp/out' }],
    ['a prototype', { ['__proto__']: { polluted: true }, name: { toString: 'x' } }],
  ])('with %s are refused', async (_, change) => {
    const { reply, reached } = await ask('train.start', { ...start, ...change });
    expect(reply).toMatchObject({ ok: false, error: { code: 'request/invalid' } });
    expect(reached).toEqual([]);
  });

  it.each([
    ['models.promote', { version: '../../x' }],
    ['models.promote', { version: 'ABCDEF012345' }],
    ['models.rollback', { name: '/etc' }],
    ['models.download', { version: '0'.repeat(64) }],
    ['models.pick', { photo: '../photo' }],
    ['train.photos', { photos: 'all' }],
    ['train.pause', { out: '/tmp' }],
  ] as const)('%s %j is refused', async (name, params) => {
    const { reply, reached } = await ask(name, params);
    expect(reply).toMatchObject({ ok: false, error: { code: 'request/invalid' } });
    expect(reached).toEqual([]);
  });
});
