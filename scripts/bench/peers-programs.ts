import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ROOT } from '../support/cli.js';
import { darktableGrid, darktableSidecar } from './peers-darktable.js';
import type { Command } from './peers-run.js';

/** The programs that are measured beside each other: how each is found, what it is tuned on, what is typed for it. */

/** One way of setting a program, by the names that its own manual has. */
export type Setting = Readonly<Record<string, string | number>>;

/** One photo's way: `output` has the file name of `input`, in another folder. `work` is for the program's own files. */
export interface Job {
  readonly input: string;
  readonly output: string;
  readonly work: string;
}

/** A program that denoises a PNG file. */
export interface Peer {
  readonly name: string;
  /** The Debian package that has it; null for our own. */
  readonly from: string | null;
  /** Whether it must be told the noise level, and so is left out where nobody knows it. */
  readonly needsLevel?: boolean;
  /** Finds out whether it is there. */
  readonly ask: Pick<Command, 'program' | 'args'>;
  /** Its version in what that prints. */
  readonly version: RegExp;
  /** Settings to choose from where the noise has this standard deviation, in 8-bit units; one where there is no choice. */
  readonly grid: (sigma: number) => readonly Setting[];
  readonly command: (setting: Setting, job: Job) => Command;
}

/** Every combination of the values, first name slowest. */
export function combinations(axes: Readonly<Record<string, readonly (string | number)[]>>): Setting[] {
  return Object.entries(axes).reduce<Setting[]>(
    (settings, [name, values]) => settings.flatMap((setting) => values.map((value) => ({ ...setting, [name]: value }))),
    [{}],
  );
}

/** Multiples of the noise level, to three digits. */
const times = (sigma: number, ...factors: number[]): number[] =>
  factors.map((factor) => Number((factor * sigma).toPrecision(3)));

const PYTHON = '/usr/bin/python3';
const NLMEANS_IN_RGB = `import sys, cv2
i, o, h, t, s = sys.argv[1:]
cv2.imwrite(o, cv2.fastNlMeansDenoising(cv2.imread(i), None, float(h), int(t), int(s)))`;
const NLMEANS_IN_LAB = `import sys, cv2
i, o, h, c = sys.argv[1:]
cv2.imwrite(o, cv2.fastNlMeansDenoisingColored(cv2.imread(i), None, float(h), float(c), 7, 21))`;

const opencv: Pick<Peer, 'from' | 'ask' | 'version'> = {
  from: 'python3-opencv',
  ask: { program: PYTHON, args: ['-c', 'import cv2; print("OpenCV", cv2.__version__)'] },
  version: /OpenCV (\S+)/,
};

/** ffmpeg on one picture; planes of RGB, else it would subsample the colours. */
const ffmpeg = (name: string, grid: Peer['grid']): Peer => ({
  name: `ffmpeg ${name}`,
  from: 'ffmpeg',
  ask: { program: 'ffmpeg', args: ['-version'] },
  version: /ffmpeg version (\d[\d.]*)/,
  grid,
  command: (setting, { input, output }) => {
    const options = Object.entries(setting).map(([key, value]) => `${key}=${value}`);
    const filter = `format=gbrp,${name}=${options.join(':')},format=rgb24`;
    return {
      program: 'ffmpeg',
      args: ['-y', '-hide_banner', '-loglevel', 'error', '-i', input, '-vf', filter, output],
    };
  },
});

/** G'MIC's argument lists, unnamed there, named here after its manual. */
const gmic = (name: string, command: (values: string) => string[], grid: Peer['grid']): Peer => ({
  name: `G'MIC ${name}`,
  from: 'gmic',
  ask: { program: 'gmic', args: ['-version'] },
  version: /Version (\d[\d.]*)/,
  grid,
  command: (setting, { input, output }) => ({
    program: 'gmic',
    args: [input, ...command(Object.values(setting).join(',')), '-cut', '0,255', '-round', '-output', output],
  }),
});

/** Our program with one of the shipped models, told the noise level or left to measure it. */
const ours = (model: string, told: boolean): Peer => ({
  name: `Stillgrain ${model}${told ? ', told' : ''}`,
  from: null,
  ask: { program: process.execPath, args: [path.join(ROOT, 'bin/stillgrain.mjs'), '--version'] },
  version: /(\d[\d.]*)/,
  needsLevel: told,
  grid: (sigma) => [told ? { sigma } : {}],
  command: (setting, { input, output, work }) => ({
    program: process.execPath,
    args: [
      path.join(ROOT, 'bin/stillgrain.mjs'),
      ...['denoise', input, '--out', path.dirname(output), '--model', model, '--existing', 'overwrite', '--quiet'],
      ...Object.entries(setting).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ],
    env: { STILLGRAIN_STATE_DIR: path.join(work, 'state') },
  }),
});

/** The tools of RawTherapee's noise reduction, as a processing profile. */
export function rawTherapeeProfile(setting: Setting): string {
  const lines = Object.entries(setting).map(([key, value]) => `${key}=${value}`);
  const fixed = [
    'Enabled=true',
    'Method=Lab',
    'LMethod=SLI',
    'CMethod=MAN',
    'Redchro=0',
    'Bluechro=0',
    'Gamma=1.7',
    'Passes=1',
  ];
  return ['[Version]', 'AppVersion=5.9', 'Version=349', '[Directional Pyramid Denoising]', ...fixed, ...lines, ''].join(
    '\n',
  );
}

/** Its sliders end at 100 and know no noise level: what is tried goes further where there is more noise. */
function rawTherapeeGrid(sigma: number): Setting[] {
  if (sigma < 10) return combinations({ Luma: [5, 20, 40], Ldetail: [10, 40], Chroma: [5, 15] });
  return combinations({ Luma: sigma < 40 ? [40, 60, 80] : [55, 70, 85], Ldetail: [10], Chroma: [15, 30, 60] });
}

const graphicsMagick = new Map([
  ['median 1', ['-median', '1']],
  ['median 2', ['-median', '2']],
  ['median 3', ['-median', '3']],
  ['noise 1', ['-noise', '1']],
  ['despeckle', ['-despeckle']],
  ['enhance', ['-enhance']],
  ['enhance twice', ['-enhance', '-enhance']],
  ['gaussian 0.6', ['-gaussian', '0x0.6']],
  ['gaussian 1', ['-gaussian', '0x1']],
]);

export const PEERS: readonly Peer[] = [
  ours('quality', true),
  ours('quality', false),
  ours('fast', true),
  ours('fast', false),
  {
    name: 'OpenCV fastNlMeans',
    ...opencv,
    grid: (sigma) => combinations({ h: times(sigma, 0.6, 0.75, 0.9), template: [3, 5], search: [21] }),
    command: ({ h, template, search }, { input, output }) => ({
      program: PYTHON,
      args: ['-c', NLMEANS_IN_RGB, input, output, String(h), String(template), String(search)],
    }),
  },
  {
    name: 'OpenCV fastNlMeansColored',
    ...opencv,
    grid: (sigma) => combinations({ h: times(sigma, 0.4, 0.6, 0.8), hColor: times(sigma, 0.6, 1) }),
    command: ({ h, hColor }, { input, output }) => ({
      program: PYTHON,
      args: ['-c', NLMEANS_IN_LAB, input, output, String(h), String(hColor)],
    }),
  },
  ffmpeg('nlmeans', (sigma) => combinations({ s: times(sigma, 0.32, 0.4, 0.5), p: [3, 5, 7], r: [15] })),
  ffmpeg('bm3d', (sigma) =>
    combinations({
      sigma: times(sigma, 0.9, 1.2, 1.6),
      ...{ block: [4], bstep: [8], group: [16], range: [9], thmse: [100000] },
    }),
  ),
  {
    name: 'GraphicsMagick',
    from: 'graphicsmagick',
    ask: { program: 'gm', args: ['version'] },
    version: /GraphicsMagick (\S+)/,
    grid: () => [...graphicsMagick.keys()].map((filter) => ({ filter })),
    command: ({ filter }, { input, output }) => ({
      program: 'gm',
      args: ['convert', input, ...graphicsMagick.get(String(filter))!, output],
    }),
  },
  gmic(
    'denoise',
    (values) => ['-denoise', values],
    (sigma) => combinations({ space: [10], range: times(sigma, 0.6, 0.8, 1.1), patch: [3, 5], lookup: [9] }),
  ),
  gmic(
    'denoise_haar',
    (values) => ['-rgb2ycbcr', '-denoise_haar', values, '-ycbcr2rgb'],
    () => combinations({ threshold: [0.6, 0.9, 1.2, 1.5] }),
  ),
  gmic(
    'denoise_patchpca',
    (values) => ['-denoise_patchpca', values],
    () => combinations({ strength: [1.2, 1.6, 2.1], patch: [5], lookup: [11], sampling: [7] }),
  ),
  {
    name: 'darktable',
    from: 'darktable',
    ask: { program: 'darktable-cli', args: ['--version'] },
    version: /darktable-cli (\d[\d.]*)/,
    grid: darktableGrid,
    command: (setting, { input, output, work }) => {
      const sidecar = path.join(work, 'darktable.xmp');
      return {
        program: 'darktable-cli',
        args: [input, sidecar, output, '--core', '--configdir', path.join(work, 'darktable'), '--library', ':memory:'],
        file: { path: sidecar, text: darktableSidecar(setting) },
      };
    },
  },
  {
    name: 'RawTherapee',
    from: 'rawtherapee',
    ask: { program: 'rawtherapee-cli', args: ['-v'] },
    version: /version (\d[\d.]*)/,
    grid: rawTherapeeGrid,
    command: (setting, { input, output, work }) => {
      const profile = path.join(work, 'rawtherapee.pp3');
      return {
        program: 'rawtherapee-cli',
        args: ['-o', output, '-p', profile, '-n', '-b8', '-Y', '-a', '-c', input],
        file: { path: profile, text: rawTherapeeProfile(setting) },
      };
    },
  },
];

/** A program's version; null when it is not there. Some end with an error when all they are asked is their version. */
export function findVersion({ ask, version }: Peer): string | null {
  const { stdout, stderr } = spawnSync(ask.program, ask.args, { encoding: 'utf8' });
  return version.exec(`${stdout}\n${stderr}`)?.[1] ?? null;
}
