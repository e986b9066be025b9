import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { locate, serve, type AppFiles } from '../../../main/desktop/app-protocol.js';
import { CONTENT_SECURITY_POLICY } from '../../../main/app/page-headers.js';
import { tempFolder } from '../../support/temp-folder.js';

const IMAGE = 'abcdef0123456789';
let root = '';
let files: AppFiles;

beforeEach(() => {
  root = tempFolder();
  const renderer = path.join(root, 'page');
  mkdirSync(path.join(renderer, 'assets'), { recursive: true });
  writeFileSync(path.join(renderer, 'index.html'), '<!doctype html>');
  writeFileSync(path.join(renderer, 'assets/index-1.js'), 'start();');
  writeFileSync(path.join(renderer, 'assets/notes.map'), '{}');
  writeFileSync(path.join(root, 'secret.json'), '{}');
  mkdirSync(path.join(root, 'page-of-another'));
  writeFileSync(path.join(root, 'page-of-another/index.html'), 'another');
  writeFileSync(path.join(root, 'thumbnail'), 'pixels');
  files = {
    renderer,
    image: (id) => (id === IMAGE ? { file: path.join(root, 'thumbnail'), contentType: 'image/jpeg' } : null),
    read: async (file) => new Response(await readFile(file)),
  };
});

const get = (url: string, method = 'GET') => serve({ url, method }, files);

it.each([
  ['app://stillgrain/', '<!doctype html>', 'text/html; charset=utf-8'],
  ['app://stillgrain/index.html?x=1#y', '<!doctype html>', 'text/html; charset=utf-8'],
  ['app://stillgrain/assets/index-1.js', 'start();', 'text/javascript; charset=utf-8'],
  ['app://stillgrain/bridge.js', '', 'text/javascript; charset=utf-8'],
  [`app://stillgrain/image/${IMAGE}`, 'pixels', 'image/jpeg'],
])('serves %s', async (url, text, contentType) => {
  const response = await get(url);
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(text);
  expect(response.headers.get('content-type')).toBe(contentType);
  expect(response.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

it.each([
  ['another host', 'app://elsewhere/index.html'],
  ['a host with a port', 'app://stillgrain:80/index.html'],
  ['a host that a name comes before', 'app://stillgrain@elsewhere/index.html'],
  ['a name and our host', 'app://someone@stillgrain/index.html'],
  ['another scheme', 'file:///etc/passwd'],
  ['no host', 'app:index.html'],
  ['steps up', 'app://stillgrain/../secret.json'],
  ['steps up, encoded', 'app://stillgrain/%2e%2e/secret.json'],
  ['steps up, slash encoded', 'app://stillgrain/..%2fsecret.json'],
  ['steps up, all encoded', 'app://stillgrain/assets/%2e%2e%2f%2e%2e%2fsecret.json'],
  ['steps up, encoded twice', 'app://stillgrain/%252e%252e%252fsecret.json'],
  ['steps up by backslash', 'app://stillgrain/..\\secret.json'],
  ['steps up by backslash, encoded', 'app://stillgrain/..%5csecret.json'],
  ['a neighbour whose name starts alike', 'app://stillgrain/..%2fpage-of-another%2findex.html'],
  ['an absolute path', 'app://stillgrain//etc/passwd'],
  ['an absolute path, encoded', 'app://stillgrain/%2fetc%2fhosts.json'],
  ['a drive', 'app://stillgrain/C:/Windows/win.json'],
  ['a NUL', 'app://stillgrain/index.html%00.png'],
  ['a broken escape', 'app://stillgrain/%zz'],
  ['a kind of file that the page has none of', 'app://stillgrain/assets/notes.map'],
  ['a folder', 'app://stillgrain/assets'],
  ['a file that is not there', 'app://stillgrain/assets/index-2.js'],
  ['an image nobody was given', 'app://stillgrain/image/fedcba9876543210'],
  ['an image by path', 'app://stillgrain/image/../../thumbnail'],
  ['an image by encoded path', `app://stillgrain/image/..%2fthumbnail`],
  ['an image with more behind it', `app://stillgrain/image/${IMAGE}/x`],
  ['an image in capitals', `app://stillgrain/image/${IMAGE.toUpperCase()}`],
])('knows nothing of %s', async (_, url) => {
  const response = await get(url);
  expect(response.status).toBe(404);
  expect(await response.text()).toBe('Not found');
});

it.each(['POST', 'PUT', 'HEAD'])('refuses %s', async (method) => {
  expect((await get('app://stillgrain/index.html', method)).status).toBe(404);
});

it('looks below the folder of the page only, whatever the path says', () => {
  expect(locate('/index.html', files)?.file).toBe(path.join(root, 'page/index.html'));
  expect(locate('/../secret.json', files)).toBeNull();
  expect(locate('/assets/../../secret.json', files)).toBeNull();
});
