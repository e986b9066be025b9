import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installMatches, nodeBeside, nodeTooOld } from '../../../scripts/bootstrap.mjs';
import { tempFolder } from '../../support/temp-folder.js';

describe('nodeTooOld', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.3'])('accepts %s', (version) => {
    expect(nodeTooOld(version)).toBeUndefined();
  });

  it.each(['18.20.4', '20.18.1', '16.0.0'])('refuses %s and says what is needed', (version) => {
    expect(nodeTooOld(version)).toBe(
      `Stillgrain needs Node 20.19 or later; this is Node ${version}. Get it from https://nodejs.org`,
    );
  });
});

describe('installMatches', () => {
  const zod = { version: '4.6.7', integrity: 'sha512-a' };
  const forMac = { version: '1.0.0', integrity: 'sha512-b', optional: true };
  const lock = { packages: { '': {}, 'node_modules/zod': zod, 'node_modules/for-mac': forMac } };

  it('is content without the optional packages of other systems', () => {
    expect(installMatches(lock, { packages: { 'node_modules/zod': zod } })).toBe(true);
    expect(installMatches(lock, { packages: { 'node_modules/zod': zod, 'node_modules/for-mac': forMac } })).toBe(true);
  });

  it.each([
    ['a package is missing', {}],
    ['a version differs', { 'node_modules/zod': { ...zod, version: '4.6.6' } }],
    ['the contents differ', { 'node_modules/zod': { ...zod, integrity: 'sha512-c' } }],
    ['there is one too many', { 'node_modules/zod': zod, 'node_modules/left-pad': zod }],
  ])('is not when %s', (_what, packages) => {
    expect(installMatches(lock, { packages })).toBe(false);
  });
});

describe('nodeBeside', () => {
  it.each([0, 3])('keeps what a program prints, and knows whether it ended well: %d', async (code) => {
    const script = join(tempFolder(), 'script.mjs');
    writeFileSync(
      script,
      "console.log('out', process.argv[2]); console.error('err'); process.exitCode = +process.argv[2];",
    );
    const { passed, output } = await nodeBeside(script, [String(code)]);
    expect(passed).toBe(code === 0);
    expect(output.split('\n').sort()).toEqual(['', 'err', `out ${code}`]);
  });
});
