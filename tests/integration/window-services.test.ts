import { statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Platform } from '../../main/app/platform.js';
import { startWindowServices } from '../../main/app/window-services.js';
import { forkEngine } from '../../main/app/engine-transport.js';
import {
  LUT_SIZE,
  unwrap,
  type CallName,
  type CallParams,
  type CallResult,
  type EventPayload,
} from '../../preload/contract.js';
import { samplePath } from '../support/photos.js';
import { tempFolder } from '../support/temp-folder.js';

/** The services of a window over the real engines, asked through the gate as a page would. */

const ENGINE = new URL('../../dist/bundle/engine/main.js', import.meta.url);
const RESOURCES = fileURLToPath(new URL('../../resources', import.meta.url));
const platform: Platform = {
  host: 'desktop',
  version: '0.0.0',
  locale: 'en',
  pickPhotos: () => Promise.resolve([]),
  pickDestination: () => Promise.resolve(null),
  pickModel: () => Promise.resolve(null),
  pickModelTarget: () => Promise.resolve(null),
  reveal: () => undefined,
};

async function openWindow() {
  const state = tempFolder();
  const services = await startWindowServices({
    platform,
    state,
    cache: join(state, 'cache'),
    launch: forkEngine(ENGINE),
    roots: null,
    resources: RESOURCES,
  });
  onTestFinished(() => services.close());
  const ask = async <N extends CallName>(
    name: N,
    params: CallParams<N>,
    signal = new AbortController().signal,
  ): Promise<CallResult<N>> =>
    unwrap(await services.gate.handle({ trusted: true, name, params, signal })) as CallResult<N>;
  const fileOf = (image: string): string => services.images.resolve(image)!.file;
  return { services, ask, fileOf };
}

describe('a window on the real engines', () => {
  it('offers the shipped models, and shows the sample: thumbnail, tiles, noise, a preview in parts', async () => {
    const { services, ask, fileOf } = await openWindow();
    const { models } = await ask('engine.models', {});
    expect(models.map(({ name }) => name).sort()).toEqual(['fast', 'quality']);
    const { photo } = await ask('library.addSample', {});

    const thumbnail = await ask('library.thumbnail', { photo, size: 256 });
    expect(thumbnail).toMatchObject({ width: 256, height: 171 });
    expect((await readFile(fileOf(thumbnail.image))).subarray(0, 3).toString('hex')).toBe('ffd8ff');

    await ask('library.measure', { photos: [photo] });
    await vi.waitFor(
      () => {
        // The sample was made with a noise of 22.
        expect(services.library.get(photo).noise).toBeGreaterThan(15);
      },
      { timeout: 120_000, interval: 200 },
    );
    expect(services.library.get(photo).noise).toBeLessThan(29);

    const view = await ask('photo.open', { photo });
    expect(view).toMatchObject({ width: 600, height: 400, format: 'png', depth: 8, neutral: false });
    if (view.lut !== null) expect(statSync(fileOf(view.lut)).size).toBe(LUT_SIZE ** 3 * 4);
    const tile = await ask('photo.tile', { photo, level: 0, column: 1, row: 0 });
    expect(tile).toMatchObject({ width: 88, height: 400 });
    expect(statSync(fileOf(tile.image)).size).toBe(88 * 400 * 4);

    const parts: EventPayload<'preview.part'>[] = [];
    services.events.on('preview.part', (part) => parts.push(part));
    const region = { left: 100, top: 100, width: 128, height: 96 };
    const request = { photo, ticket: 3, level: 0, region, model: 'fast', sigma: null, secondPass: false };
    const report = await ask('photo.preview', request);
    const final = parts.filter(({ draft }) => !draft);
    expect(final.reduce((sum, part) => sum + part.region.width * part.region.height, 0)).toBeGreaterThanOrEqual(
      128 * 96,
    );
    for (const part of final) {
      const bytes = part.region.width * part.region.height * 4;
      expect([part.image, part.first].map((image) => statSync(fileOf(image)).size)).toEqual([bytes, bytes]);
    }
    expect(report.noise.sigma).toBeGreaterThan(10);
    expect(statSync(fileOf(report.maps.image)).size).toBe(report.maps.width * report.maps.height * 4);
  });

  it('lets the newest preview win, and survives what is no photo', async () => {
    const { services, ask } = await openWindow();
    const bad = join(tempFolder(), 'broken.png');
    writeFileSync(bad, (await readFile(samplePath('coffee'))).subarray(0, 5000));
    await services.library.add([bad]);
    const { photo } = await ask('library.addSample', {});
    const broken = services.library.list().photos.find(({ name }) => name === 'broken.png')!.id;
    await expect(ask('library.thumbnail', { photo: broken, size: 256 })).rejects.toMatchObject({
      code: expect.stringMatching(/^input\//) as string,
    });
    expect(services.library.get(broken).error?.code).toMatch(/^input\//);

    const region = { left: 0, top: 0, width: 600, height: 400 };
    const request = { photo, level: 0, region, model: 'quality', sigma: null, secondPass: false };
    const first = ask('photo.preview', { ...request, ticket: 1 });
    const second = ask('photo.preview', { ...request, ticket: 2, region: { ...region, width: 64, height: 64 } });
    await expect(first).rejects.toMatchObject({ code: 'engine/cancelled' });
    await expect(second).resolves.toMatchObject({ maps: { width: 8, height: 8 } });
  });
});
