import { AppError } from '../core/errors.js';
import { safeName } from './safe-name.js';

/** What a result may be named after; the text is for the list of tokens in help and errors. */
export const NAME_TOKENS = {
  name: "the photo's name without its extension",
  ext: "the photo's extension, in lower case",
  parent: 'the folder that the photo is in',
  index: "the photo's number in the run, from 1; {index:4} pads it to 0001",
  model: 'the model',
  strength: 'the strength',
} as const;
export type NameToken = keyof typeof NAME_TOKENS;

export type NameValues = Readonly<Record<NameToken, string>>;

type Part = string | { readonly token: NameToken; readonly width: number };

/** A parsed naming template: one list of parts per path segment, the last of them naming the file. */
export interface NameTemplate {
  readonly segments: readonly (readonly Part[])[];
}

const MAX_WIDTH = 12;

/**
 * Parses a template such as `{parent}/{name}-{index:4}`. A slash makes a folder below the one that the photo's own
 * result would be in; `{{` and `}}` are literal braces.
 * @param subject what the person calls it, for messages
 * @throws AppError usage/invalid, naming what is wrong and the tokens there are.
 */
export function parseTemplate(template: string, subject = '--name'): NameTemplate {
  const refuse = (why: string): never => {
    throw new AppError('usage/invalid', `${subject} ${why}`);
  };
  if (template.trim() === '') refuse('must not be empty');
  if (/^[/\\]|^[a-z]:/i.test(template)) refuse(`must be a name, not a place: '${template}' starts at a root`);
  const segments = template.split(/[/\\]/).map((segment) => {
    if (segment === '') refuse(`has an empty folder name: '${template}'`);
    if (/^\.+$/.test(segment)) refuse(`must stay inside the output folder: '${template}' has the folder '${segment}'`);
    return parseSegment(segment, refuse);
  });
  return { segments };
}

function parseSegment(segment: string, refuse: (why: string) => never): Part[] {
  const parts: Part[] = [];
  for (const match of segment.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g)) {
    const [text, token] = match;
    if (token !== undefined) parts.push(parseToken(token, refuse));
    else if (text === '{{' || text === '}}') parts.push(text.charAt(0));
    else if (text === '{' || text === '}') refuse(`has a lone '${text}' (write '${text}${text}' for the character)`);
    else parts.push(text);
  }
  return parts;
}

function parseToken(text: string, refuse: (why: string) => never): Part {
  const [token, width] = text.split(':', 2) as [string, string | undefined];
  const known = Object.keys(NAME_TOKENS).map((name) => `{${name}}`);
  if (!Object.hasOwn(NAME_TOKENS, token)) refuse(`has the unknown token {${text}}; there are ${known.join(', ')}`);
  if (width === undefined) return { token: token as NameToken, width: 0 };
  const digits = Number(width);
  if (token !== 'index' || !/^\d+$/.test(width) || digits < 1 || digits > MAX_WIDTH) {
    refuse(`has {${text}}: only {index:N} takes a number of digits, from 1 to ${MAX_WIDTH}`);
  }
  return { token: 'index', width: digits };
}

/** Names one result: relative segments, each safe on this platform, the last with `extension` (dot included). */
export function renderName(
  template: NameTemplate,
  values: NameValues,
  extension: string,
  platform: NodeJS.Platform = process.platform,
): string[] {
  const last = template.segments.length - 1;
  return template.segments.map((parts, index) => {
    const text = parts
      .map((part) => (typeof part === 'string' ? part : values[part.token].padStart(part.width, '0')))
      .join('');
    return safeName(text, index === last ? extension : '', platform);
  });
}
