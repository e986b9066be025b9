import { spawnSync } from 'node:child_process';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempName } from '../../../main/core/temp-name.js';
import { sweepTemps } from '../../../main/app/temp-sweep.js';
import { tempFolder } from '../../support/temp-folder.js';

describe('sweepTemps', () => {
  it('removes what dead processes of ours left, and nothing else', async () => {
    const folder = tempFolder();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const interrupted = tempName('a.jpg', pid, 1);
    const abandoned = tempName('old.jpg', pid, 2);
    const probe = tempName('probe', pid, 0);
    const keep = [
      'a.jpg',
      '.hidden.tmp',
      tempName('a.jpg', process.pid, 1),
      // No process of this machine was writing it: it may be another machine's.
      tempName('b.jpg', pid, 3),
    ];
    for (const name of [interrupted, `${interrupted}_exiftool_tmp`, abandoned, probe, ...keep])
      writeFileSync(join(folder, name), '');
    const longAgo = Date.now() / 1000 - 86_400;
    utimesSync(join(folder, abandoned), longAgo, longAgo);

    expect(await sweepTemps([folder, folder, join(folder, 'missing')], ['/elsewhere/a.jpg'])).toBe(4);
    expect(new Set(readdirSync(folder))).toEqual(new Set(keep));
  });
});
