import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../main/core/image/random.js';
import { finished, jsonLines, runCli, startCli } from '../support/cli.js';
import { writePhoto } from '../support/odd-photos.js';
import { tempFolder } from '../support/temp-folder.js';

const PHOTOS = 30;
const KILLS = 20;

/** What a finished file must keep through all that follows. */
const stamps = (folder: string): Map<string, string> =>
  new Map(
    readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .map((name) => {
        const { ino, mtimeNs, size } = statSync(join(folder, name), { bigint: true });
        return [name, `${ino} ${mtimeNs} ${size}`];
      }),
  );

const contents = (folder: string): Map<string, string> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));

async function photoFolder(): Promise<string> {
  const folder = tempFolder();
  mkdirSync(join(folder, 'in'));
  for (let index = 1; index <= PHOTOS; index++) {
    await writePhoto(join(folder, 'in', `${index}.${index % 2 === 0 ? 'jpg' : 'png'}`), 64, 48, index);
  }
  return folder;
}

describe(`a folder of ${PHOTOS} photos`, () => {
  it(`is done after ${KILLS} kills at random moments: no partial file, no finished file redone`, async () => {
    const folder = await photoFolder();
    const originals = contents(join(folder, 'in'));
    const untouched = stamps(join(folder, 'in'));
    const options = { state: join(folder, 'state'), cwd: folder };
    const args = (out: string): string[] => ['denoise', 'in', '--out', out, '--model', 'fast', '--json'];

    const begun = performance.now();
    expect((await runCli(args('whole'), options)).code).toBe(0);
    const wholeMs = performance.now() - begun;
    const expected = contents(join(folder, 'whole'));

    const seed = Date.now() >>> 0;
    console.info(`kills at moments of seed ${seed}; a whole run takes ${Math.round(wholeMs)} ms`);
    const random = createRandom(seed);
    let round = 1;
    let finishedFiles = new Map<string, string>();
    /** What was finished before must be there as it was; what is there now is finished from now on. */
    const check = (): void => {
      const now = stamps(join(folder, `out-${round}`));
      for (const [name, stamp] of finishedFiles) expect(now.get(name), `${name} of round ${round}`).toBe(stamp);
      finishedFiles = now;
    };
    const finish = (): void => {
      check();
      expect(contents(join(folder, `out-${round}`))).toEqual(expected);
    };

    for (let kills = 0; kills < KILLS;) {
      const child = startCli(args(`out-${round}`), options);
      const end = finished(child);
      const timer = setTimeout(() => child.kill('SIGKILL'), 200 + random.uniform() * Math.min(wholeMs, 3_500));
      const { code, signal } = await end;
      clearTimeout(timer);
      mkdirSync(join(folder, `out-${round}`), { recursive: true });
      if (signal === 'SIGKILL') {
        kills++;
        check();
        continue;
      }
      // It was quicker than the kill: the round is complete, the next begins with an empty folder.
      expect(code).toBe(0);
      finish();
      round++;
      finishedFiles = new Map();
    }

    const last = await runCli(args(`out-${round}`), options);
    expect(last.code).toBe(0);
    const { photos, summary } = jsonLines(last.stdout);
    expect(photos).toHaveLength(PHOTOS);
    expect(summary).toMatchObject({ failed: 0, cancelled: 0 });
    finish();
    expect(contents(join(folder, 'in'))).toEqual(originals);
    expect(stamps(join(folder, 'in'))).toEqual(untouched);
  });

  it('is shared by two terminals: every photo is done by one of them, none is harmed', async () => {
    const folder = await photoFolder();
    const options = { state: join(folder, 'state'), cwd: folder };
    const args = (out: string): string[] => ['denoise', 'in', '--out', out, '--model', 'fast', '--json'];
    await runCli(args('whole'), options);
    const results = await Promise.all([runCli(args('out'), options), runCli(args('out'), options)]);
    expect(results.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    const runs = results.map(({ stdout }) => jsonLines(stdout));
    for (const { summary } of runs) expect(summary).toMatchObject({ failed: 0, cancelled: 0 });
    const done = runs.flatMap(({ photos }) =>
      photos.filter(({ status }) => status === 'done').map(({ input }) => input),
    );
    expect(done).toHaveLength(PHOTOS);
    expect(new Set(done).size).toBe(PHOTOS);
    expect(contents(join(folder, 'out'))).toEqual(contents(join(folder, 'whole')));
  });

  it('is finished by the other terminal when one is killed', async () => {
    const folder = await photoFolder();
    const options = { state: join(folder, 'state'), cwd: folder };
    const args = ['denoise', 'in', '--out', 'out', '--model', 'fast', '--json'];
    const victim = startCli(args, options);
    const end = finished(victim);
    const survivor = runCli(args, options);
    await expect
      .poll(() => readdirSync(folder).includes('out') && stamps(join(folder, 'out')).size, { timeout: 20_000 })
      .toBeGreaterThan(3);
    victim.kill('SIGKILL');
    await end;
    const { code, stdout } = await survivor;
    expect(code).toBe(0);
    expect(jsonLines(stdout).photos).toHaveLength(PHOTOS);
    expect(readdirSync(join(folder, 'out'))).toHaveLength(PHOTOS);
  });
});
