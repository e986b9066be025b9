import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { Claims } from '../../../main/app/claims.js';
import { isRunning, newOwner, ownerToken, parseOwner, type Owner } from '../../../main/app/owner.js';
import { tempFolder } from '../../support/temp-folder.js';

/** A process number that was in use a moment ago. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe('an owner', () => {
  it('survives the way through a file name', () => {
    const owner = newOwner();
    expect(parseOwner(ownerToken(owner))).toEqual(owner);
    expect(parseOwner('something else')).toBeNull();
  });

  it('runs as long as its process does, and is not its successor of the same number', () => {
    const me = newOwner();
    expect(isRunning(me)).toBe(true);
    expect(isRunning({ ...me, pid: deadPid() })).toBe(false);
    if (process.platform === 'linux') expect(isRunning({ ...me, birth: '1-00000000' })).toBe(false);
    expect(isRunning({ ...me, birth: 't1000' })).toBe(false);
    expect(isRunning({ ...me, birth: `t${Math.floor(Date.now() / 1000)}` })).toBe(true);
  });

  it('counts as running on another machine, which nobody here can check', () => {
    expect(isRunning({ ...newOwner(), host: 'elsewhere', pid: deadPid() })).toBe(true);
  });
});

describe('claims', () => {
  it('let one owner at an output, and the next when it is released', async () => {
    const folder = tempFolder();
    const [a, b] = [new Claims(folder, newOwner()), new Claims(folder, newOwner())];
    const first = await a.tryClaim('/out/x.jpg');
    expect(first).not.toBeNull();
    expect(await b.tryClaim('/out/x.jpg')).toBeNull();
    expect(await b.tryClaim('/out/y.jpg')).not.toBeNull();
    await first!.release();
    expect(await b.tryClaim('/out/x.jpg')).not.toBeNull();
  });

  it('never let two hold the same output, however often they try at once', async () => {
    const folder = tempFolder();
    const rivals = Array.from({ length: 6 }, () => new Claims(folder, newOwner()));
    let holders = 0;
    let most = 0;
    let won = 0;
    await Promise.all(
      rivals.map(async (claims) => {
        for (let round = 0; round < 40; round++) {
          const claim = await claims.tryClaim('/out/x.jpg');
          if (claim === null) {
            // As the queue does: who gave way comes back after a time of its own.
            await setTimeout(Math.random() * 5);
            continue;
          }
          most = Math.max(most, ++holders);
          won++;
          await setTimeout(1);
          holders--;
          await claim.release();
        }
      }),
    );
    expect(most).toBe(1);
    expect(won).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('break what a dead process left, and what another machine left long ago', async () => {
    const folder = tempFolder();
    mkdirSync(folder, { recursive: true });
    const leaveBehind = async (owner: Owner): Promise<string> => {
      const before = new Set(readdirSync(folder));
      await new Claims(folder, owner).tryClaim('/out/x.jpg');
      return join(
        folder,
        readdirSync(folder).find((name) => !before.has(name))!,
      );
    };
    await leaveBehind({ ...newOwner(), pid: deadPid() });
    const foreign = await leaveBehind({ ...newOwner(), host: 'elsewhere' });
    const mine = new Claims(folder, newOwner());
    expect(await mine.tryClaim('/out/x.jpg')).toBeNull();
    const longAgo = Date.now() / 1000 - 2 * 86_400;
    utimesSync(foreign, longAgo, longAgo);
    expect(await mine.tryClaim('/out/x.jpg')).not.toBeNull();
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('are not disturbed by files of other kinds', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'README'), '');
    expect(await new Claims(folder, newOwner()).tryClaim('/out/x.jpg')).not.toBeNull();
  });
});
