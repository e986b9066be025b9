import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage, encodeImage } from '../../main/engine/codec.js';
import { closeMetadata, metadataVersion } from '../../main/engine/metadata.js';
import { ExifToolProcess } from '../../main/engine/metadata/exiftool-process.js';
import { DEFAULT_ENCODE } from '../../preload/contract.js';
import type { EncodeSettings, Format } from '../../preload/contract.js';
import {
  ALL_FORMATS,
  difference,
  exiftool,
  inFolder,
  p3Profile,
  readTags,
  richJpeg,
  shown,
} from '../support/codec-photos.js';
import type { Tags } from '../support/codec-photos.js';

/** 6: the camera was held upright; the stored picture is 96 x 64 and shown as 64 x 96. */
const ORIENTATION = 6;
const EXIF: Tags = {
  'IFD0:Make': 'Canon',
  'IFD0:Model': 'Canon EOS R5',
  'IFD0:ModifyDate': '2024:05:17 14:03:09',
  'IFD0:Artist': '홍길동 📷',
  'IFD0:XResolution': 300,
  'ExifIFD:DateTimeOriginal': '2024:05:17 14:03:09',
  'ExifIFD:OffsetTimeOriginal': '+09:00',
  'ExifIFD:SubSecTimeOriginal': 42,
  'ExifIFD:ExposureTime': 0.004,
  'ExifIFD:ISO': 3200,
  'ExifIFD:LensModel': 'RF50mm F1.2 L USM',
  'ExifIFD:ColorSpace': 65535,
  'Canon:CanonFirmwareVersion': 'Firmware 1.8.1',
  'Canon:LensModel': 'RF50mm F1.2 L USM',
};
const XMP: Tags = {
  'XMP-dc:Title': '제목 title',
  'XMP-dc:Subject': ['a', 'b'],
  'XMP-xmp:Rating': 4,
  'XMP-crs:Exposure2012': '+0.5',
};
const IPTC: Tags = { 'IPTC:Caption-Abstract': '캡션 caption', 'IPTC:Keywords': ['k1', 'k2'] };
const LOCATION: Tags = {
  'GPS:GPSLatitude': 37.56651667,
  'GPS:GPSDateStamp': '2024:05:17',
  'XMP-exif:GPSLatitude': 37.5,
  'XMP-photoshop:City': 'Seoul',
  'XMP-iptcExt:LocationShownCity': 'Busan',
};
const HOLDS_IPTC = new Set<Format>(['jpeg', 'png', 'tiff']);

const pairs = ALL_FORMATS.flatMap((from) => ALL_FORMATS.map((to) => [from, to] as const));
const run = async (input: string, output: string, settings: EncodeSettings): Promise<string[]> => {
  const image = await decodeImage(input);
  return (await encodeImage(image, image.source, output, settings)).notes;
};

afterAll(closeMetadata);

describe('every pair of formats', () => {
  const results = new Map<string, { tags: Tags; notes: string[]; icc: Buffer; shift: number }>();
  let icc: Buffer;

  beforeAll(async () => {
    icc = await p3Profile();
    await inFolder(async (folder) => {
      await richJpeg(join(folder, 'in.jpeg'), ORIENTATION);
      const original = await shown(join(folder, 'in.jpeg'));
      for (const format of ALL_FORMATS.slice(1)) {
        await run(join(folder, 'in.jpeg'), join(folder, `in.${format}`), { ...DEFAULT_ENCODE, format, quality: 100 });
      }
      const outputs = pairs.map(([from, to]) => join(folder, `${from}-to.${to}`));
      const notes: string[][] = [];
      for (const [i, [from, to]] of pairs.entries()) {
        notes.push(await run(join(folder, `in.${from}`), outputs[i]!, { ...DEFAULT_ENCODE, format: to }));
      }
      const tags = readTags(outputs);
      for (const [i, [from, to]] of pairs.entries()) {
        const view = await shown(outputs[i]!);
        results.set(`${from} ${to}`, {
          tags: tags[i]!,
          notes: notes[i]!,
          icc: Buffer.from((await decodeImage(outputs[i]!)).source.icc ?? []),
          shift: [view.width, view.height].join() === '64,96' ? difference(view.data, original.data) : Infinity,
        });
      }
    });
  });

  it.each(pairs)('%s to %s keeps EXIF, maker note, GPS, XMP, IPTC, profile and the way up', (from, to) => {
    const { tags, notes, icc: kept, shift } = results.get(`${from} ${to}`)!;
    expect(tags).toMatchObject({ ...EXIF, ...XMP });
    for (const name of Object.keys(LOCATION)) expect(tags).toHaveProperty([name]);
    expect(notes).toEqual([]);
    expect(kept).toEqual(icc);
    expect(shift).toBeLessThan(4);
    if (HOLDS_IPTC.has(from) && HOLDS_IPTC.has(to)) expect(tags).toMatchObject(IPTC);
    // Where IPTC has no place, the same facts are in XMP.
    else if (HOLDS_IPTC.has(from)) expect(tags).toMatchObject({ 'XMP-dc:Description': '캡션 caption' });
  });

  it.each(pairs)('%s to %s states an orientation that its pixels need', (from, to) => {
    const { tags } = results.get(`${from} ${to}`)!;
    const expected = from === 'avif' || to === 'avif' ? 1 : ORIENTATION;
    expect(tags['IFD0:Orientation']).toBe(expected);
    expect(tags['XMP-tiff:Orientation'] ?? 1).toBe(expected);
  });

  it.each(pairs)('%s to %s leaves out the thumbnail of the noisy original', (from, to) => {
    const { tags } = results.get(`${from} ${to}`)!;
    expect(Object.keys(tags).filter((name) => /IFD1|Thumbnail|Preview/.test(name))).toEqual([]);
  });
});

describe('orientation', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('%i looks the same in every format', async (orientation) => {
    await inFolder(async (folder) => {
      const input = join(folder, 'in.jpg');
      await richJpeg(input, orientation);
      const original = await shown(input);
      for (const format of ALL_FORMATS) {
        for (const metadata of ['all', 'none'] as const) {
          const output = join(folder, `out.${format}`);
          await run(input, output, { ...DEFAULT_ENCODE, format, metadata });
          const view = await shown(output);
          expect([view.width, view.height]).toEqual([original.width, original.height]);
          expect(difference(view.data, original.data)).toBeLessThan(4);
        }
      }
    });
  });
});

describe('policy', () => {
  const results = new Map<string, { tags: Tags; text: string; notes: string[]; shift: number }>();

  beforeAll(async () => {
    await inFolder(async (folder) => {
      await richJpeg(join(folder, 'in.jpeg'), ORIENTATION);
      const original = await shown(join(folder, 'in.jpeg'));
      for (const format of ALL_FORMATS.slice(1)) {
        await run(join(folder, 'in.jpeg'), join(folder, `in.${format}`), { ...DEFAULT_ENCODE, format, quality: 100 });
      }
      for (const metadata of ['no-location', 'none'] as const) {
        for (const [from, to] of pairs) {
          const output = join(folder, `${metadata}-${from}.${to}`);
          const notes = await run(join(folder, `in.${from}`), output, { ...DEFAULT_ENCODE, format: to, metadata });
          const view = await shown(output);
          const shift = [view.width, view.height].join() === '64,96' ? difference(view.data, original.data) : Infinity;
          results.set(`${metadata} ${from} ${to}`, { tags: {}, text: exiftool('-a', '-b', output), notes, shift });
        }
        const outputs = pairs.map(([from, to]) => join(folder, `${metadata}-${from}.${to}`));
        for (const [index, tags] of readTags(outputs).entries()) {
          results.get(`${metadata} ${pairs[index]!.join(' ')}`)!.tags = tags;
        }
      }
    });
  });

  it.each(pairs)("'no-location' takes every place out on the way from %s to %s, and nothing else", (from, to) => {
    const { tags, text, notes, shift } = results.get(`no-location ${from} ${to}`)!;
    expect(notes).toEqual([]);
    expect(tags).toMatchObject({ ...EXIF, ...XMP });
    expect(Object.keys(tags).filter((name) => /GPS|City|Location|Country/.test(name))).toEqual([]);
    expect(text).not.toMatch(/Seoul|Busan/);
    expect(shift).toBeLessThan(4);
  });

  it.each(pairs)("'none' leaves the right way up from %s to %s, and nothing else", (from, to) => {
    const { tags, notes, shift } = results.get(`none ${from} ${to}`)!;
    expect(notes).toEqual([]);
    const left = Object.keys(tags).filter((name) =>
      /^(XMP|IPTC|ExifIFD|GPS|Canon|IFD0:(Make|Model|Artist|ModifyDate))/.test(name),
    );
    expect(left).toEqual([]);
    expect(shift).toBeLessThan(4);
  });

  it.each(ALL_FORMATS)("'none' keeps the profile in %s", async (format) => {
    await inFolder(async (folder) => {
      const output = join(folder, 'out');
      await richJpeg(join(folder, 'in.jpg'), ORIENTATION);
      await run(join(folder, 'in.jpg'), output, { ...DEFAULT_ENCODE, format, metadata: 'none' });
      expect(Buffer.from((await decodeImage(output)).source.icc ?? [])).toEqual(await p3Profile());
    });
  });
});

describe('trouble', () => {
  const path = process.env['PATH'];
  afterEach(async () => {
    process.env['PATH'] = path;
    await closeMetadata();
  });

  it.each(ALL_FORMATS)('without Perl, %s still gets what sharp can write, and a note', async (format) => {
    await closeMetadata();
    process.env['PATH'] = '/nonexistent';
    await inFolder(async (folder) => {
      const input = join(folder, 'in.jpg');
      const output = join(folder, 'out');
      await richJpeg(input, ORIENTATION);
      expect(await metadataVersion()).toBe('not available');
      const notes = await run(input, output, { ...DEFAULT_ENCODE, format });
      expect(notes).toEqual([
        expect.stringMatching(/^ExifTool could not copy the metadata \(perl was not found\): only /),
      ]);
      const tags = readTags([output])[0]!;
      expect(tags).toMatchObject({ 'XMP-dc:Title': '제목 title' });
      if (format !== 'tiff')
        expect(tags).toMatchObject({
          'IFD0:Make': 'Canon',
          'ExifIFD:DateTimeOriginal': EXIF['ExifIFD:DateTimeOriginal'],
        });
      expect(tags['IFD0:Artist']).toBeUndefined();
      expect(Buffer.from((await decodeImage(output)).source.icc ?? [])).toEqual(await p3Profile());
      const [view, original] = [await shown(output), await shown(input)];
      expect(difference(view.data, original.data)).toBeLessThan(4);
    });
  });

  it('without Perl, a policy that leaves things out leaves out all', async () => {
    await closeMetadata();
    process.env['PATH'] = '/nonexistent';
    await inFolder(async (folder) => {
      const output = join(folder, 'out.jpg');
      await richJpeg(join(folder, 'in.jpg'), ORIENTATION);
      await run(join(folder, 'in.jpg'), output, { ...DEFAULT_ENCODE, metadata: 'no-location' });
      expect(exiftool('-a', '-b', output)).not.toMatch(/Seoul|Busan|GPS/);
      expect(readTags([output])[0]).toMatchObject({ 'IFD0:Orientation': ORIENTATION });
    });
  });

  it('starts another ExifTool when the one it had was killed', async () => {
    await inFolder(async (folder) => {
      const input = join(folder, 'in.jpg');
      await richJpeg(input, 1);
      await metadataVersion();
      const children = perlChildren();
      expect(children).toHaveLength(1);
      process.kill(children[0]!, 'SIGKILL');
      expect(await run(input, join(folder, 'out.jpg'), DEFAULT_ENCODE)).toEqual([]);
      expect(readTags([join(folder, 'out.jpg')])[0]).toMatchObject(EXIF);
    });
  });

  it('survives damaged metadata, with a note', async () => {
    await inFolder(async (folder) => {
      const input = join(folder, 'in.jpg');
      await richJpeg(input, 1);
      const bytes = await readFile(input);
      // Point the maker note's values behind the end of the block.
      const note = bytes.indexOf('Firmware 1.8.1');
      bytes.fill(0xff, note - 60, note - 20);
      await writeFile(input, bytes);
      const notes = await run(input, join(folder, 'out.png'), { ...DEFAULT_ENCODE, format: 'png' });
      expect(notes.join('\n')).not.toContain(folder);
      expect(readTags([join(folder, 'out.png')])[0]).toMatchObject({ 'IFD0:Make': 'Canon', ...XMP });
    });
  });

  it('copies the metadata of many photos at once', async () => {
    await inFolder(async (folder) => {
      const input = join(folder, 'in.jpg');
      await richJpeg(input, 1);
      const outputs = Array.from({ length: 8 }, (_, i) => join(folder, `${i}.jpg`));
      await Promise.all(outputs.map((output) => run(input, output, DEFAULT_ENCODE)));
      for (const tags of readTags(outputs)) expect(tags).toMatchObject(EXIF);
    });
  });

  it('ends with its parent, even one that is killed', async (context) => {
    if (process.platform === 'win32') return context.skip('Windows ends children with their parent itself');
    const built = join(import.meta.dirname, '../../dist/main/engine/metadata/exiftool-process.js');
    if (!existsSync(built)) return context.skip('needs the built program: npm run build');
    const script = `
      const { ExifToolProcess } = await import(${JSON.stringify(pathToFileURL(built).href)});
      const tool = new ExifToolProcess();
      await tool.execute(['-ver']);
      console.log(tool.pid);
      process.kill(process.pid, 'SIGKILL');`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    const pid = Number(stdout);
    expect(pid).toBeGreaterThan(0);
    await expect.poll(() => isAlive(pid), { timeout: 10_000, interval: 200 }).toBe(false);
  });

  it('never changes the original', async () => {
    await inFolder(async (folder) => {
      const input = join(folder, 'in.jpg');
      await richJpeg(input, 6);
      const [bytes, stats] = [await readFile(input), await stat(input)];
      await run(input, join(folder, 'out.avif'), { ...DEFAULT_ENCODE, format: 'avif' });
      expect(await readFile(input)).toEqual(bytes);
      expect((await stat(input)).mtimeMs).toBe(stats.mtimeMs);
    });
  });

  it('refuses arguments that hold a line break', async () => {
    const process_ = new ExifToolProcess();
    await expect(process_.execute(['-ver\n-all='])).rejects.toThrow('line break');
    await process_.close();
  });
});

describe('names', () => {
  const names = [
    'with space',
    `quo'te"s`,
    '사진 📷',
    'per%cent%d',
    '$HOME @x #y',
    '[1]',
    '-dash',
    'semi;colon&',
    'line\nbreak',
    'carriage\r',
    '*?',
  ];

  it.each(names)('handles %j as file and as folder', async (name) => {
    if (process.platform === 'win32' && /["*?\r\n]/.test(name)) return;
    await inFolder(async (folder) => {
      const inside = join(folder, name);
      await mkdir(inside);
      await richJpeg(join(folder, 'in.jpg'), 1);
      await copyFile(join(folder, 'in.jpg'), join(inside, name));
      const output = join(inside, 'out.tmp');
      expect(await run(join(inside, name), output, DEFAULT_ENCODE)).toEqual([]);
      await copyFile(output, join(folder, 'out.jpg'));
      expect(readTags([join(folder, 'out.jpg')])[0]).toMatchObject({ ...EXIF, ...XMP });
    });
  });
});

/** Process ids of the ExifTool processes that this process has started. */
function perlChildren(): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...command]) => Number(parent) === process.pid && /exiftool/.test(command.join(' ')))
    .map(([pid]) => Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
