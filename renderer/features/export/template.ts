/** The naming template as it is edited: which tokens can be inserted, and where they go. */

/** What the buttons insert; main/app/naming.ts defines what they mean. */
export const TEMPLATE_TOKENS = [
  { token: '{name}', text: 'tokenName' },
  { token: '{index:4}', text: 'tokenIndex' },
  { token: '{parent}', text: 'tokenParent' },
  { token: '{model}', text: 'tokenModel' },
  { token: '{strength}', text: 'tokenStrength' },
  { token: '{ext}', text: 'tokenExt' },
] as const;

export interface Insertion {
  readonly text: string;
  /** Where the caret goes. */
  readonly caret: number;
}

/**
 * Puts a token in place of what is selected. A token that follows another gets a hyphen between: `{name}{index:4}` would
 * run together in every name. A selection that cuts into a token takes all of it.
 */
export function insertToken(text: string, start: number, end: number, token: string): Insertion {
  const [from, to] = wholeTokens(text, Math.min(start, end), Math.max(start, end));
  const before = text.slice(0, from);
  const after = text.slice(to);
  const inserted = `${before.endsWith('}') ? '-' : ''}${token}${after.startsWith('{') ? '-' : ''}`;
  const caret = before.length + inserted.length - (after.startsWith('{') ? 1 : 0);
  return { text: before + inserted + after, caret };
}

/** A range widened so that no token is cut in two; a caret inside one moves behind it. */
function wholeTokens(text: string, start: number, end: number): readonly [number, number] {
  let [from, to] = [start, end];
  for (const match of text.matchAll(/\{[^{}]*\}/g)) {
    const [first, last] = [match.index, match.index + match[0].length];
    if (start === end) {
      if (start > first && start < last) [from, to] = [last, last];
    } else if (start < last && end > first) {
      [from, to] = [Math.min(from, first), Math.max(to, last)];
    }
  }
  return [from, to];
}
