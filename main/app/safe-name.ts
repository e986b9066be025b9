/** Longest name that every file system in use can hold, in UTF-8 bytes. */
export const MAX_NAME_BYTES = 255;

const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=$|\.)/i;
// oxlint-disable-next-line no-control-regex -- control characters are what must go
const WINDOWS_FORBIDDEN = /[<>:"|?*\u0000-\u001f]/g;

/**
 * Makes one path segment that the platform can hold: what it forbids becomes '_', and the stem is cut (whole
 * characters only) so that stem and `extension` fit in 255 bytes. Separators never survive.
 */
export function safeName(stem: string, extension: string, platform: NodeJS.Platform = process.platform): string {
  // oxlint-disable-next-line no-control-regex -- NUL ends a path in every operating system
  let safe = stem.replace(platform === 'win32' ? /[/\\\u0000]/g : /[/\u0000]/g, '_');
  if (platform === 'win32') {
    safe = safe.replace(WINDOWS_FORBIDDEN, '_').replace(WINDOWS_DEVICE, '_$1');
    if (extension === '') safe = safe.replace(/[. ]+$/, '_');
  }
  if (safe === '' || safe === '.' || safe === '..') safe = '_';
  return cutToBytes(safe, MAX_NAME_BYTES - Buffer.byteLength(extension)) + extension;
}

/** Keeps whole characters up to a number of UTF-8 bytes. */
export function cutToBytes(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text;
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > limit) break;
    kept += character;
  }
  return kept;
}
