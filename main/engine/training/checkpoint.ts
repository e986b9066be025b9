import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.js';

/**
 * A run's whole state in one file: `SGTRAIN1`, the SHA-256 of all that follows, the length of the header (uint32), the
 * header (JSON: what the trainer notes, and the arrays' names and sizes), then the arrays, float32, all little-endian.
 */

export interface Checkpoint {
  /** What the trainer notes down: JSON. */
  readonly notes: unknown;
  readonly arrays: ReadonlyMap<string, Float32Array>;
}

const MAGIC = Buffer.from('SGTRAIN1', 'latin1');
const HASH_BYTES = 32;
const HASHED_FROM = MAGIC.length + HASH_BYTES;
const HEADER_FROM = HASHED_FROM + 4;

interface Header {
  readonly notes: unknown;
  readonly arrays: readonly { readonly name: string; readonly length: number }[];
}

const hashOf = (bytes: Buffer): Buffer => createHash('sha256').update(bytes.subarray(HASHED_FROM)).digest();

export function encodeCheckpoint({ notes, arrays }: Checkpoint): Buffer {
  const header: Header = { notes, arrays: [...arrays].map(([name, { length }]) => ({ name, length })) };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const data = [...arrays.values()].map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength));
  const bytes = Buffer.concat([MAGIC, Buffer.alloc(HASH_BYTES), length, json, ...data]);
  hashOf(bytes).copy(bytes, MAGIC.length);
  return bytes;
}

/** @throws AppError 'input/damaged' for what is no whole checkpoint */
export function decodeCheckpoint(bytes: Buffer): Checkpoint {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw damaged('it does not begin like one');
  if (bytes.length < HEADER_FROM || !hashOf(bytes).equals(bytes.subarray(MAGIC.length, HASHED_FROM))) {
    throw damaged('its check sum is wrong');
  }
  let at = HEADER_FROM + bytes.readUInt32LE(HASHED_FROM);
  const header = JSON.parse(bytes.toString('utf8', HEADER_FROM, at)) as Header;
  const arrays = new Map<string, Float32Array>();
  for (const { name, length } of header.arrays) {
    // A copy: the file's bytes need not lie at a multiple of four in memory.
    arrays.set(name, new Float32Array(Uint8Array.prototype.slice.call(bytes, at, at + 4 * length).buffer));
    at += 4 * length;
  }
  return { notes: header.notes, arrays };
}

const damaged = (what: string): AppError => new AppError('input/damaged', `the checkpoint is damaged: ${what}`);
