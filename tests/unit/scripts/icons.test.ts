import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ico, icns, ICNS_SIZES, ICO_SIZES } from '../../../scripts/icons/containers.js';

const BUILD = path.resolve(import.meta.dirname, '../../../build');

/** Side of a square PNG, by its header; 0 for anything else. */
function pngSide(bytes: Buffer): number {
  const isPng = bytes.subarray(1, 4).toString('latin1') === 'PNG';
  const width = isPng ? bytes.readUInt32BE(16) : 0;
  return isPng && bytes.readUInt32BE(20) === width ? width : 0;
}

/** What a reader of the format finds: the size that the directory says, and that of the image it points at. */
function readIco(bytes: Buffer): { said: number; found: number }[] {
  expect(bytes.readUInt32LE(0)).toBe(0x10000);
  return Array.from({ length: bytes.readUInt16LE(4) }, (_, index) => {
    const entry = 6 + 16 * index;
    const offset = bytes.readUInt32LE(entry + 12);
    const png = bytes.subarray(offset, offset + bytes.readUInt32LE(entry + 8));
    return { said: bytes.readUInt8(entry) || 256, found: pngSide(png) };
  });
}

function readIcns(bytes: Buffer): { type: string; found: number }[] {
  expect(bytes.subarray(0, 4).toString('latin1')).toBe('icns');
  expect(bytes.readUInt32BE(4)).toBe(bytes.length);
  const found = [];
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at + 4)) {
    const data = bytes.subarray(at + 8, at + bytes.readUInt32BE(at + 4));
    found.push({ type: bytes.subarray(at, at + 4).toString('latin1'), found: pngSide(data) });
  }
  return found;
}

it('the icon of Windows holds every size, each at its place', () => {
  const found = readIco(readFileSync(path.join(BUILD, 'icon.ico')));
  expect(found).toEqual(ICO_SIZES.map((size) => ({ said: size, found: size })));
});

it('the icon of macOS holds every size, for both densities', () => {
  const found = readIcns(readFileSync(path.join(BUILD, 'icon.icns')));
  expect(new Set(found.map((element) => element.found))).toEqual(new Set(ICNS_SIZES));
  expect(found).toContainEqual({ type: 'ic10', found: 1024 });
  expect(found).toContainEqual({ type: 'ic11', found: 32 });
});

it('the icons of Linux are as large as their names say', () => {
  const names = readdirSync(path.join(BUILD, 'icons'));
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    expect(`${pngSide(readFileSync(path.join(BUILD, 'icons', name)))}`).toBe(/^(\d+)x\1\.png$/.exec(name)?.[1]);
  }
  expect(pngSide(readFileSync(path.join(BUILD, 'icon.png')))).toBe(1024);
});

it('containers hold what they are given and nothing else', () => {
  const png = (size: number) => {
    const bytes = Buffer.alloc(24);
    bytes.write('\x89PNG', 'latin1');
    bytes.writeUInt32BE(size, 16);
    bytes.writeUInt32BE(size, 20);
    return { size, png: bytes };
  };
  expect(readIco(Buffer.from(ico([png(16), png(256)])))).toEqual([
    { said: 16, found: 16 },
    { said: 256, found: 256 },
  ]);
  expect(readIcns(Buffer.from(icns([png(16), png(32)])))).toEqual([
    { type: 'icp4', found: 16 },
    { type: 'ic11', found: 32 },
    { type: 'icp5', found: 32 },
  ]);
});
