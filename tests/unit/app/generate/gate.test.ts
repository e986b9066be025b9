import { describe, expect, it } from 'vitest';
import { createGate } from '../../../../main/app/gate.js';
import type { Handlers } from '../../../../main/app/handlers.js';
import { CALL_NAMES, DEFAULT_PREFERENCES } from '../../../../preload/contract.js';

/** What a page must not be able to ask of the generator, however it is put. */

const photo = 'a'.repeat(32);
const settings = DEFAULT_PREFERENCES.export;
const step = { kind: 'around', seed: 1, index: 0, strength: 1 };
const sheet = { ticket: 1, photo, parent: [], kind: 'around', count: 9, strength: 1, seed: 7 };
const between = { ticket: 1, photos: [photo, photo], frames: 12, closed: false, detail: 1 };
const exported = { ticket: 1, photo, items: [{ name: 'warmer', steps: [step] }], export: settings };

/** A gate whose handlers write down what reaches them. */
function watched(host: 'web' | 'desktop' = 'web') {
  const reached: unknown[] = [];
  const handler = (params: unknown) => {
    reached.push(params);
    return Promise.resolve({});
  };
  const handlers = Object.fromEntries(CALL_NAMES.map((name) => [name, handler])) as unknown as Handlers;
  const gate = createGate(handlers, { host });
  const signal = new AbortController().signal;
  return { reached, ask: (name: string, params: unknown) => gate.handle({ trusted: true, name, params, signal }) };
}

describe('the gate before the generator', () => {
  it.each([
    ['generate.variations', { ...sheet, photo: '/etc/passwd' }, 'photo: '],
    ['generate.variations', { ...sheet, folder: '/tmp' }, 'folder'],
    ['generate.variations', { ...sheet, vae: '/tmp/vae' }, 'vae'],
    ['generate.variations', { ...sheet, strength: 1e9 }, 'strength: '],
    ['generate.variations', { ...sheet, strength: Number.NaN }, 'strength: '],
    ['generate.variations', { ...sheet, seed: 2 ** 32 }, 'seed: '],
    ['generate.variations', { ...sheet, seed: -1 }, 'seed: '],
    ['generate.variations', { ...sheet, count: 10 }, 'count: '],
    ['generate.variations', { ...sheet, kind: 'sideways' }, 'kind: '],
    ['generate.variations', { ...sheet, parent: new Array(31).fill(step) }, 'parent: '],
    [
      'generate.variations',
      { ...sheet, parent: [{ kind: 'direction', name: 'x'.repeat(101), strength: 1 }] },
      'name: ',
    ],
    ['generate.variations', { ...sheet, parent: [{ ...step, model: '/tmp/m.onnx' }] }, 'model'],
    ['generate.exportVariations', { ...exported, items: [] }, 'items: '],
    ['generate.exportVariations', { ...exported, items: [{ name: '', steps: [] }] }, 'name: '],
    ['generate.exportVariations', { ...exported, items: [{ name: 'a', steps: [], output: '/etc/x' }] }, 'output'],
    [
      'generate.exportVariations',
      { ...exported, export: { ...settings, destination: { kind: 'place', place: '../..' } } },
      'place: ',
    ],
    ['generate.between', { ...between, photos: [photo] }, 'photos: '],
    ['generate.between', { ...between, photos: new Array(9).fill(photo) }, 'photos: '],
    ['generate.between', { ...between, frames: 1e6 }, 'frames: '],
    [
      'generate.exportBetween',
      { ...between, side: 4096, as: 'frames', framesPerSecond: 12, export: settings },
      'side: ',
    ],
    ['generate.samples', { ticket: 1, photos: [], seed: 1, count: 1000 }, 'count: '],
    ['generate.exportSamples', { ticket: 1, photos: [], seed: 1, indices: [36], export: settings }, 'indices.0: '],
    ['generate.map', { ticket: 1, photos: new Array(2001).fill(photo) }, 'photos: '],
    ['generate.points', { ticket: 1, photos: [photo, photo], points: [{ x: Infinity, y: 0 }], detail: 1 }, 'x: '],
    ['generate.points', { ticket: 1, photos: [photo, photo], points: [], detail: 1 }, 'points: '],
  ])('refuses %s %# with a line that names the field', async (name, params, words) => {
    const { ask, reached } = watched();
    const reply = await ask(name, params);
    expect(reply).toMatchObject({ ok: false, error: { code: 'request/invalid' } });
    expect(reply.ok ? '' : reply.error.message).toContain(words);
    expect(reached).toEqual([]);
  });

  it('lets through what the window really asks', async () => {
    const { ask, reached } = watched();
    await ask('generate.variations', {
      ...sheet,
      parent: [step, { kind: 'direction', name: 'warmer', strength: 0.5 }],
    });
    await ask('generate.exportVariations', exported);
    await ask('generate.between', between);
    await ask('generate.samples', { ticket: 1, photos: [], seed: 1, count: 12 });
    await ask('generate.points', { ticket: 1, photos: [photo, photo], points: [{ x: -1.5, y: 0 }], detail: 0 });
    expect(reached).toHaveLength(5);
  });

  it('reveals nothing on a machine that the person does not sit at', async () => {
    const { ask, reached } = watched('web');
    expect(await ask('generate.reveal', {})).toMatchObject({ ok: false, error: { code: 'request/refused' } });
    expect(reached).toEqual([]);
  });
});
