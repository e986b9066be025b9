import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LibrarySnapshot, PhotoEntry, Reply } from '../../preload/contract.js';
import { runCli } from '../support/cli.js';
import { writePhoto } from '../support/odd-photos.js';
import { tempFolder } from '../support/temp-folder.js';
import { openSocket, signIn, startWebApp, type TestSocket, type WebApp } from '../support/web-app.js';
import { uploadBody, webRequest, type UploadedFile } from '../support/web-request.js';

async function start(state: string, roots: readonly string[] = []): Promise<WebApp> {
  const app = await startWebApp({ state, roots });
  onTestFinished(async () => {
    await app.stop();
  });
  return app;
}

function resultOf(reply: Reply): unknown {
  if (!reply.ok) throw new Error(reply.error.message);
  return reply.result;
}

const photosOf = async (window: TestSocket): Promise<readonly PhotoEntry[]> =>
  (resultOf(await window.call('library.list')) as LibrarySnapshot).photos;

async function upload(app: WebApp, files: readonly UploadedFile[]): Promise<number> {
  const { headers, body } = uploadBody(files);
  const sent = { ...headers, cookie: await signIn(app), origin: app.origin };
  return (await webRequest(app.origin, '/upload', { method: 'POST', headers: sent, body })).status;
}

/** Files below a folder, with '/' between folders, without the random first folder. */
const filesIn = (inbox: string): string[] =>
  readdirSync(inbox, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(inbox.length).split(/[/\\]/).slice(2).join('/'))
    .sort();

describe('photos that are sent', () => {
  it('join the library with their folders, are shown, survive a restart and go when they are taken off the list', async () => {
    const [folder, state] = [tempFolder(), tempFolder()];
    await writePhoto(join(folder, 'a.png'), 120, 80);
    const content = readFileSync(join(folder, 'a.png'));
    const first = await start(state);
    let window = await openSocket(first);
    const files = [
      { path: '콘서트/a.png', content },
      { path: '콘서트/b 2.png', content },
      { path: '콘서트/notes.txt', content: 'no photo' },
    ];
    expect(await upload(first, files)).toBe(200);
    const photos = await photosOf(window);
    expect(photos.map(({ folder, name }) => `${folder}/${name}`).sort()).toEqual(['콘서트/a.png', '콘서트/b 2.png']);
    expect(photos[0]!.modifiedAt).toBe(1_700_000_000_000);
    const inbox = join(state, 'inbox');
    expect(filesIn(inbox)).toEqual(['콘서트/a.png', '콘서트/b 2.png']);

    const photo = photos[0]!.id;
    const { image } = resultOf(await window.call('library.thumbnail', { photo, size: 256 })) as { image: string };
    const cookie = await signIn(first);
    const picture = await webRequest(first.origin, `/image/${image}`, { headers: { cookie } });
    expect(picture.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(picture.body.length),
      'cache-control': 'private, max-age=31536000, immutable',
    });
    expect(picture.body.subarray(0, 2).toString('hex')).toBe('ffd8');
    expect(await first.stop()).toBe(0);

    const second = await start(state);
    window = await openSocket(second);
    expect(await photosOf(window)).toHaveLength(2);
    resultOf(await window.call('library.remove', { photos: [photo] }));
    await expect.poll(() => filesIn(inbox), { timeout: 30_000 }).toHaveLength(1);
    resultOf(await window.call('library.remove', { photos: photos.map(({ id }) => id) }));
    await expect.poll(() => readdirSync(inbox), { timeout: 30_000 }).toEqual([]);
  });

  it('that did not arrive as a whole are gone after a restart', async () => {
    const state = tempFolder();
    await (await start(state)).stop();
    mkdirSync(join(state, 'inbox/0123456789abcdef.part'));
    writeFileSync(join(state, 'inbox/0123456789abcdef.part/a.png'), 'half');
    await start(state);
    await expect.poll(() => readdirSync(join(state, 'inbox')), { timeout: 30_000 }).toEqual([]);
  });
});

describe('folders of the server', () => {
  it('are seen below the roots only, and originals there are never deleted', async () => {
    const root = tempFolder();
    await writePhoto(join(root, 'a.png'), 100, 60);
    const app = await start(tempFolder(), [root]);
    const window = await openSocket(app);
    interface Listing {
      readonly folders: { readonly id: string }[];
      readonly photos: { readonly id: string; readonly name: string }[];
      readonly parent: string | null;
    }
    const roots = resultOf(await window.call('places.list', { place: null })) as Listing;
    expect(roots.folders).toHaveLength(1);
    const listing = resultOf(await window.call('places.list', { place: roots.folders[0]!.id })) as Listing;
    expect(listing).toMatchObject({ parent: null, photos: [{ name: 'a.png' }] });
    resultOf(await window.call('library.addPlaces', { places: [listing.photos[0]!.id] }));
    await expect.poll(async () => (await photosOf(window)).length, { timeout: 30_000 }).toBe(1);
    const [photo] = await photosOf(window);
    resultOf(await window.call('library.remove', { photos: [photo!.id] }));
    expect(await app.stop()).toBe(0);
    expect(existsSync(join(root, 'a.png'))).toBe(true);
  });
});

describe('stillgrain serve', () => {
  it.each([
    ['--port 70000', /--port must be a number between 0 and 65535, not 70000/],
    ['--port x', /--port must be a number/],
    ['--root ./nothing', /--root \.\/nothing: there is no such folder/],
    ['extra', /too many arguments/],
  ])('%s exits with 2 and says why', async (line, reason) => {
    const folder = tempFolder();
    const result = await runCli(['serve', ...line.split(' ')], { state: join(folder, 'state'), cwd: folder });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(reason);
    expect(result.stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  });

  it('says which port is in use, and what to do', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const result = await runCli(['serve', '--port', String(port)], { state: tempFolder() });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toBe(`stillgrain: port ${port} is in use: choose another with --port, or leave it out\n`);
  });

  it('does not start twice on the same state folder', async () => {
    const state = tempFolder();
    await start(state);
    const result = await runCli(['serve'], { state });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^stillgrain: Stillgrain is running already[^\n]*\n$/);
  });
});
