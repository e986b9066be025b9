import { AppError } from '../app/errors.js';
import { ModelLibrary, type ModelVersion } from '../app/model-library.js';
import type { Host } from './host.js';
import { cardLines } from './library-text.js';
import { printable, shownPath } from './text.js';

/** `stillgrain models show|promote|rollback|export|import`: the person's own models. Each returns the exit code. */

interface Options {
  readonly json: boolean;
}

/** Prints the card of a version. */
export async function showModel(nameOrId: string, { json }: Options, { state, terminal }: Host): Promise<number> {
  const library = new ModelLibrary(state);
  const version = await library.get(nameOrId);
  const history = await library.history(version.card.name);
  if (json) terminal.out(JSON.stringify({ ...flat(version), history }));
  else for (const line of cardLines(version, history)) terminal.out(line);
  return 0;
}

/** Lets a name stand for a version, whatever the gate said of it: that is the person's to decide. */
export async function promoteModel(nameOrId: string, { json }: Options, { state, terminal }: Host): Promise<number> {
  const version = await new ModelLibrary(state).promote(nameOrId);
  const { gate } = version.card;
  if (json) terminal.out(JSON.stringify(flat(version)));
  else {
    terminal.out(`${title(version)} is what --model ${quoted(version.card.name)} means from now on.`);
    if (gate?.passed === false) terminal.err(`It did not pass the gate: ${printable(gate.reasons.join('; '))}.`);
  }
  return 0;
}

/** Takes back the last promotion. */
export async function rollBackModel(name: string, { json }: Options, { state, terminal }: Host): Promise<number> {
  const version = await new ModelLibrary(state).rollback(name);
  if (json) terminal.out(JSON.stringify({ name, promoted: version === null ? null : flat(version) }));
  else if (version === null) terminal.out(`No version of '${printable(name)}' is promoted any more.`);
  else terminal.out(`${title(version)} is promoted again.`);
  return 0;
}

/** Writes a version into one file. */
export async function exportModel(
  nameOrId: string,
  file: string,
  { json }: Options,
  { state, terminal }: Host,
): Promise<number> {
  const version = await new ModelLibrary(state).exportTo(nameOrId, file);
  terminal.out(json ? JSON.stringify({ ...flat(version), exported: file }) : `${title(version)} -> ${shownPath(file)}`);
  return 0;
}

/** Takes a model in from a file. */
export async function importModel(
  file: string,
  { json, name }: Options & { readonly name?: string },
  { state, terminal }: Host,
): Promise<number> {
  if (name === '') throw new AppError('usage/invalid', '--name must not be empty');
  const { version, isNew } = await new ModelLibrary(state).importFrom(file, name);
  if (json) terminal.out(JSON.stringify({ ...flat(version), isNew }));
  else if (!isNew)
    terminal.out(`${title(version)} is there already, with the very same contents: nothing was changed.`);
  else {
    terminal.out(`${title(version)} was imported.`);
    terminal.out(`stillgrain models promote ${version.id} lets --model ${quoted(version.card.name)} mean it.`);
  }
  return 0;
}

const flat = ({ card, ...version }: ModelVersion): object => ({ ...card, ...version });

const title = ({ id, card }: ModelVersion): string => `Version ${id} of '${printable(card.name)}'`;

const quoted = (name: string): string => (/^[\w.-]+$/.test(name) ? name : `'${printable(name)}'`);
