import { DEFAULT_RUNTIME, PROVIDERS, type RuntimeSettings } from '../../preload/contract.js';
import {
  NOISY_RECIPES,
  type GateVerdict,
  type LearningNews,
  type LearningReport,
  type NoisyRecipe,
  type Scene,
} from '../../preload/learn/learn-call.js';
import type { CameraNoise } from '../../preload/learn/profile.js';
import { ModelName } from '../../preload/models/card.js';
import { Claims } from '../app/claims.js';
import { chooseModel } from '../app/choose-model.js';
import { AppError } from '../app/errors.js';
import { baseOf, keepLearnt, runFolderFor } from '../app/learnt-models.js';
import { ModelLibrary, type ModelVersion } from '../app/model-library.js';
import { prepareOutputFolder } from '../app/output-folder.js';
import { newOwner } from '../app/owner.js';
import { groupScenes } from '../app/scenes.js';
import { trainingClaimsFolder } from '../app/state-folder.js';
import type { Host } from './host.js';
import { EXIT_INTERRUPTED } from './interrupt.js';
import { choiceOption, numberOption } from './options.js';
import { photosIn } from './photos-in.js';
import { ProgressLine } from './progress-line.js';
import { count, duration, printable, shownPath } from './text.js';

/** The options of `learn` as the command line gives them: text, unless absent. */
export interface RawLearnOptions {
  readonly name?: string;
  readonly out?: string;
  readonly clean?: readonly string[];
  readonly pairs?: readonly string[];
  readonly recipe?: string;
  readonly model?: string;
  readonly minutes?: string;
  readonly rate?: string;
  readonly seed?: string;
  readonly resume?: boolean;
  readonly provider?: string;
  readonly threads?: string;
  readonly json?: boolean;
}

/** The same, checked. */
export interface LearnOptions {
  readonly photos: readonly string[];
  readonly clean: readonly string[];
  readonly pairs: readonly string[];
  readonly recipe: NoisyRecipe;
  readonly name: string;
  /** Null: one of the program's own. */
  readonly out: string | null;
  readonly model: string;
  readonly minutes: number;
  readonly rate: number;
  readonly seed: number;
  readonly resume: boolean;
  readonly runtime: RuntimeSettings;
  readonly json: boolean;
}

export const LEARN_HELP = `
The noise of the photos is measured in their even parts, put on the photos as the model denoises them (or on clean ones of
yours, --clean), and the model learns to take it away. Photos should be of one camera, at any ISO, and not be scaled down.

With --pairs the model learns from frames of the same scenes instead: a noisy and a clean photo, two noisy ones, or a burst.
A folder of frames is a scene; in one folder, so are names that differ only in a number or a word at their end (desk_1 and
desk_2, desk-noisy and desk-clean). Frames taken by hand, in another light or with something moving are refused, with the
reason.

With --recipe blind-spot the model learns to guess masked pixels from those around them instead of measuring the noise. On
the photos that it was tried on, refine did better.

A part of the photos is held out. At the end the new model is compared with the one that it came from: only if it is
better on those is it worth having; if not, the reason is said and nothing changes.

Each model is kept as a version of its name (stillgrain models), and a better one is promoted: the name then means it.

A run that was stopped (Ctrl-C) or killed goes on with the same command and --resume.

Examples:
  $ stillgrain learn holiday --minutes 10
  $ stillgrain learn night/*.jpg --clean studio --name 'night'
  $ stillgrain learn --pairs tripod --name tripod
  $ stillgrain denoise night --out clean --model night

Exit codes: 0 better, 1 something failed, 2 wrong usage, 3 not better: refused by the comparison, 130 stopped.`;

/** The model that was learnt is no better than the one it came from. */
export const EXIT_REFUSED = 3;
const DEFAULT_NAME = 'my photos';
const DEFAULT_MINUTES = 10;
const MOST_MINUTES = 60 * 24 * 7;
const MOST_RATE = 1000;
const MOST_SEED = 2 ** 31 - 1;

/**
 * Checks all options that can be checked without looking at the disk.
 * @throws AppError usage/invalid
 */
export function parseLearnOptions(photos: readonly string[], raw: RawLearnOptions): LearnOptions {
  const { clean = [], pairs = [] } = raw;
  const recipe = raw.recipe === undefined ? 'refine' : choiceOption('--recipe', raw.recipe, NOISY_RECIPES);
  refuseMixed(photos, clean, pairs, recipe);
  const number = (
    flag: string,
    text: string | undefined,
    standard: number,
    range: Parameters<typeof numberOption>[2],
  ) => (text === undefined ? standard : numberOption(flag, text, range));
  const provider =
    raw.provider === undefined ? 'auto' : choiceOption('--provider', raw.provider, ['auto', ...PROVIDERS]);
  const threads =
    raw.threads === undefined ? null : numberOption('--threads', raw.threads, { min: 1, max: 256, whole: true });
  return {
    photos,
    clean,
    pairs,
    recipe,
    name: parseName(raw.name ?? DEFAULT_NAME),
    out: raw.out ?? null,
    model: raw.model ?? 'fast',
    minutes: number('--minutes', raw.minutes, DEFAULT_MINUTES, { min: 0.01, max: MOST_MINUTES, whole: false }),
    rate: number('--rate', raw.rate, 1, { min: 1e-6, max: MOST_RATE, whole: false }),
    seed: number('--seed', raw.seed, 1, { min: 0, max: MOST_SEED, whole: true }),
    resume: raw.resume ?? false,
    runtime: { ...DEFAULT_RUNTIME, provider, threads },
    json: raw.json ?? false,
  };
}

/** @throws AppError 'usage/invalid' when there is nothing to learn from, or two kinds of it */
function refuseMixed(
  photos: readonly string[],
  clean: readonly string[],
  pairs: readonly string[],
  recipe: NoisyRecipe,
): void {
  const refuse = (message: string): never => {
    throw new AppError('usage/invalid', message);
  };
  if (photos.length === 0 && pairs.length === 0) refuse('name noisy photos to learn from, or folders with --pairs');
  if (photos.length > 0 && pairs.length > 0) refuse('give either photos or --pairs, not both');
  if (clean.length > 0 && pairs.length > 0)
    refuse('--clean is for noisy photos: clean frames are among those of --pairs');
  if (recipe === 'blind-spot' && clean.length + pairs.length > 0) {
    refuse('--recipe blind-spot is for noisy photos alone: leave --clean and --pairs out');
  }
}

function parseName(text: string): string {
  const parsed = ModelName.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new AppError('usage/invalid', `--name ${text}: ${parsed.error.issues[0]!.message}`);
}

/** `stillgrain learn`: a denoiser on someone's photos, into a folder. Returns the exit code. */
export async function learn(options: LearnOptions, host: Host): Promise<number> {
  const { engine, interrupt, terminal } = host;
  const library = new ModelLibrary(host.state);
  const shipped = await engine.call(interrupt.signal, 'models', { kinds: ['denoiser'] });
  const { model, name: parent } = await chooseModel(options.model, { shipped, library });
  const descent = { name: options.name, parent, base: await baseOf(library, options.model) };
  const folder = options.out ?? (await runFolderFor(host.state, options.name, options.resume));
  const out = (await prepareOutputFolder(folder)).path;
  const photos = options.photos.length === 0 ? [] : await photosIn(options.photos, out, host);
  const pairs = options.pairs.length === 0 ? [] : await scenesIn(options.pairs, out, host);
  const clean = options.clean.length === 0 ? [] : await photosIn(options.clean, out, host);
  const { minutes, rate, recipe, seed, resume, runtime } = options;
  const claim = await new Claims(trainingClaimsFolder(host.state), newOwner()).tryClaim(out);
  if (claim === null) throw new AppError('output/locked', `a training run is in progress in ${shownPath(out)}`);
  const reporter = new Reporter(host, options.json);
  try {
    const request = { photos, clean, pairs, recipe, model, out, minutes, rate, resume, seed, runtime };
    const report = await engine.call(interrupt.signal, 'learn', request, undefined, (news) => {
      reporter.hear(news);
    });
    reporter.finish(report, await keepLearnt(library, descent, report));
    return report.verdict.passed ? 0 : EXIT_REFUSED;
  } catch (error) {
    reporter.stop();
    if (!interrupt.signal.aborted) throw error;
    if (!interrupt.isUnheard) terminal.err('Stopped. The same command with --resume goes on.');
    return EXIT_INTERRUPTED;
  } finally {
    await claim.release();
  }
}

/** The scenes among the photos in folders; photos that are alone in theirs are said. @throws AppError 'input/not-found' */
async function scenesIn(folders: readonly string[], out: string, host: Host): Promise<Scene[]> {
  const { scenes, alone } = groupScenes(await photosIn(folders, out, host));
  for (const path of alone) host.terminal.err(`left out  ${shownPath(path)}: there is no second frame of this scene`);
  if (scenes.length > 0) return [...scenes];
  throw new AppError(
    'input/not-found',
    `no two photos in ${folders.join(', ')} are of one scene: put the frames of each into a folder of its own`,
  );
}

/** Tells how the run goes: JSON lines, or lines for people with one that is drawn over. */
class Reporter {
  private readonly shown: ProgressLine;

  constructor(
    private readonly host: Host,
    private readonly json: boolean,
  ) {
    this.shown = new ProgressLine(host.terminal);
  }

  hear(news: LearningNews): void {
    if (this.json) {
      this.host.terminal.out(JSON.stringify(news));
      return;
    }
    switch (news.type) {
      case 'reading':
      case 'samples':
        break;
      case 'measured': {
        if (news.round > 1) break;
        for (const { path, message } of news.problems) this.line(`left out  ${shownPath(path)}: ${printable(message)}`);
        this.line(`${count(news.photos, 'photo')}, ${count(news.windows, 'part')}, ${news.heldOut} held out`);
        for (const camera of news.cameras) this.line(`  ${cameraLine(camera)}`);
        break;
      }
      case 'training':
        if (news.news.type === 'step') this.progress(news.round, news.rounds, news.news);
        break;
      case 'judged':
        this.stop();
        for (const text of verdictLines(news.verdict)) this.host.terminal.out(text);
    }
  }

  finish(report: LearningReport, { id, card, promoted }: ModelVersion): void {
    this.stop();
    const { terminal } = this.host;
    if (this.json) {
      terminal.out(JSON.stringify({ type: 'finished', ...report, version: id, promoted }));
      return;
    }
    terminal.out(`${count(report.steps, 'step')} in ${duration(report.seconds * 1000)}`);
    terminal.out(
      promoted
        ? `promoted: denoise --model '${card.name}' uses it (version ${id}); models rollback '${card.name}' takes that back`
        : `kept as version ${id} of '${card.name}', not promoted: denoise --model ${id} uses it all the same`,
    );
  }

  /** Clears the line that is drawn over. */
  stop(): void {
    this.shown.clear();
  }

  private progress(
    round: number,
    rounds: number,
    { fraction, step, loss, msPerStep }: { fraction: number; step: number; loss: number; msPerStep: number },
  ): void {
    const percent = Math.floor((100 * (round - 1 + fraction)) / rounds);
    const text = `${percent} %, round ${round} of ${rounds}, step ${step}, loss ${loss.toPrecision(4)}, ${Math.round(msPerStep)} ms a step`;
    this.shown.draw(text);
  }

  private line(text: string): void {
    this.shown.say(text);
  }
}

/** What was measured of a camera, in a line: levels of 255 in shadows, middle and highlights, and how it spreads. */
export function cameraLine({ make, model, iso, photos, profile }: CameraNoise): string {
  const name = [make, model].filter((part) => part !== null).join(' ') || 'unknown camera';
  const { brightness, sigma, correlation } = profile;
  const at = (index: number): string =>
    `${(255 * Math.max(...sigma.map((channel) => channel[index]!))).toFixed(1)} at ${Math.round(100 * brightness[index]!)} %`;
  const middle = brightness.length >> 1;
  const levels = [...new Set([0, middle, brightness.length - 1])].map(at).join(', ');
  const spread = correlation.across[1] ?? 0;
  return `${name}${iso === null ? '' : `, ISO ${iso}`}, ${count(photos, 'photo')}: noise of ${levels} brightness; neighbours correlate ${spread.toFixed(2)}`;
}

/** The verdict of the comparison, for people. */
export function verdictLines({ passed, measures, reasons }: GateVerdict): string[] {
  const width = Math.max(...measures.map(({ name }) => name.length));
  const lines = measures.map(
    ({ name, unit, parent, child, ok }) =>
      `${name.padEnd(width)}  ${parent.toFixed(2)} -> ${child.toFixed(2)} ${unit}${ok ? '' : '  not good enough'}`,
  );
  return [...lines, passed ? 'Better than the model that it came from.' : `Refused: ${reasons.join('; ')}.`];
}
