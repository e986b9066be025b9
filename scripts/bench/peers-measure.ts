import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { psnr } from '../../main/core/image/metrics.js';
import type { Pixels } from '../../main/core/image/pixels.js';
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
  /** Processor seconds that every start costs. */
  readonly startSeconds: number;
}

/** The noise of cameras is weak and has no level that a grid could be made for: settings for these are tried. */
const REAL_SIGMAS = [3, 8];
/** Side of the small image of the two that a rate is measured on, in pixels: RawTherapee crashes on smaller ones. */
const SMALL_SIDE = 128;
/** The large one takes so much longer that starting, and how finely the system counts, do not matter. */
const WORK_SECONDS = 1;
const STARTS = 1.5;
const MOST_MEGAPIXELS = 8;
/** The system counts in hundredths of a second: less than half of one was not measured. */
const LEAST_SECONDS = 0.005;

/** Chooses a program's setting on a level's tuning photos, then judges it on the others; throws what stopped it. */
export async function measurePeer(peer: Peer, level: Level, work: string): Promise<PeerFigure> {
  const settings = settingsFor(peer, level.sigma);
  const setting = settings.length === 1 ? settings[0]! : await choose(peer, settings, level.tuning, work);
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

/** The setting that comes nearest; one that makes the program fail is not chosen. Throws when all do. */
async function choose(
  peer: Peer,
  settings: readonly Setting[],
  photos: readonly NoisyPhoto[],
  work: string,
): Promise<Setting> {
  let best: { readonly setting: Setting; readonly psnr: number } | undefined;
  let failure: unknown = new Error('there is no setting to try');
  for (const setting of settings) {
    try {
      const { psnr } = await score(peer, setting, photos, work);
      if (!best || psnr > best.psnr) best = { setting, psnr };
    } catch (error) {
      failure = error;
    }
  }
  if (!best) throw failure;
  return best.setting;
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

/**
 * Megapixels per second of processor time, and what starting takes: the line through the costs of a small image and of
 * one that is made so large that the difference can be trusted.
 *
 * @param photoSeconds processor time of a run on one judged photo: how large that is follows from it
 */
async function measureRate(peer: Peer, setting: Setting, level: Level, photoSeconds: number, work: string) {
  const source = await readPixels(level.judged[0]!.noisy);
  const time = async (name: string, image: Pixels) => {
    const input = path.join(work, name);
    await writePixels(input, image, source.source);
    const { cpuSeconds, output } = await runPeer(peer, setting, input, work);
    await Promise.all([rm(input), rm(output, { force: true })]);
    return { megapixels: (image.width * image.height) / 1e6, cpuSeconds };
  };
  const small = await time('small.png', middle(source, SMALL_SIDE));
  const photo = (source.width * source.height) / 1e6;
  const more = photo - small.megapixels;
  const secondsEach = more > 0 ? Math.max(photoSeconds - small.cpuSeconds, LEAST_SECONDS) / more : photoSeconds / photo;
  const wanted = small.megapixels + Math.max(WORK_SECONDS, STARTS * small.cpuSeconds) / secondsEach;
  const side = Math.round(1000 * Math.sqrt(Math.min(Math.max(wanted, photo), MOST_MEGAPIXELS)));
  const large = await time('large.png', mosaic(source, side, side, false));
  const seconds = Math.max(large.cpuSeconds - small.cpuSeconds, LEAST_SECONDS);
  const rate = (large.megapixels - small.megapixels) / seconds;
  return { rate, startSeconds: Math.max(small.cpuSeconds - small.megapixels / rate, 0) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
