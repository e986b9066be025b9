import { describe, expect, it } from 'vitest';
import { cutToBytes, safeName } from '../../../main/app/safe-name.js';

describe('safeName', () => {
  it('leaves what the platform can hold as it is', () => {
    expect(safeName('a: "b"\n한국 📷', '.jpg', 'linux')).toBe('a: "b"\n한국 📷.jpg');
    expect(safeName('con', '.jpg', 'linux')).toBe('con.jpg');
  });

  it.each([
    ['a: "b"?', '.jpg', 'a_ _b__.jpg'],
    ['con', '.jpg', '_con.jpg'],
    ['LPT1.backup', '.png', '_LPT1.backup.png'],
    ['console', '.png', 'console.png'],
    ['ends with dots..', '', 'ends with dots_'],
    ['a\nb', '.tif', 'a_b.tif'],
  ])('makes %j safe for Windows', (stem, extension, expected) => {
    expect(safeName(stem, extension, 'win32')).toBe(expected);
  });

  it('cuts long names at whole characters and keeps the extension', () => {
    const name = safeName('한'.repeat(100), '.jpeg', 'linux');
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name).toBe(`${'한'.repeat(83)}.jpeg`);
    expect(cutToBytes('📷📷', 7)).toBe('📷');
  });
});
