/** The name of a temporary file beside its target: hidden, short, and telling which process it belongs to. */

/** ExifTool adds its own ending while it rewrites the file. */
const PATTERN = /^\.(.*)\.stillgrain-(\d+)-(\d+)\.tmp(_exiftool_tmp)?$/su;

/** Leaves room for the suffix within the 255 bytes that file systems allow, whatever the script of the name. */
const MAX_STEM_BYTES = 80;

/** Builds the temporary name for a file called `name`, by process `pid`, the `n`th that it makes. */
export function tempName(name: string, pid: number, n: number): string {
  return `.${shorten(name)}.stillgrain-${pid}-${n}.tmp`;
}

/** Whose temporary file this is; null for any other name. */
export function parseTempName(name: string): { readonly pid: number; readonly n: number } | null {
  const match = PATTERN.exec(name);
  return match ? { pid: Number(match[2]), n: Number(match[3]) } : null;
}

/** Keeps whole characters of `name` up to the limit: a cut surrogate pair is not a name. Line breaks become spaces. */
function shorten(name: string): string {
  let bytes = 0;
  let kept = '';
  for (const character of name.replace(/[\r\n]/g, ' ')) {
    bytes += utf8Length(character);
    if (bytes > MAX_STEM_BYTES) break;
    kept += character;
  }
  return kept;
}

function utf8Length(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
