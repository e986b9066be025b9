/** The one origin of the desktop's page, its files and its images. */

export const APP_SCHEME = 'app';
const APP_HOST = 'stillgrain';
export const PAGE_URL = `${APP_SCHEME}://${APP_HOST}/index.html`;

/** The parts of a URL of ours; null for any other. Node knows no origin for schemes of programs: compared by parts. */
export function ownUrl(url: string): URL | null {
  if (!URL.canParse(url)) return null;
  const parsed = new URL(url);
  const isOurs = parsed.protocol === `${APP_SCHEME}:` && parsed.host === APP_HOST;
  return isOurs && parsed.username === '' && parsed.password === '' ? parsed : null;
}

/** Whether a frame shows our page itself: the only one that may ask for anything. */
export function isPage(url: string): boolean {
  const parsed = ownUrl(url);
  return parsed !== null && (parsed.pathname === '/' || parsed.pathname === '/index.html');
}
