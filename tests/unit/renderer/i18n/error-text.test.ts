import { beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../../main/core/errors.js';
import { CallError } from '../../../../preload/contract.js';
import { en } from '../../../../renderer/i18n/en/index.js';
import { describeError, describeNotice, errorCode, errorText } from '../../../../renderer/i18n/error-text.js';
import { setLanguage, startTexts } from '../../../../renderer/i18n/index.js';
import { ko } from '../../../../renderer/i18n/ko/index.js';

/** All texts of a table, by their path. */
function flatten(table: object, path = ''): [string, string][] {
  return Object.entries(table).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null
      ? flatten(value, `${path}${key}.`)
      : [[`${path}${key}`, String(value)] as [string, string]],
  );
}

const marks = (text: string): string[] => [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1]!).sort();

describe('the words for errors', () => {
  beforeAll(() => startTexts('en'));

  it.each(ERROR_CODES)('say in both languages what %s means', (code) => {
    expect(en.errors).toHaveProperty([code]);
    expect(ko.errors).toHaveProperty([code]);
  });

  it('are those of the language in use', async () => {
    const error = new CallError('output/disk-full', 'no space left on device');
    expect(errorText(error)).toBe(en.errors['output/disk-full']);
    await setLanguage('ko');
    expect(errorText(error)).toBe(ko.errors['output/disk-full']);
    await setLanguage('en');
  });

  it("give the host's own words beside them", () => {
    expect(describeError({ code: 'input/damaged', message: 'JPEG ends early' })).toEqual({
      text: en.errors['input/damaged'],
      detail: 'JPEG ends early',
    });
  });

  it('say what is known of a code that is not', () => {
    expect(describeError({ code: 'new/thing', message: 'it broke' })).toEqual({
      text: 'Something went wrong: it broke',
      detail: null,
    });
  });

  it('speak of the program, not of a photo, in a remark of the host', () => {
    const notice = { level: 'warning', code: 'input/damaged', message: '3 photos of the list' };
    expect(describeNotice(notice).text).toBe(en.errors['notice/input/damaged']);
    expect(describeNotice({ ...notice, level: 'error' }).text).toBe(en.errors['input/damaged']);
    expect(describeNotice({ ...notice, code: 'queue/journal' }).text).toBe(en.errors['queue/journal']);
  });

  it('take anything that is thrown', () => {
    expect(errorCode(new Error('x'))).toBe('engine/internal');
    expect(errorCode('x')).toBe('engine/internal');
    expect(errorText(undefined)).toBe(en.errors['engine/internal']);
  });
});

describe('the Korean texts', () => {
  const korean = new Map(flatten(ko));

  it('have the same gaps to fill', () => {
    const different = flatten(en).filter(([path, text]) => marks(korean.get(path) ?? '').join() !== marks(text).join());
    expect(different).toEqual([]);
  });
});
