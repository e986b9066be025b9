import type { PeerFigure } from './peers-measure.js';

/** PSNR over speed as an SVG: a panel for each noise level, a mark for each program. */

const PANEL = { width: 400, height: 280, left: 46, right: 12, top: 30, bottom: 40 };
const COLUMNS = 2;
const LEGEND_ROW = 20;
const LEGEND_COLUMNS = 3;
const FONT = 'font-family="system-ui, sans-serif"';

/** Looks the same on a light and on a dark page: it brings its own paper. */
const COLOUR = { paper: '#ffffff', ink: '#1f2328', faint: '#d0d7de', quiet: '#57606a' };
/** Ours are larger, of one colour, and differ by their shapes; each of the others has a pair of shape and colour. */
const OURS = { colour: '#0b6e4f', size: 1.5 };
const PALETTE = ['#b3261e', '#1f4e9c', '#e0752d', '#7b3fa0', '#4f8fe0', '#a56a00', '#5b6470'];
const LEGEND_TEXT = 12;

/** A panel's axes: speed is drawn by its logarithm. */
interface Scale {
  readonly x: (rate: number) => number;
  readonly y: (psnr: number) => number;
  readonly decades: readonly number[];
  readonly levels: readonly number[];
}

/** Draws groups of figures, each of one noise level. */
export function plotPeers(groups: readonly (readonly PeerFigure[])[]): string {
  const names = [...new Set(groups.flatMap((group) => group.map(({ peer }) => peer)))].toSorted(oursFirst);
  const rows = Math.ceil(groups.length / COLUMNS);
  const legendRows = Math.ceil(names.length / LEGEND_COLUMNS);
  const width = PANEL.width * COLUMNS;
  const height = PANEL.height * rows + LEGEND_ROW * (legendRows + 1);
  const decades = decadesOf(groups.flat().map(({ rate }) => rate));
  const panels = groups.map((group, i) => {
    const at = `translate(${(i % COLUMNS) * PANEL.width} ${Math.floor(i / COLUMNS) * PANEL.height})`;
    return `<g transform="${at}">${panel(group, names, decades)}</g>`;
  });
  const legend = names.map((name, i) => {
    const x = 24 + Math.floor(i / legendRows) * ((width - 24) / LEGEND_COLUMNS);
    const y = PANEL.height * rows + LEGEND_ROW * ((i % legendRows) + 0.8);
    return `${mark(x, y, name, i)}<text x="${x + 14}" y="${y + 4}" font-size="${LEGEND_TEXT}" fill="${COLOUR.ink}">${escapeXml(name)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${FONT} role="img">`,
    '<title>PSNR over megapixels per second per core, for each program and noise level</title>',
    `<rect width="${width}" height="${height}" rx="6" fill="${COLOUR.paper}"/>`,
    ...panels,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

const isOurs = (name: string): boolean => name.startsWith('Stillgrain');

const oursFirst = (a: string, b: string): number => Number(isOurs(b)) - Number(isOurs(a)) || a.localeCompare(b, 'en');

function panel(group: readonly PeerFigure[], names: readonly string[], decades: readonly number[]): string {
  const scale = scaleOf(group, decades);
  const { set, sigma } = group[0]!;
  const [bottom, right] = [PANEL.height - PANEL.bottom, PANEL.width - PANEL.right];
  const title = `${set}, ${sigma === null ? 'real noise' : `sigma ${sigma}`}`;
  const text = (x: number, y: number, content: string, anchor: string, colour = COLOUR.quiet, size = 11): string =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" fill="${colour}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
  const line = (x1: number, y1: number, x2: number, y2: number): string =>
    `<path d="M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}" stroke="${COLOUR.faint}"/>`;
  return [
    text(PANEL.left, PANEL.top - 12, title, 'start', COLOUR.ink, 13),
    ...scale.decades.map((rate) => line(scale.x(rate), PANEL.top, scale.x(rate), bottom)),
    ...scale.decades.map((rate) => text(scale.x(rate), bottom + 15, String(rate), 'middle')),
    ...scale.levels.map((psnr) => line(PANEL.left, scale.y(psnr), right, scale.y(psnr))),
    ...scale.levels.map((psnr) => text(PANEL.left - 6, scale.y(psnr) + 4, String(psnr), 'end')),
    text((PANEL.left + right) / 2, bottom + 31, 'megapixels per second per core', 'middle'),
    `<text transform="translate(12 ${(PANEL.top + bottom) / 2}) rotate(-90)" font-size="11" fill="${COLOUR.quiet}" text-anchor="middle">PSNR, dB</text>`,
    ...group.map(({ peer, rate, psnrOut }) => mark(scale.x(rate), scale.y(psnrOut), peer, names.indexOf(peer))),
  ].join('');
}

/** Powers of ten around all rates. */
function decadesOf(rates: readonly number[]): number[] {
  const first = Math.floor(Math.log10(Math.min(...rates)));
  const last = Math.max(Math.ceil(Math.log10(Math.max(...rates))), first + 1);
  return Array.from({ length: last - first + 1 }, (_, i) => Number((10 ** (first + i)).toPrecision(1)));
}

function scaleOf(group: readonly PeerFigure[], decades: readonly number[]): Scale {
  const values = group.map(({ psnrOut }) => psnrOut);
  const [low, high] = [Math.floor(Math.min(...values)), Math.floor(Math.max(...values)) + 1];
  const step = high - low > 8 ? 2 : 1;
  const from = Math.log10(decades[0]!);
  const span = Math.log10(decades.at(-1)!) - from;
  const [width, height] = [PANEL.width - PANEL.left - PANEL.right, PANEL.height - PANEL.top - PANEL.bottom];
  return {
    x: (rate) => PANEL.left + ((Math.log10(rate) - from) / span) * width,
    y: (psnr) => PANEL.top + ((high - psnr) / (high - low)) * height,
    decades,
    levels: Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step),
  };
}

/** Paths around the origin: circle, square, triangle, diamond, and the triangle that stands on its point. */
const SHAPES = [
  'M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0',
  'M-4.5 -4.5h9v9h-9z',
  'M0 -5.5l5.5 9.5h-11z',
  'M0 -6l6 6l-6 6l-6 -6z',
  'M0 5.5l5.5 -9.5h-11z',
];

/** The mark of the program that has this place in the legend. */
function mark(x: number, y: number, name: string, index: number): string {
  const [colour, size] = isOurs(name) ? [OURS.colour, OURS.size] : [PALETTE[index % PALETTE.length]!, 1];
  const shape = SHAPES[index % SHAPES.length]!;
  const at = `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${size})`;
  return `<path transform="${at}" d="${shape}" fill="${colour}" stroke="${COLOUR.paper}" stroke-width="1.2"/>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
