import type { CardCamera, ModelCard } from '../../preload/models/card.js';
import type { PromotionEntry } from '../app/model-promotions.js';
import type { ModelVersion } from '../app/model-library.js';
import type { VaeVersion } from '../app/vae-library.js';
import { table } from './table.js';
import { bytes, count, duration, printable } from './text.js';

/** The person's own models, in words. */

/** Characters of a curve. */
const SPARKLINE_WIDTH = 40;
const BARS = '▁▂▃▄▅▆▇█';

/** One line for each version. */
export function libraryTable(versions: readonly ModelVersion[]): string[] {
  return table(versions, [
    { title: 'your model', value: ({ card }) => printable(card.name) },
    { title: 'version', value: ({ id }) => id },
    { title: 'from', value: ({ card }) => printable(card.base) },
    { title: 'created', value: ({ card }) => card.created.slice(0, 10) },
    { title: 'cameras', value: ({ card }) => card.data.cameras.map(cameraText).join('; ') || '-' },
    { title: 'gain', value: ({ card }) => gainText(card), align: 'right' },
    { title: 'promoted', value: ({ promoted }) => (promoted ? 'yes' : 'no') },
  ]);
}

/** One line for each VAE of one's own. */
export function vaeTable(versions: readonly VaeVersion[]): string[] {
  const score = (value: number | undefined, digits: number): string => value?.toFixed(digits) ?? '-';
  return table(versions, [
    { title: 'your VAE', value: ({ card }) => printable(card.name) },
    { title: 'version', value: ({ id }) => id },
    { title: 'from', value: ({ card: { parent } }) => (parent === null ? '-' : printable(parent.name)) },
    { title: 'created', value: ({ card }) => card.created.slice(0, 10) },
    { title: 'pictures', value: ({ card: { side } }) => `${side} x ${side} px`, align: 'right' },
    { title: 'code', value: ({ card }) => count(card.latents, 'number'), align: 'right' },
    { title: 'photos', value: ({ card }) => String(card.photos), align: 'right' },
    { title: 'PSNR', value: ({ card }) => score(card.scores.after['psnr'], 2), align: 'right' },
    { title: 'KL', value: ({ card }) => score(card.scores.after['kl'], 0), align: 'right' },
  ]);
}

/** Everything that the card says, for people. */
export function cardLines({ card, promoted, file }: ModelVersion, history: readonly PromotionEntry[]): string[] {
  const { parent, recipe, data, steps, seconds } = card;
  const facts: [string, string][] = [
    ['version', `${card.id}${promoted ? ', promoted' : ''}`],
    ['created', card.created],
    ['descends from', card.base],
    ['trained from', parent === null ? 'nothing that is known' : `${parent.name} (${parent.sha256.slice(0, 12)})`],
    ['recipe', recipe.kind],
    ['photos', String(data.photos)],
    ...data.cameras.map((camera): [string, string] => ['camera', `${cameraText(camera)}, ${photos(camera.photos)}`]),
    ['training', `${count(steps, 'step')} in ${duration(seconds * 1000)}`],
    ...curveFacts(card),
    ...gateFacts(card),
    ...card.notes.map((note): [string, string] => ['note', note]),
    ['file', `${file} (${bytes(card.bytes)})`],
    ...history.map(({ at, what, version }): [string, string] => [
      what === 'promoted' ? 'promoted' : 'rolled back',
      `${at}${what === 'promoted' ? '' : ' to'} ${version ?? 'the shipped model'}`,
    ]),
  ];
  const width = Math.max(...facts.map(([title]) => title.length));
  const lines = facts.map(([title, text]) => `${title.padEnd(width)}  ${printable(text)}`);
  const scores = scoreTable(card);
  return [printable(card.name), ...lines, ...(scores.length > 0 ? ['', ...scores] : [])];
}

/** A curve as a row of bars, its lowest value the lowest bar. */
export function sparkline(values: readonly number[], width = SPARKLINE_WIDTH): string {
  if (values.length === 0) return '';
  const cells = Math.min(width, values.length);
  const means = Array.from({ length: cells }, (_, cell) => {
    const from = Math.floor((cell * values.length) / cells);
    const part = values.slice(from, Math.floor(((cell + 1) * values.length) / cells));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const levelOf = (value: number): number =>
    high > low ? Math.round(((value - low) / (high - low)) * (BARS.length - 1)) : 0;
  return means.map((value) => BARS[levelOf(value)]).join('');
}

const photos = (number: number): string => count(number, 'photo');

/** "Canon EOS R5, ISO 400-3200": makers like to put their name into the model's as well. */
export function cameraText({ make, model, isoFrom, isoTo }: CardCamera): string {
  const name = model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`;
  if (isoFrom === null || isoTo === null) return printable(name);
  return printable(`${name}, ISO ${isoFrom === isoTo ? isoFrom : `${isoFrom}-${isoTo}`}`);
}

/** By how much the first score of both is better than the parent's: "+0.42 PSNR". */
function gainText({ scores }: ModelCard): string {
  const name = Object.keys(scores.child).find((key) => Object.hasOwn(scores.parent, key));
  return name === undefined ? '-' : `${signed(scores.child[name]! - scores.parent[name]!)} ${printable(name)}`;
}

function curveFacts({ curves }: ModelCard): [string, string][] {
  const losses = curves.loss.map(({ loss }) => loss);
  if (losses.length === 0) return [];
  return [['loss', `${sparkline(losses)}  ${losses[0]!.toPrecision(3)} to ${losses.at(-1)!.toPrecision(3)}`]];
}

function gateFacts({ gate }: ModelCard): [string, string][] {
  if (gate === null) return [['gate', 'never asked']];
  return [
    ['gate', gate.passed ? 'passed' : 'not passed'],
    ...gate.reasons.map((reason): [string, string] => ['because', reason]),
  ];
}

/** What was measured on held-out data, the gate's measures first. */
function scoreTable({ scores, gate }: ModelCard): string[] {
  const measures = gate?.measures ?? [];
  const measured = new Set(measures.map(({ name }) => name));
  const others = Object.keys({ ...scores.parent, ...scores.child }).filter((name) => !measured.has(name));
  const rows = [
    ...measures,
    ...others.map((name) => ({ name, parent: scores.parent[name], child: scores.child[name], better: null })),
  ];
  if (rows.length === 0) return [];
  const number = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(3));
  return table(rows, [
    { title: 'held-out data', value: ({ name }) => printable(name) },
    { title: 'parent', value: ({ parent }) => number(parent), align: 'right' },
    { title: 'this', value: ({ child }) => number(child), align: 'right' },
    { title: 'better', value: ({ better }) => (better === null ? '' : better ? 'yes' : 'no') },
  ]);
}

const signed = (value: number): string => (value < 0 ? '' : '+') + value.toFixed(2);
