import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../../../main/app/naming.js';
import { insertToken, TEMPLATE_TOKENS } from '../../../../../renderer/features/export/template.js';

describe('inserting a token into a naming template', () => {
  it('goes where the caret is, and the caret goes behind it', () => {
    expect(insertToken('a-b', 2, 2, '{name}')).toEqual({ text: 'a-{name}b', caret: 8 });
    expect(insertToken('', 0, 0, '{name}')).toEqual({ text: '{name}', caret: 6 });
  });

  it('replaces what is selected, whole tokens only', () => {
    expect(insertToken('old-{name}', 0, 3, '{parent}')).toEqual({ text: '{parent}-{name}', caret: 8 });
    expect(insertToken('x{name}y', 3, 4, '{model}')).toEqual({ text: 'x{model}y', caret: 8 });
  });

  it('keeps tokens apart', () => {
    expect(insertToken('{name}', 6, 6, '{index:4}').text).toBe('{name}-{index:4}');
    expect(insertToken('{name}', 0, 0, '{index:4}')).toEqual({ text: '{index:4}-{name}', caret: 9 });
  });

  it('never cuts a token in two', () => {
    expect(insertToken('{name}', 3, 3, '{model}').text).toBe('{name}-{model}');
  });

  it('always gives a template that the host can read', () => {
    const place = fc.nat({ max: 100 });
    const inserts = fc.array(fc.tuple(fc.constantFrom(...TEMPLATE_TOKENS), place, place), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(inserts, (list) => {
        let text = '{name}-clean';
        for (const [{ token }, a, b] of list) {
          const next = insertToken(text, a % (text.length + 1), b % (text.length + 1), token);
          text = next.text;
          expect(next.caret).toBeGreaterThan(0);
          expect(text.slice(0, next.caret).endsWith(token)).toBe(true);
        }
        expect(() => parseTemplate(text)).not.toThrow();
      }),
    );
  });
});
