import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EventHub } from '../../../main/app/events.js';
import { Places } from '../../../main/app/places.js';
import type { Place, PlaceId } from '../../../preload/contract.js';
import { tempFolder } from '../../support/temp-folder.js';

function tree(...files: string[]): string {
  const root = tempFolder();
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    if (!file.endsWith('/')) writeFileSync(join(root, file), 'x');
    else mkdirSync(join(root, file), { recursive: true });
  }
  return root;
}

async function placesOf(roots: readonly string[] | null, folder = tempFolder()): Promise<Places> {
  const places = new Places({ folder, roots, emit: new EventHub().emit });
  await places.load();
  return places;
}

const names = (list: readonly Place[]): string[] => list.map(({ name }) => name);
const named = (list: readonly Place[], name: string): PlaceId => list.find((place) => place.name === name)!.id;

describe('places of a server', () => {
  it('are the folders that it was started with, and what lies below, never by their paths', async () => {
    const root = tree('Photos/b.jpg', 'Photos/a.JPG', 'Photos/Trip/c.tif', 'Photos/notes.txt', 'Photos/.hidden/x.jpg');
    const places = await placesOf([join(root, 'Photos')]);
    expect(places.hasRoots).toBe(true);
    const top = await places.list(null);
    expect(top).toMatchObject({ place: null, parent: null, photos: [], writable: false });
    const photos = await places.list(named(top.folders, 'Photos'));
    expect(photos).toMatchObject({ place: { name: 'Photos', label: 'Photos' }, parent: null, writable: true });
    expect(names(photos.folders)).toEqual(['Trip']);
    expect(names(photos.photos)).toEqual(['a.JPG', 'b.jpg']);
    const trip = await places.list(named(photos.folders, 'Trip'));
    expect(trip).toMatchObject({ place: { label: 'Photos/Trip' }, parent: photos.place?.id });
    expect(JSON.stringify([top, photos, trip])).not.toContain(root);
    expect(await places.resolve(named(trip.photos, 'c.tif'))).toBe(join(root, 'Photos/Trip/c.tif'));
  });

  it('do not include where links lead out to, nor anything that was never shown', async () => {
    const root = tree('in/a.jpg', 'out/secret.jpg', 'in/deep/b.jpg');
    symlinkSync(join(root, 'out'), join(root, 'in/exit'));
    symlinkSync(join(root, 'out/secret.jpg'), join(root, 'in/secret.jpg'));
    symlinkSync(join(root, 'in/deep'), join(root, 'in/shortcut'));
    symlinkSync('/nowhere', join(root, 'in/broken.jpg'));
    const places = await placesOf([join(root, 'in')]);
    const listing = await places.list(named((await places.list(null)).folders, 'in'));
    expect(names(listing.folders)).toEqual(['deep', 'shortcut']);
    expect(names(listing.photos)).toEqual(['a.jpg']);
    const other = await placesOf([root]);
    const secret = await other.list(named((await other.list(null)).folders, basename(root)));
    await expect(places.resolve(named(secret.folders, 'out'))).rejects.toMatchObject({ code: 'input/not-found' });
    expect(places.find('0'.repeat(32) as PlaceId)).toBeNull();
    await expect(places.list('/etc' as PlaceId)).rejects.toMatchObject({ code: 'input/not-found' });
  });

  it('are refused when a folder was replaced by a link that leads out', async () => {
    const root = tree('in/sub/a.jpg', 'out/b.jpg');
    const places = await placesOf([join(root, 'in')]);
    const listing = await places.list(named((await places.list(null)).folders, 'in'));
    const sub = named(listing.folders, 'sub');
    rmSync(join(root, 'in/sub'), { recursive: true });
    symlinkSync(join(root, 'out'), join(root, 'in/sub'));
    for (const attempt of [places.resolve(sub), places.list(sub), places.create(sub, 'x')]) {
      await expect(attempt).rejects.toMatchObject({ code: 'request/refused' });
    }
    expect(places.find(sub)).toBeNull();
    expect(existsSync(join(root, 'out/x'))).toBe(false);
  });

  it('are made by name alone', async () => {
    const root = tree('in/');
    const places = await placesOf([join(root, 'in')]);
    const top = named((await places.list(null)).folders, 'in');
    const made = await places.create(top, '정리 끝');
    expect(made.label).toBe('in/정리 끝');
    expect(existsSync(join(root, 'in/정리 끝'))).toBe(true);
    await expect(places.create(top, '정리 끝')).rejects.toMatchObject({ code: 'output/exists' });
    for (const name of ['..', '.', '../out', 'a/b', '/etc', '.hidden', 'a\u0000b', 'x'.repeat(300)]) {
      await expect(places.create(top, name)).rejects.toMatchObject({ code: 'request/invalid' });
    }
    expect(existsSync(join(root, 'out'))).toBe(false);
  });

  it('that were destinations are remembered, as long as they are there and below a root', async () => {
    const root = tree('in/results/', 'in/other/', 'elsewhere/');
    const state = tempFolder();
    const first = await placesOf([root], state);
    const top = await first.list(named((await first.list(null)).folders, basename(root)));
    const inside = await first.list(named(top.folders, 'in'));
    for (const id of [
      named(inside.folders, 'results'),
      named(inside.folders, 'other'),
      named(top.folders, 'elsewhere'),
    ]) {
      first.remember(id);
    }
    await first.close();
    const next = await placesOf([join(root, 'in')], state);
    renameSync(join(root, 'in/other'), join(root, 'in/moved'));
    expect((await next.remembered()).map(({ label }) => label)).toEqual(['in/results']);
    expect(next.find(named(inside.folders, 'results'))?.path).toBe(join(root, 'in/results'));
    expect(next.find(named(top.folders, 'elsewhere'))).toBeNull();
  });

  it('need roots that can be read', async () => {
    await expect(placesOf([join(tempFolder(), 'missing')])).rejects.toMatchObject({ code: 'input/not-found' });
    const none = await placesOf([]);
    expect(none.hasRoots).toBe(false);
    expect((await none.list(null)).folders).toEqual([]);
    expect(none.within).toEqual([]);
  });
});

describe('places of the desktop', () => {
  it('are granted by a dialog, and remembered, the last one last', async () => {
    const root = tree('one/', 'two/');
    const state = tempFolder();
    const places = await placesOf(null, state);
    expect(places.within).toBeUndefined();
    const one = await places.grant(join(root, 'one'));
    const two = await places.grant(join(root, 'two'));
    await places.grant(join(root, 'one'));
    expect(one.id).not.toBe(two.id);
    await places.close();
    const next = await placesOf(null, state);
    expect((await next.remembered()).map(({ id }) => id)).toEqual([two.id, one.id]);
    expect(next.find(one.id)).toEqual({ place: one, path: join(root, 'one') });
  });

  it('survive a damaged memory', async () => {
    const state = tempFolder();
    writeFileSync(join(state, 'places.json'), '{"a":');
    expect(await (await placesOf(null, state)).remembered()).toEqual([]);
  });
});
