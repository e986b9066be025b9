import { beforeAll, describe, expect, it } from 'vitest';
import { groupProblems, problemsAsText } from '../../../../../renderer/features/problems/group.js';
import { en } from '../../../../../renderer/i18n/en/index.js';
import { startTexts } from '../../../../../renderer/i18n/index.js';

const problem = (name: string, code: string) => ({ name, error: { code, message: `about ${name}` } });

describe('files that could not be read', () => {
  beforeAll(() => startTexts('en'));

  const groups = () =>
    groupProblems([problem('a', 'input/empty'), problem('b', 'input/damaged'), problem('c', 'input/damaged')]);

  it('are grouped by what is wrong, the largest group first', () => {
    expect(groups().map(({ code, problems }) => [code, problems.map(({ name }) => name)])).toEqual([
      ['input/damaged', ['b', 'c']],
      ['input/empty', ['a']],
    ]);
    expect(groups()[0]!.reason).toBe(en.errors['input/damaged']);
  });

  it('are all in the text, each with its reason', () => {
    expect(problemsAsText(groups())).toBe(
      `${en.errors['input/damaged']}\n  b: about b\n  c: about c\n\n${en.errors['input/empty']}\n  a: about a`,
    );
  });
});
