import { basename, dirname, extname, join } from 'node:path';
import type { EncodeSettings, Format } from '../../preload/contract.js';
import { renderName, type NameTemplate } from './naming.js';
import { cutToBytes, MAX_NAME_BYTES } from './safe-name.js';
import type { Photo } from './scan.js';

/** Extensions that mean each format; a result in another format than its photo takes the first. */
const FORMAT_EXTENSIONS: Readonly<Record<Format, readonly string[]>> = {
  jpeg: ['.jpg', '.jpeg', '.jpe'],
  png: ['.png'],
  tiff: ['.tif', '.tiff'],
  webp: ['.webp'],
  avif: ['.avif'],
};

export interface NamingOptions {
  /** Output folder, absolute. */
  readonly out: string;
  readonly template: NameTemplate;
  readonly format: EncodeSettings['format'];
  readonly model: string;
  readonly strength: number;
  /** False: straight into the output folder. */
  readonly keepFolders: boolean;
}

/** Where a photo's result should go if nothing is in the way: with the input's folder structure, or without it. */
export function desiredOutput(photo: Photo, index: number, options: NamingOptions): string {
  const source = basename(photo.path);
  const extension = extname(source);
  const values = {
    name: basename(source, extension),
    ext: extension.slice(1).toLowerCase(),
    parent: basename(dirname(photo.path)),
    index: String(index + 1),
    model: modelLabel(options.model),
    strength: String(options.strength),
  };
  const name = renderName(options.template, values, resultExtension(extension, options.format));
  return join(options.out, options.keepFolders ? dirname(photo.relative) : '', ...name);
}

/** A result in its photo's own format keeps the extension as the photo spells it. */
function resultExtension(source: string, format: EncodeSettings['format']): string {
  if (format === 'keep') return source;
  const extensions = FORMAT_EXTENSIONS[format];
  return extensions.includes(source.toLowerCase()) ? source : extensions[0]!;
}

const modelLabel = (model: string): string => basename(model, '.onnx');

/** One photo that wants a name. */
export interface NameRequest {
  readonly desired: string;
  /** The name that an earlier run gave it, so that a resumed run gives it again; null: none. */
  readonly remembered: string | null;
}

export interface AssignOptions {
  /** Two paths of the same key cannot both exist. */
  readonly keyOf: (path: string) => string;
  /** Whether a path is taken, before any work is done, for the request of this index. */
  readonly isTaken: (path: string, index: number) => Promise<boolean>;
}

/**
 * Gives every photo a name of its own before any work starts. The first to want a name gets it, others a number
 * behind theirs (`photo-2.jpg`); names remembered from an earlier run stay as they were.
 */
export async function assignOutputs(requests: readonly NameRequest[], options: AssignOptions): Promise<string[]> {
  const { keyOf, isTaken } = options;
  const used = new Set<string>();
  const assigned = requests.map(({ remembered }) => {
    if (remembered === null || used.has(keyOf(remembered))) return null;
    used.add(keyOf(remembered));
    return remembered;
  });
  const outputs: string[] = [];
  for (const [index, { desired }] of requests.entries()) {
    let output = assigned[index] ?? null;
    for (let number = 1; output === null; number++) {
      const candidate = number === 1 ? desired : numbered(desired, number);
      if (used.has(keyOf(candidate)) || (await isTaken(candidate, index))) continue;
      used.add(keyOf(candidate));
      output = candidate;
    }
    outputs.push(output);
  }
  return outputs;
}

/** `photo.jpg` with number 2 is `photo-2.jpg`, cut to what a name can hold. */
export function numbered(path: string, number: number): string {
  const extension = extname(path);
  const suffix = `-${number}${extension}`;
  const stem = cutToBytes(basename(path, extension), MAX_NAME_BYTES - Buffer.byteLength(suffix));
  return join(dirname(path), stem + suffix);
}

/**
 * Key under which a file system tells paths apart. Unicode forms are merged everywhere (macOS does), letter case where
 * the output folder's file system does.
 */
export function pathKey(path: string, caseSensitive: boolean): string {
  const normal = path.normalize('NFC');
  return caseSensitive ? normal : normal.toLowerCase();
}
