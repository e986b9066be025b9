import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAtomically } from '../../main/engine/atomic-file.js';
import { decodeImage, encodeImage } from '../../main/engine/codec.js';
import { closeMetadata } from '../../main/engine/metadata.js';
import { DEFAULT_ENCODE } from '../../preload/contract.js';
import { ALL_FORMATS, encodeBySharp, inFolder, richJpeg, samples } from '../support/codec-photos.js';

/** A real file system of 1 MiB; where none can be mounted, the tests are skipped with the reason. */
const disk = mkdtempSync(join(tmpdir(), 'stillgrain-disk-'));
const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { encoding: 'utf8' });
const isMounted = mount.status === 0;

/** Fills the disk but for about `bytes`. */
function leaveFree(bytes: number): void {
  rmSync(join(disk, 'ballast'), { force: true });
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
}

beforeAll(() => {
  if (!isMounted) console.warn(`full-disk tests skipped: no tmpfs can be mounted here (${mount.stderr.trim()})`);
});

afterAll(async () => {
  await closeMetadata();
  if (isMounted) spawnSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

describe.skipIf(!isMounted)('a full disk', () => {
  it.each(ALL_FORMATS)('is named as the reason when %s does not fit, and nothing is left behind', async (format) => {
    await inFolder(async (folder) => {
      const input = join(folder, 'in.png');
      const pixels = await samples('rgb16', 900, 700);
      writeFileSync(input, await encodeBySharp(pixels, 'rgb16', 'png', 900, 700));
      const image = await decodeImage(input);
      leaveFree(8192);
      const before = readdirSync(disk);
      const write = writeAtomically(join(disk, 'out'), { overwrite: false }, (temp) =>
        encodeImage(image, image.source, temp, { ...DEFAULT_ENCODE, format, quality: 100 }),
      );
      await expect(write).rejects.toMatchObject({ code: 'output/disk-full' });
      expect(readdirSync(disk)).toEqual(before);
    });
  });

  it('is named when the pixels fit but the metadata does not', async () => {
    await inFolder(async (folder) => {
      const input = join(folder, 'in.jpg');
      await richJpeg(input, 1);
      const image = await decodeImage(input);
      // Room for the encoded picture, but not for the copy that ExifTool makes of it.
      leaveFree(16 * 1024);
      const write = writeAtomically(join(disk, 'out.png'), { overwrite: false }, (temp) =>
        encodeImage(image, image.source, temp, { ...DEFAULT_ENCODE, format: 'png' }),
      );
      await expect(write).rejects.toMatchObject({ code: 'output/disk-full' });
      expect(readdirSync(disk)).toEqual(['ballast']);
    });
  });

  it('is named although another write that it failed has made room meanwhile', async () => {
    // What libvips says: nothing of the reason.
    const fail = (): never => {
      throw new Error('unable to write to target');
    };
    let failFirst: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      failFirst = resolve;
    });
    const write = (name: string, act: (temp: string) => Promise<void>): Promise<void> =>
      writeAtomically(join(disk, name), { overwrite: true }, act);
    const first = write('first', () => waiting.then(fail));
    leaveFree(300 * 1024);
    const second = write('second', (temp) => {
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(temp, Buffer.alloc(bavail * bsize));
      return Promise.reject(new Error('unable to write to target'));
    });
    await expect(second).rejects.toMatchObject({ code: 'output/disk-full' });
    leaveFree(900 * 1024);
    failFirst();
    await expect(first).rejects.toMatchObject({ code: 'output/disk-full' });
    // A write that began with room failed for another reason.
    await expect(write('third', () => Promise.resolve().then(fail))).rejects.toMatchObject({ code: 'output/failed' });
  });

  it('is no obstacle once there is room again', async () => {
    await inFolder(async (folder) => {
      const input = join(folder, 'in.jpg');
      await richJpeg(input, 1);
      const image = await decodeImage(input);
      leaveFree(900 * 1024);
      await writeAtomically(join(disk, 'out.jpg'), { overwrite: false }, (temp) =>
        encodeImage(image, image.source, temp, DEFAULT_ENCODE),
      );
      expect(readdirSync(disk).sort()).toEqual(['ballast', 'out.jpg']);
    });
  });
});
