import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format } from 'oxfmt';
import { table } from '../support/table.js';
import type { PeerFigure } from './peers-measure.js';
import type { PhotoChoice } from './peers-photos.js';
import { plotPeers } from './peers-plot.js';
import type { Setting } from './peers-programs.js';

/** The figures as a table for the terminal, and as the generated part of docs/benchmarks.md with its plot. */

/** Everything that a run found out. */
export interface PeersReport {
  /** Processor and number of cores. */
  readonly machine: string;
  /** By the name of the program. */
  readonly versions: Readonly<Record<string, string>>;
  readonly choice: Pick<PhotoChoice, 'judged' | 'tuning' | 'crop'>;
  readonly figures: readonly PeerFigure[];
  /** Programs that are not there, and what went wrong. */
  readonly notes: readonly string[];
}

/** The generated part of a page lies between these. */
const [BEGIN, END] = ['<!-- peers: begin -->', '<!-- peers: end -->'];
/** Where the plot lies, from the page that shows it. */
const PLOT = 'images/peers.svg';

/** A noise level in words. */
export const levelName = (sigma: number | null): string => (sigma === null ? 'real noise' : `sigma ${sigma}`);

/** A setting in words. */
export const settingName = (setting: Setting): string =>
  Object.entries(setting)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** The figures of each noise level of each set, best first. */
export function byLevel(figures: readonly PeerFigure[]): PeerFigure[][] {
  const levels = [...new Set(figures.map(keyOf))];
  const groups = levels.map((level) => figures.filter((figure) => keyOf(figure) === level));
  return groups.map((group) => group.toSorted((a, b) => b.psnrOut - a.psnrOut));
}

const keyOf = ({ set, sigma }: PeerFigure): string => `${set} ${String(sigma)}`;

/** A table for the terminal, and a sentence about each level. */
export function printPeers({ machine, figures, notes }: PeersReport): string {
  const heading = ['set', 'noise', 'program', 'PSNR in', 'PSNR out', 'MP/s per core', 'start s', 'setting'];
  const rows = byLevel(figures).flatMap((group) => group.map(cells));
  const verdicts = byLevel(figures).map(verdict);
  return [machine, '', table([heading, ...rows]), '', ...verdicts, ...notes].join('\n');
}

function cells({ set, sigma, peer, psnrIn, psnrOut, rate, startSeconds, setting }: PeerFigure): string[] {
  const numbers = [psnrIn.toFixed(2), psnrOut.toFixed(2), rateText(rate), startSeconds.toFixed(2)];
  return [set, levelName(sigma), peer, ...numbers, settingName(setting)];
}

/** Two digits that count. */
const rateText = (rate: number): string => (rate >= 10 ? rate.toFixed(0) : rate.toPrecision(2));

/** Who came nearest at a level, by how much, and who was faster than the fastest of ours. */
export function verdict(group: readonly PeerFigure[]): string {
  const isOurs = ({ peer }: PeerFigure): boolean => peer.startsWith('Stillgrain');
  const [first] = group;
  if (!first) return '';
  const rival = group.find((figure) => isOurs(figure) !== isOurs(first));
  const lead = rival ? `, ${(first.psnrOut - rival.psnrOut).toFixed(2)} dB before ${rival.peer}` : '';
  const ownRates = group.filter(isOurs).map(({ rate }) => rate);
  const faster = group.filter((figure) => !isOurs(figure) && figure.rate > Math.max(...ownRates));
  const names = faster.map(({ peer, rate }) => `${peer} (${rateText(rate)})`);
  const speed =
    names.length > 0 ? `faster than ours per core: ${names.join(', ')}` : 'none is faster than ours per core';
  return `${first.set}, ${levelName(first.sigma)}: first is ${first.peer} with ${first.psnrOut.toFixed(2)} dB${lead}${ownRates.length > 0 ? `; ${speed}` : ''}.`;
}

/** Puts the figures between the markers of a page, and the plot beside it; throws where there are no markers. */
export async function writeReport(page: string, report: PeersReport): Promise<void> {
  const text = await readFile(page, 'utf8');
  const plot = path.join(path.dirname(page), PLOT);
  await mkdir(path.dirname(plot), { recursive: true });
  await writeFile(plot, plotPeers(byLevel(report.figures)));
  const written = withGenerated(text, markdown(report));
  // As `npm run format` would leave it.
  await writeFile(page, (await format(page, written)).code);
}

/** A page with its generated part replaced. */
export function withGenerated(page: string, generated: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the page has no part between ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${generated.trim()}\n\n${page.slice(end)}`;
}

/** The generated part of the page. */
export function markdown({ machine, versions, choice, figures, notes }: PeersReport): string {
  const { judged, tuning, crop } = choice;
  const size = Number.isFinite(crop) ? `the middle ${crop} x ${crop} pixels of each` : 'whole';
  const tables = byLevel(figures).map((group) => {
    const { set, sigma, psnrIn } = group[0]!;
    const rows = group.map((figure) => {
      const name = figure.peer.startsWith('Stillgrain') ? `**${figure.peer}**` : figure.peer;
      return [name, figure.psnrOut.toFixed(2), rateText(figure.rate), settingName(figure.setting)];
    });
    const lines = [['program', 'PSNR, dB', 'MP/s per core', 'setting'], ['---', '---:', '---:', '---'], ...rows];
    const heading = `### ${set}, ${levelName(sigma)} (${psnrIn.toFixed(2)} dB before)`;
    return [heading, '', ...lines.map((row) => `| ${row.join(' | ')} |`), '', verdict(group)].join('\n');
  });
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `![PSNR over speed for each program and noise level](${PLOT})`,
    `${machine}. ${judged} photos of each set judged, ${tuning} others tuned on, ${size}.`,
    ...tables,
    `Versions: ${programs.join(', ')}.`,
    ...notes.map((note) => `Left out: ${note}.`),
  ].join('\n\n');
}
