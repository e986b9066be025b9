import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EventHub } from '../../../main/app/events.js';
import { PreferenceStore } from '../../../main/app/preferences.js';
import { DEFAULT_DENOISE, DEFAULT_PREFERENCES, type Preset } from '../../../preload/contract.js';
import { tempFolder } from '../../support/temp-folder.js';

async function load(folder: string, events = new EventHub()): Promise<PreferenceStore> {
  const store = new PreferenceStore(folder, events.emit);
  await store.load();
  return store;
}

/** What is made of a stored file. */
async function read(text: string) {
  const folder = tempFolder();
  writeFileSync(join(folder, 'preferences.json'), text);
  return (await load(folder)).value;
}

const preset: Preset = { id: 'soft', name: 'Soft', adjustments: { ...DEFAULT_DENOISE, strength: 0.5 } };

describe('preferences', () => {
  it('are the defaults at first, change in part, tell every window, and are remembered', async () => {
    const folder = tempFolder();
    const events = new EventHub();
    const told: unknown[] = [];
    events.on('preferences.changed', ({ preferences }) => told.push(preferences));
    const store = await load(folder, events);
    expect(store.value).toEqual(DEFAULT_PREFERENCES);
    const changed = store.set({ theme: 'light', presets: [preset] });
    expect(changed).toEqual({ ...DEFAULT_PREFERENCES, theme: 'light', presets: [preset] });
    expect(told).toEqual([changed]);
    store.set({ theme: undefined, welcomed: true });
    expect(store.value.theme).toBe('light');
    await store.close();
    expect((await load(folder)).value).toEqual({ ...changed, welcomed: true });
  });

  it.each(['', 'null', '[]', '"x"', '{', '\u0000\u0000', '{"theme":'])(
    'are the defaults when %j is stored',
    async (text) => {
      expect(await read(text)).toEqual(DEFAULT_PREFERENCES);
    },
  );

  it('keep every part that is good when others are damaged or unknown', async () => {
    const stored = {
      ...DEFAULT_PREFERENCES,
      language: 'ko',
      theme: 'purple',
      thumbnailPx: 1e9,
      sort: { key: 'noise', descending: 'very' },
      presets: [preset, { ...preset, id: '' }, null, { ...preset, id: 'two' }],
      export: { ...DEFAULT_PREFERENCES.export, template: '{name}-clean', existing: 'ask', later: true },
      fromTheFuture: 1,
    };
    expect(await read(JSON.stringify(stored))).toEqual({
      ...DEFAULT_PREFERENCES,
      language: 'ko',
      sort: { key: 'noise', descending: false },
      presets: [preset, { ...preset, id: 'two' }],
      export: { ...DEFAULT_PREFERENCES.export, template: '{name}-clean' },
    });
  });

  it('are written whole, and a failure is said', async () => {
    const folder = tempFolder();
    const events = new EventHub();
    const notices: string[] = [];
    events.on('app.notice', ({ message }) => notices.push(message));
    const store = await load(folder, events);
    store.set({ welcomed: true });
    await store.close();
    expect(JSON.parse(readFileSync(join(folder, 'preferences.json'), 'utf8'))).toMatchObject({ welcomed: true });

    const blocked = tempFolder();
    mkdirSync(join(blocked, 'preferences.json'));
    const other = await load(blocked, events);
    other.set({ welcomed: true });
    await other.close();
    expect(notices).toEqual([expect.stringMatching(/^the preferences could not be saved: /)]);
    expect(other.value.welcomed).toBe(true);
  });
});
