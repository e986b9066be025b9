import { stat } from 'node:fs/promises';
import { extname, posix } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** A finished result and its name in the zip, with '/' between folders. */
export interface ZipEntry {
  readonly path: string;
  readonly name: string;
}

/** All that is not compressed by its own format. */
const COMPRESSIBLE: ReadonlySet<string> = new Set(['.tif', '.tiff']);

/** Names of their own for all entries, so that none replaces another when the zip is unpacked on any system. */
export function uniqueNames(entries: readonly ZipEntry[]): ZipEntry[] {
  const used = new Set<string>();
  return entries.map(({ path, name }) => {
    const extension = extname(name);
    const stem = name.slice(0, name.length - extension.length);
    let unique = name.normalize('NFC');
    for (let number = 2; used.has(unique.toLowerCase()); number++) {
      unique = `${stem}-${number}${extension}`.normalize('NFC');
    }
    used.add(unique.toLowerCase());
    return { path, name: unique };
  });
}

/**
 * Streams files as a zip, one after the other, holding none of them in memory. A file that has vanished is left out; a
 * fault while reading destroys the stream, so that nobody takes half a zip for a whole one.
 */
export async function zipStream(entries: readonly ZipEntry[]): Promise<Readable> {
  const zip = new ZipFile();
  const output = new PassThrough();
  zip.outputStream.pipe(output);
  zip.on('error', (error) => {
    output.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  for (const { path, name } of uniqueNames(entries)) {
    const info = await stat(path).catch(() => null);
    if (info?.isFile() !== true) continue;
    const compress = COMPRESSIBLE.has(extname(name).toLowerCase());
    zip.addFile(path, posix.normalize(name), { compress, mtime: info.mtime, mode: 0o100644 });
  }
  zip.end();
  return output;
}
