import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTempName, tempName } from '../../../main/core/temp-name.js';

describe('temporary names', () => {
  it('tell whose they are, stay within 255 bytes and on one line, whatever the target is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(), fc.nat(), (name, pid, n) => {
        const temp = tempName(name, pid, n);
        expect(parseTempName(temp)).toEqual({ pid, n });
        expect(new TextEncoder().encode(`${temp}_exiftool_tmp`).length).toBeLessThanOrEqual(255);
        expect(temp).toMatch(/^\.[^\r\n]*$/);
      }),
    );
  });

  it('are recognised while ExifTool rewrites them', () => {
    expect(parseTempName('.a.jpg.stillgrain-12-3.tmp_exiftool_tmp')).toEqual({ pid: 12, n: 3 });
  });

  it.each(['a.jpg', '.hidden', 'a.stillgrain-1-1.tmp', '.a.stillgrain-1-1.tmp.jpg', '.a.stillgrain-x-1.tmp'])(
    'leave %s alone',
    (name) => {
      expect(parseTempName(name)).toBeNull();
    },
  );
});
