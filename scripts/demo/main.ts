import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { psnr } from '../../main/core/image/metrics.js';
import { addGaussianNoise } from '../../main/core/image/noise.js';
import { createRandom } from '../../main/core/image/random.js';
import { denoise, ROOT } from '../support/cli.js';
import { readPixels, SAMPLES, writePixels } from '../support/images.js';
import { table } from '../support/table.js';
import { contactSheet, type SheetRow } from './contact-sheet.js';

/**
 * `npm run demo`: adds noise to the sample photos, denoises them with the real command, measures both against the clean
 * photos and draws a contact sheet. Exits with 1 when a photo failed.
 */

const OUT = path.join(ROOT, 'demo-out');
const SEED = 2024;
/** Of a sheet written as JPEG: small enough for a page, with the noise still noise. */
const SHEET_QUALITY = 86;

/** The sample photos, and where a tall one is cut on the sheet: 0 at its top, 1 at its bottom. */
const PHOTOS = [
  { name: 'astronaut', focus: 0 },
  { name: 'chelsea', focus: 0.5 },
  { name: 'coffee', focus: 0.5 },
  { name: 'rocket', focus: 0.8 },
];

const { values: options } = parseArgs({
  options: {
    /** Standard deviation of the added noise in 8-bit units. */
    sigma: { type: 'string', default: '25' },
    /** Names of the photos, separated by commas. */
    photos: { type: 'string', default: PHOTOS.map((photo) => photo.name).join(',') },
    /** Where the contact sheet goes: .png or .jpg. */
    sheet: { type: 'string', default: path.join(OUT, 'contact-sheet.png') },
  },
});

interface Sample {
  readonly name: string;
  readonly focus: number;
  readonly cleanFile: string;
  readonly noisyFile: string;
}

function chosenSamples(): Sample[] {
  return options.photos.split(',').map((name) => {
    const photo = PHOTOS.find((candidate) => candidate.name === name);
    const cleanFile = ['png', 'jpg'].map((type) => path.join(SAMPLES, `${name}.${type}`)).find(existsSync);
    if (!photo || !cleanFile) throw new Error(`There is no sample photo named '${name}' in ${SAMPLES}.`);
    return { ...photo, cleanFile, noisyFile: path.join(OUT, 'noisy', `${name}.png`) };
  });
}

async function addNoise(samples: readonly Sample[], sigma: number): Promise<void> {
  for (const [index, sample] of samples.entries()) {
    const clean = await readPixels(sample.cleanFile);
    await writePixels(sample.noisyFile, addGaussianNoise(clean, sigma, createRandom(SEED + index)), clean.source);
  }
}

/** Denoises the noisy photos blind, as a person would, and measures those that succeeded. */
async function denoiseAll(samples: readonly Sample[]): Promise<SheetRow[]> {
  const inputs = samples.map((sample) => sample.noisyFile);
  const run = await denoise([...inputs, '--out', path.join(OUT, 'denoised'), '--format', 'png']);
  const rows: SheetRow[] = [];
  for (const { name, focus, cleanFile, noisyFile } of samples) {
    const result = run.files.find((file) => path.resolve(file.input) === noisyFile);
    if (result?.status !== 'done' || result.output === null) {
      console.error(`${name}: ${result?.error?.message ?? 'the command said nothing of it'}`);
      continue;
    }
    const clean = await readPixels(cleanFile);
    const noisy = await readPixels(noisyFile);
    const denoised = await readPixels(result.output);
    rows.push({
      name,
      focus,
      clean,
      noisy,
      denoised,
      psnrNoisy: psnr(clean, noisy),
      psnrDenoised: psnr(clean, denoised),
    });
  }
  return rows;
}

function report(rows: readonly SheetRow[]): string {
  const mean = (value: (row: SheetRow) => number) => rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
  const line = (name: string, before: number, after: number) => [
    name,
    before.toFixed(2),
    after.toFixed(2),
    `+${(after - before).toFixed(2)}`,
  ];
  return table([
    ['photo', 'PSNR in (dB)', 'PSNR out (dB)', 'gain (dB)'],
    ...rows.map((row) => line(row.name, row.psnrNoisy, row.psnrDenoised)),
    line(
      'mean',
      mean((row) => row.psnrNoisy),
      mean((row) => row.psnrDenoised),
    ),
  ]);
}

const samples = chosenSamples();
await rm(OUT, { recursive: true, force: true });
console.log(`Adding Gaussian noise of sigma ${options.sigma} (of 255) to ${samples.length} photos...`);
await addNoise(samples, Number(options.sigma));
console.log('Denoising them, noise level unknown to the program...\n');
const rows = await denoiseAll(samples);
if (rows.length > 0) {
  console.log(report(rows));
  const sheet = path.resolve(options.sheet);
  const { source } = await readPixels(samples[0]!.cleanFile);
  const headings = [`noisy, sigma ${options.sigma}`, 'denoised', 'original'] as const;
  await writePixels(sheet, contactSheet(rows, headings), source, { quality: SHEET_QUALITY });
  console.log(`\nResults: ${path.join(OUT, 'denoised')}\nBefore and after: ${sheet}`);
}
if (rows.length < samples.length) {
  console.error(`${samples.length - rows.length} of ${samples.length} photos failed.`);
  process.exitCode = 1;
}
