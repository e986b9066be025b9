import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { VerdictStore, type VerdictKey } from '../../../../main/app/accelerators/verdict-store.js';
import type { Verdict } from '../../../../preload/contract.js';
import { tempFolder } from '../../../support/temp-folder.js';

const KEY: VerdictKey = { runtime: '1.30.0', provider: 'webgpu', precision: 'float', driver: 'a1', model: 'f00' };
const report = { cpuPixelsPerSecond: 10, tiles: [{ tile: 512, pixelsPerSecond: 40, maxDifference: 1, right: true }] };
const PASSED: Verdict = { state: 'passed', speed: 4, tile: 512, maxDifference: 1 };

let folder: string;
beforeEach(() => {
  folder = join(tempFolder(), 'accelerators');
});

const pass = async (key = KEY): Promise<void> => {
  const store = new VerdictStore(folder);
  await store.apply(key, { type: 'begun' });
  await store.apply(key, { type: 'measured', report });
};
const onlyFile = (): string => join(folder, readdirSync(folder)[0]!);

/** As if the process that tried it were another, which is gone. */
function loseOwner(): void {
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  const stored = JSON.parse(readFileSync(onlyFile(), 'utf8')) as { owner: string };
  const owner = stored.owner.replace(/^\d+\.[\w-]+/, `${gone}.0-0`);
  writeFileSync(onlyFile(), JSON.stringify({ ...stored, owner }));
}

describe('verdicts on the disk', () => {
  it('knows nothing at first', async () => {
    expect(await new VerdictStore(folder).read(KEY)).toEqual({ state: 'untested' });
    expect(await new VerdictStore(folder).isEmpty()).toBe(true);
  });

  it('keeps a verdict for another process', async () => {
    await pass();
    expect(await new VerdictStore(folder).read(KEY)).toEqual(PASSED);
    expect(await new VerdictStore(folder).isEmpty()).toBe(false);
  });

  it.each<[string, Partial<VerdictKey>]>([
    ['runtime', { runtime: '1.31.0' }],
    ['provider', { provider: 'cuda' }],
    ['precision', { precision: 'int8' }],
    ['driver', { driver: 'a2' }],
    ['model', { model: 'f01' }],
  ])('holds for no other %s', async (_, other) => {
    await pass();
    expect(await new VerdictStore(folder).read({ ...KEY, ...other })).toEqual({ state: 'untested' });
  });

  it('has the marker on the disk before a trial starts, and leaves it to whoever is at it', async () => {
    await new VerdictStore(folder).apply(KEY, { type: 'begun' });
    expect(JSON.parse(readFileSync(onlyFile(), 'utf8'))).toMatchObject({ verdict: { state: 'testing' } });
    expect(await new VerdictStore(folder).read(KEY)).toEqual({ state: 'testing' });
  });

  it('takes a marker whose process is gone for a crash, for good', async () => {
    await new VerdictStore(folder).apply(KEY, { type: 'begun' });
    loseOwner();
    expect(await new VerdictStore(folder).read(KEY)).toMatchObject({ state: 'crashed' });
    expect(JSON.parse(readFileSync(onlyFile(), 'utf8'))).toMatchObject({ verdict: { state: 'crashed' } });
  });

  it.each(['', '{"verdict"', 'null', '[]', '{"verdict":{"state":"passed"}}', '\0\0\0'])(
    'takes a damaged file for none: %j',
    async (text) => {
      await pass();
      const stored = JSON.parse(readFileSync(onlyFile(), 'utf8')) as object;
      writeFileSync(
        onlyFile(),
        text.startsWith('{"verdict":') ? JSON.stringify({ ...stored, ...JSON.parse(text) }) : text,
      );
      expect(await new VerdictStore(folder).read(KEY)).toEqual({ state: 'untested' });
      await pass();
      expect(await new VerdictStore(folder).read(KEY)).toEqual(PASSED);
    },
  );

  it('does not begin what cannot be noted down', async () => {
    writeFileSync(folder, 'a file where the folder should be');
    await expect(new VerdictStore(folder).apply(KEY, { type: 'begun' })).rejects.toThrow();
  });
});
