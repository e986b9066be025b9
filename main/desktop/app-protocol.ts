import path from 'node:path';
import { PAGE_HEADERS, pageContentType } from '../app/page-headers.js';
import { ownUrl } from './origin.js';

/** What `app://stillgrain/...` gives: the page's own files, and images by opaque id; nothing else of this computer. */

/** A file that may be served, with its content type. */
export interface Served {
  readonly file: string;
  readonly contentType: string;
}

export interface AppFiles {
  /** Absolute folder of the built page. */
  readonly renderer: string;
  /** The file behind an image's id; null for an id that nobody was given. */
  readonly image: (id: string) => Served | null;
  /** Reads a file; rejects where there is none. Electron's `net.fetch`, which looks into the archive too. */
  readonly read: (file: string) => Promise<Response>;
}

const IMAGE_PREFIX = '/image/';
const IMAGE_ID = /^[a-z0-9]{8,64}$/;
/** The page asks for the browser host's door; here the preload is the door. */
const BRIDGE = '/bridge.js';

/** Answers a request of the page. Whatever is not plainly allowed does not exist. */
export async function serve(request: Pick<Request, 'url' | 'method'>, files: AppFiles): Promise<Response> {
  const url = ownUrl(request.url);
  if (url === null || request.method !== 'GET') return notFound();
  if (url.pathname === BRIDGE) {
    return new Response('', { headers: { ...PAGE_HEADERS, 'content-type': 'text/javascript; charset=utf-8' } });
  }
  const served = locate(url.pathname, files);
  if (served === null) return notFound();
  try {
    const { body } = await files.read(served.file);
    return new Response(body, { headers: { ...PAGE_HEADERS, 'content-type': served.contentType } });
  } catch {
    return notFound();
  }
}

/** The file that a path of a URL names, if it may be served. */
export function locate(pathname: string, files: Pick<AppFiles, 'renderer' | 'image'>): Served | null {
  if (pathname.startsWith(IMAGE_PREFIX)) {
    const id = pathname.slice(IMAGE_PREFIX.length);
    return IMAGE_ID.test(id) ? files.image(id) : null;
  }
  const file = fileBelow(files.renderer, pathname === '/' ? '/index.html' : pathname);
  const contentType = file === undefined ? undefined : pageContentType(file);
  return file === undefined || contentType === undefined ? null : { file, contentType };
}

/** The file below a folder that a URL's path names; undefined for a path that leads out of it, however it is written. */
function fileBelow(folder: string, pathname: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  // A backslash or a colon means something to Windows alone: no file of the page has either.
  if (/[\\:\0]/.test(decoded)) return undefined;
  const file = path.resolve(folder, `.${decoded}`);
  const relative = path.relative(folder, file);
  const isBelow = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return isBelow ? file : undefined;
}

function notFound(): Response {
  return new Response('Not found', {
    status: 404,
    headers: { ...PAGE_HEADERS, 'content-type': 'text/plain; charset=utf-8' },
  });
}
