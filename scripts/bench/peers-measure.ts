import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { psnr } from '../../main/core/image/metrics.js';
import { readPixels, writePixels } from '../support/images.js';
import { inTurn, middle, type Level, type NoisyPhoto } from './peers-photos.js';
import type { Peer, Setting } from './peers-programs.js';
import { runCommand } from './peers-run.js';
import { mosaic } from './photos.js';

/** One program at one noise level: at the best setting of its grid, how near to the clean photos, and how fast. */
export interface PeerFigure {
  readonly peer: string;
  readonly set: string;
  readonly sigma: number | null;
  readonly setting: Setting;
  /** dB, mean over the judged photos, before and after. */
  readonly psnrIn: number;
  readonly psnrOut: number;
  /** Megapixels per second of processor time, start-up not counted. */
  readonly rate: number;
  /** Processor seconds of a run on next to nothing: what every start costs. */
  readonly startSeconds: number;
}

/** The noise of cameras is weak and has no level that a grid could be made for: settings for these are tried. */
const REAL_SIGMAS = [3, 8];
/** Side of the image whose cost counts as that of starting, in pixels. */
const START_SIDE = 64;
/** A rate is measured on so much work that starting, and how finely the system counts, do not matter. */
const WORK_SECONDS = 1.5;
const MOST_MEGAPIXELS = 8;

/** Chooses a program's setting on a level's tuning photos, then judges it on the others; throws what stopped it. */
export async function measurePeer(peer: Peer, level: Level, work: string): Promise<PeerFigure> {
  const settings = settingsFor(peer, level.sigma);
  const tuned =
    settings.length === 1 ? [] : await inTurn(settings, (setting) => score(peer, setting, level.tuning, work));
  const best = tuned.reduce((best, { psnr }, i) => (psnr > tuned[best]!.psnr ? i : best), 0);
  const setting = settings[best]!;
  const judged = await score(peer, setting, level.judged, work);
  const speed = await measureRate(peer, setting, level, judged.cpuSeconds / level.judged.length, work);
  return {
    peer: peer.name,
    set: level.set,
    sigma: level.sigma,
    setting,
    psnrIn: mean(level.judged.map((photo) => photo.psnrIn)),
    psnrOut: judged.psnr,
    ...speed,
  };
}

/** What is tried at a noise level, each setting once. */
export function settingsFor(peer: Peer, sigma: number | null): Setting[] {
  const all = (sigma === null ? REAL_SIGMAS : [sigma]).flatMap((level) => peer.grid(level));
  return [...new Map(all.map((setting) => [JSON.stringify(setting), setting])).values()];
}

interface Score {
  /** dB, mean over the photos. */
  readonly psnr: number;
  /** Processor seconds of all runs together. */
  readonly cpuSeconds: number;
}

async function score(peer: Peer, setting: Setting, photos: readonly NoisyPhoto[], work: string): Promise<Score> {
  const results = await inTurn(photos, async ({ noisy, clean }) => {
    const { output, cpuSeconds } = await runPeer(peer, setting, noisy, work);
    return { psnr: psnr(clean, await readPixels(output)), cpuSeconds };
  });
  return {
    psnr: mean(results.map((result) => result.psnr)),
    cpuSeconds: results.reduce((sum, result) => sum + result.cpuSeconds, 0),
  };
}

async function runPeer(peer: Peer, setting: Setting, input: string, work: string) {
  const output = path.join(work, 'out', path.basename(input));
  // A program that writes nothing must not be judged by what the last one wrote.
  await rm(output, { force: true });
  await mkdir(path.dirname(output), { recursive: true });
  const { cpuSeconds } = await runCommand(peer.command(setting, { input, output, work }));
  return { output, cpuSeconds };
}

/** @param photoSeconds processor time of a run on one judged photo: the size of the photo to time is made by it */
async function measureRate(peer: Peer, setting: Setting, level: Level, photoSeconds: number, work: string) {
  const photo = level.judged[0]!;
  const source = await readPixels(photo.noisy);
  const tiny = path.join(work, 'tiny.png');
  await writePixels(tiny, middle(source, START_SIDE), source.source);
  const starts = await inTurn([1, 2], () => runPeer(peer, setting, tiny, work));
  const startSeconds = Math.min(...starts.map((start) => start.cpuSeconds));
  const pixels = source.width * source.height;
  // More than starting itself, too: the difference of two large numbers says little.
  const wanted = Math.max(WORK_SECONDS, 2 * startSeconds);
  const growth = wanted / Math.max(photoSeconds - startSeconds, 0.005);
  const area = Math.min(Math.max(growth, 1) * pixels, MOST_MEGAPIXELS * 1e6);
  const side = Math.sqrt(area / pixels);
  const [width, height] = [Math.round(side * source.width), Math.round(side * source.height)];
  const large = path.join(work, 'large.png');
  await writePixels(large, mosaic(source, width, height, false), source.source);
  const { cpuSeconds } = await runPeer(peer, setting, large, work);
  await rm(large);
  return { rate: (width * height) / 1e6 / Math.max(cpuSeconds - startSeconds, 0.005), startSeconds };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
