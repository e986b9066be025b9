import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { forkEngine } from '../../../main/app/engine-transport.js';
import { newOwner, ownerToken } from '../../../main/app/owner.js';
import type { Platform } from '../../../main/app/platform.js';
import {
  startWindowServices,
  type WindowServices,
  type WindowServicesOptions,
} from '../../../main/app/window-services.js';
import { unwrap, type CallName, type CallParams, type CallResult } from '../../../preload/contract.js';
import { tempFolder } from '../../support/temp-folder.js';

const forever = new AbortController().signal;
const ENGINE = new URL('../../support/scripted-engine.mjs', import.meta.url);
const RESOURCES = fileURLToPath(new URL('../../../resources', import.meta.url));

/** All services of a window over real files; the engines are real processes that answer as scripted. */
class Window {
  readonly root: string;
  readonly state: string;
  readonly revealed: string[] = [];
  picked: readonly string[] = [];
  destination: string | null = null;
  services!: WindowServices;

  constructor(of?: Window) {
    this.root = of?.root ?? tempFolder();
    this.state = of?.state ?? tempFolder();
  }

  async start(options: Partial<WindowServicesOptions> = {}): Promise<this> {
    const platform: Platform = {
      host: options.roots === undefined ? 'desktop' : 'web',
      version: '9.9.9',
      locale: 'ko-KR',
      pickPhotos: () => Promise.resolve(this.picked),
      pickDestination: () => Promise.resolve(this.destination),
      pickModel: () => Promise.resolve(null),
      pickModelTarget: () => Promise.resolve(null),
      reveal: (path) => {
        this.revealed.push(path);
      },
    };
    const services = await startWindowServices({
      platform,
      state: this.state,
      cache: join(this.state, 'cache'),
      launch: forkEngine(ENGINE),
      roots: null,
      resources: RESOURCES,
      ...options,
    });
    this.services = services;
    onTestFinished(() => services.close());
    return this;
  }

  write(name: string): string {
    const path = join(this.root, name);
    writeFileSync(path, name);
    return path;
  }

  ask = async <N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>> =>
    unwrap(await this.services.gate.handle({ trusted: true, name, params, signal: forever })) as CallResult<N>;

  photos = async () => (await this.ask('library.list', {})).photos;
}

describe('the services of a window', () => {
  it('say what a window must know first', async () => {
    const window = await new Window().start();
    expect(await window.ask('app.start', {})).toMatchObject({
      version: '9.9.9',
      host: 'desktop',
      platform: process.platform,
      locale: 'ko-KR',
      preferences: { theme: 'system' },
      places: [],
      hasRoots: false,
    });
  });

  it('open without models when the engine does not start, and say so to every new window', async () => {
    vi.stubEnv('FAKE_ENGINE_START', 'broken');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const window = await new Window().start();
    const states: string[] = [];
    window.services.events.on('engine.changed', ({ state, message }) => states.push(`${state}: ${message}`));
    expect(await window.ask('app.start', {})).toMatchObject({ version: '9.9.9' });
    await expect(window.ask('engine.models', {})).rejects.toMatchObject({ code: 'engine/crashed' });
    expect(states.at(-1)).toMatch(/^failed: the engine does not start: .*libvips is not there/);
  });

  it('add what is dropped and picked, and the sample', async () => {
    const window = await new Window().start();
    const [a, b] = [window.write('a.jpg'), window.write('b.jpg')];
    await window.ask('library.add', { paths: [a] });
    expect(await window.ask('library.pick', { kind: 'files' })).toEqual({ picked: false });
    window.picked = [b];
    expect(await window.ask('library.pick', { kind: 'files' })).toEqual({ picked: true });
    const { photo } = await window.ask('library.addSample', {});
    expect(await window.ask('library.addSample', {})).toEqual({ photo });
    await vi.waitFor(async () => {
      expect((await window.photos()).map(({ name }) => name).sort()).toEqual(['Coffee.png', 'a.jpg', 'b.jpg']);
    });
    expect((await window.photos()).find(({ id }) => id === photo)).toMatchObject({ name: 'Coffee.png', folder: '' });
  });

  it('say when the sample is missing', async () => {
    const window = await new Window().start({ resources: tempFolder() });
    await expect(window.ask('library.addSample', {})).rejects.toMatchObject({ code: 'input/not-found' });
  });

  it('keep a server to its folders', async () => {
    const window = new Window();
    const inside = join(window.root, 'inside');
    mkdirSync(inside);
    writeFileSync(join(inside, 'a.jpg'), 'x');
    await window.start({ roots: [inside] });
    expect(await window.ask('app.start', {})).toMatchObject({ host: 'web', hasRoots: true });
    const top = await window.ask('places.list', { place: null });
    const listing = await window.ask('places.list', { place: top.folders[0]!.id });
    await window.ask('library.addPlaces', { places: [listing.photos[0]!.id] });
    await vi.waitFor(async () => {
      expect((await window.photos()).map(({ name }) => name)).toEqual(['a.jpg']);
    });
    await expect(window.ask('library.addPlaces', { places: ['0'.repeat(32)] as never })).rejects.toMatchObject({
      code: 'input/not-found',
    });
    await expect(window.ask('library.add', { paths: [window.root] })).rejects.toMatchObject({
      code: 'request/refused',
    });
  });

  it('remember places, preferences and photos for the next process', async () => {
    const first = await new Window().start();
    first.destination = first.root;
    const place = await first.ask('places.pick', {});
    await first.ask('preferences.set', { theme: 'light' });
    await first.ask('library.add', { paths: [first.write('a.jpg')] });
    await vi.waitFor(async () => {
      expect(await first.photos()).toHaveLength(1);
    });
    await first.services.close();
    const next = await new Window(first).start();
    expect(await next.ask('app.start', {})).toMatchObject({ places: [place], preferences: { theme: 'light' } });
    expect(await next.photos()).toHaveLength(1);
  });

  it('take no paths of models from a page', async () => {
    const window = await new Window().start();
    await window.ask('library.add', { paths: [window.write('a.jpg')] });
    await vi.waitFor(async () => {
      expect(await window.photos()).toHaveLength(1);
    });
    const [photo] = await window.photos();
    const { preferences } = await window.ask('app.start', {});
    const adjustments = { ...preferences.adjustments, model: '/etc/passwd' };
    const preset = { id: 'x', name: 'x', adjustments: { ...adjustments, model: '../quality' } };
    const region = { left: 0, top: 0, width: 8, height: 8 };
    const preview = { photo: photo!.id, ticket: 1, level: 0, region, model: 'a.onnx', sigma: null, secondPass: false };
    for (const request of [
      window.ask('preferences.set', { adjustments }),
      window.ask('preferences.set', { presets: [preset] }),
      window.ask('library.adjust', { changes: [{ photos: [photo!.id], adjustments }] }),
      window.ask('photo.preview', preview),
    ]) {
      await expect(request).rejects.toMatchObject({ code: 'request/invalid' });
    }
    expect((await window.photos())[0]?.adjustments).toBeNull();
  });

  it('write faults of the window and their own into a log, and tell the window nothing of their inside', async () => {
    const window = await new Window().start();
    await window.ask('app.report', { message: 'x is undefined', stack: 'at app.js:1' });
    // The double's answer is not in the protocol.
    await expect(window.ask('app.diagnose', {})).rejects.toMatchObject({ code: 'engine/internal' });
    const log = readFileSync(join(window.state, 'logs/window.log'), 'utf8');
    expect(log).toMatch(/window: x is undefined\nat app\.js:1/);
    expect(log).toMatch(/app\.diagnose: AppError/);
  });

  it('refuse to share a state folder with another window, until that one has closed', async () => {
    const first = await new Window().start();
    await expect(new Window(first).start()).rejects.toMatchObject({ code: 'output/locked' });
    await first.services.close();
    await expect(new Window(first).start()).resolves.toBeDefined();
  });

  it('give the state folder back when they cannot start', async () => {
    const window = new Window();
    await expect(window.start({ roots: [join(window.root, 'missing')] })).rejects.toMatchObject({
      code: 'input/not-found',
    });
    await expect(window.start()).resolves.toBeDefined();
  });

  it('clear away what dead processes left in the cache, and their own when they close', async () => {
    const window = new Window();
    const sessions = join(window.state, 'cache/sessions');
    const nobody = { ...newOwner(), pid: 2 ** 22 - 1 };
    const elsewhere = ownerToken({ ...nobody, host: 'elsewhere' });
    for (const token of [ownerToken(nobody), elsewhere, 'not-ours'])
      mkdirSync(join(sessions, token), { recursive: true });
    await window.start();
    expect(readdirSync(sessions)).toHaveLength(3);
    await window.services.close();
    expect(readdirSync(sessions)).toEqual([elsewhere, 'not-ours']);
  });
});
