import { resolve } from 'node:path';
import { DEFAULT_RUNTIME, PROVIDERS, type RuntimeSettings } from '../../preload/contract.js';
import type { TrainingLength, TrainingRecipe } from '../../preload/training/recipe.js';
import {
  balanceFigures,
  balanceOf,
  balanceSentence,
  isCollapse,
  type Balance,
} from '../../preload/training/balance.js';
import type { Parts, Scores, TrainingNews, TrainingReport } from '../../preload/training/train-call.js';
import { Claims } from '../app/claims.js';
import { AppError } from '../app/errors.js';
import { prepareOutputFolder } from '../app/output-folder.js';
import { newOwner } from '../app/owner.js';
import { trainingClaimsFolder } from '../app/state-folder.js';
import { readRecipe, recipesFolder } from '../app/training-recipes.js';
import type { Host } from './host.js';
import { EXIT_INTERRUPTED } from './interrupt.js';
import { choiceOption, numberOption } from './options.js';
import { photosIn } from './photos-in.js';
import { ProgressLine } from './progress-line.js';
import { count, duration, printable, shownPath } from './text.js';

/** The options of `train` as the command line gives them: text, unless absent. */
export interface RawTrainOptions {
  readonly data: readonly string[];
  readonly out: string;
  readonly init?: string;
  readonly minutes?: string;
  readonly steps?: string;
  readonly resume?: boolean;
  readonly provider?: string;
  readonly threads?: string;
  readonly json?: boolean;
}

/** The same, checked. */
export interface TrainOptions {
  readonly recipe: string;
  readonly data: readonly string[];
  readonly out: string;
  readonly init: string | null;
  /** Null: the recipe's own steps. */
  readonly length: TrainingLength | null;
  readonly resume: boolean;
  readonly runtime: RuntimeSettings;
  readonly json: boolean;
}

export const TRAIN_HELP = `
Recipes that ship: denoise-fast, denoise-quality, noise-estimator, vae, vae-gan; or the path of a .json file of your own.
Photos should be clean ones: noise is added to them, and the net learns to take it away.

What is written into DIR:
  NAME.onnx       the best model so far, measured on photos that are held out; for denoise --model.
                  Of vae and vae-gan two: NAME-encoder.onnx and NAME-decoder.onnx
  samples.png     of vae and vae-gan: held-out photos, below them what the net makes of them; samples at the bottom
  metrics.jsonl   loss, gradient's norm and learning rate of each step, and each evaluation
  checkpoint.bin  what it takes to go on

A run that was stopped (Ctrl-C) or killed goes on with the same command and --resume, to the same numbers.

Examples:
  $ stillgrain train denoise-fast --data photos --out run --minutes 30
  $ stillgrain train denoise-fast --data photos --out run --init models/denoise-fast.onnx --steps 2000
  $ stillgrain train denoise-fast --data photos --out run --minutes 30 --resume
  $ stillgrain train vae --data photos --out vae --minutes 30
  $ stillgrain train vae-gan --data photos --out gan --init vae --minutes 15

Exit codes: 0 done, 1 something failed, 2 wrong usage, 130 stopped.`;

const MOST_STEPS = 100_000_000;
const MOST_MINUTES = 60 * 24 * 365;

/**
 * Checks all options that can be checked without looking at the disk.
 * @throws AppError usage/invalid
 */
export function parseTrainOptions(recipe: string, raw: RawTrainOptions): TrainOptions {
  if (raw.minutes !== undefined && raw.steps !== undefined) {
    throw new AppError('usage/invalid', 'give either --minutes or --steps, not both');
  }
  const number = (flag: string, text: string | undefined, min: number, max: number, whole: boolean): number | null =>
    text === undefined ? null : numberOption(flag, text, { min, max, whole });
  const minutes = number('--minutes', raw.minutes, 0.01, MOST_MINUTES, false);
  const steps = number('--steps', raw.steps, 1, MOST_STEPS, true);
  const provider =
    raw.provider === undefined ? 'auto' : choiceOption('--provider', raw.provider, ['auto', ...PROVIDERS]);
  return {
    recipe,
    data: raw.data,
    out: raw.out,
    init: raw.init === undefined ? null : resolve(raw.init),
    length: steps !== null ? { by: 'steps', steps } : minutes !== null ? { by: 'minutes', minutes } : null,
    resume: raw.resume ?? false,
    runtime: { ...DEFAULT_RUNTIME, provider, threads: number('--threads', raw.threads, 1, 256, true) },
    json: raw.json ?? false,
  };
}

/** `stillgrain train`: a net on photos, into a folder. Returns the exit code. */
export async function train(options: TrainOptions, host: Host): Promise<number> {
  const { engine, interrupt } = host;
  const recipe = await readRecipe(options.recipe, recipesFolder());
  const out = (await prepareOutputFolder(options.out)).path;
  const photos = await photosIn(options.data, out, host);
  const request = {
    recipe,
    photos,
    out,
    init: options.init,
    length: options.length ?? { by: 'steps' as const, steps: recipe.steps },
    resume: options.resume,
    runtime: options.runtime,
  };
  const claim = await new Claims(trainingClaimsFolder(host.state), newOwner()).tryClaim(out);
  if (claim === null) throw new AppError('output/locked', `a training run is in progress in ${shownPath(out)}`);
  const reporter = options.json ? jsonReporter(host) : new TextReporter(host, recipe);
  try {
    const report = await engine.call(interrupt.signal, 'train', request, undefined, (news) => {
      reporter.hear(news);
    });
    reporter.finish(report);
    return 0;
  } catch (error) {
    reporter.stop();
    if (!interrupt.signal.aborted) throw error;
    if (!interrupt.isUnheard) host.terminal.err('Stopped. The same command with --resume goes on.');
    return EXIT_INTERRUPTED;
  } finally {
    await claim.release();
  }
}

interface Reporter {
  hear(news: TrainingNews): void;
  finish(report: TrainingReport): void;
  stop(): void;
}

function jsonReporter({ terminal }: Host): Reporter {
  return {
    hear: (news) => {
      terminal.out(JSON.stringify(news));
    },
    finish: (report) => {
      terminal.out(JSON.stringify({ type: 'finished', ...report }));
    },
    stop: () => undefined,
  };
}

/** Progress for people: one line that is drawn over, or a line a minute where that cannot be. */
class TextReporter implements Reporter {
  private readonly shown: ProgressLine;
  private startedAt = 0;
  private startedFraction: number | null = null;
  private balance: Balance | null = null;
  private psnr: number | undefined;

  constructor(
    private readonly host: Host,
    private readonly recipe: TrainingRecipe,
  ) {
    this.shown = new ProgressLine(host.terminal);
  }

  hear(news: TrainingNews): void {
    switch (news.type) {
      case 'started': {
        const { photos, heldOut, problems, parameters, step } = news;
        for (const { path, message } of problems) this.line(`left out  ${shownPath(path)}: ${printable(message)}`);
        this.line(
          `${this.recipe.name}: ${parameters.toLocaleString('en')} weights, ${count(photos, 'photo')}, ${heldOut} held out` +
            (step > 0 ? `, from step ${step}` : ''),
        );
        break;
      }
      case 'step':
        this.progress(news);
        break;
      case 'evaluated':
        this.psnr = news.scores['psnr'];
        this.line(
          `step ${news.step}: ${this.scores(news.scores)}${news.best && news.step > 0 ? ' (best so far)' : ''}`,
        );
        break;
      case 'checkpoint':
        break;
    }
  }

  finish({ steps, model, beside, bestStep, scores, before, seconds }: TrainingReport): void {
    this.stop();
    const { terminal } = this.host;
    terminal.out(`${count(steps, 'step')} in ${duration(seconds * 1000)}`);
    if (Object.keys(scores).length > 0) {
      terminal.out(`at first         ${this.scores(before)}`);
      terminal.out(`best (step ${bestStep})  ${this.scores(scores)}`);
    }
    for (const file of [model, ...beside]) terminal.out(shownPath(file));
  }

  /** Clears the line that is drawn over. */
  stop(): void {
    this.shown.clear();
  }

  private progress(news: Extract<TrainingNews, { type: 'step' }>): void {
    const { step, fraction, loss, parts, msPerStep, learningRate } = news;
    const now = performance.now();
    if (this.startedFraction === null) [this.startedFraction, this.startedAt] = [fraction, now];
    const done = fraction - this.startedFraction;
    const left = done > 0 ? `, ${duration(((now - this.startedAt) * (1 - fraction)) / done)} left` : '';
    const text = `${Math.floor(fraction * 100)} %, step ${step}, loss ${loss.toPrecision(4)}${this.quality(parts)}, rate ${learningRate.toExponential(1)}, ${Math.round(msPerStep)} ms a step${left}`;
    this.sayBalance(parts);
    this.shown.draw(text);
  }

  /** What else the line tells of an autoencoder: the PSNR of the last evaluation, the KL divergence of the last steps. */
  private quality({ kl }: Parts): string {
    if (kl === undefined) return '';
    const psnr = this.psnr === undefined ? '' : `, PSNR ${this.psnr.toFixed(2)} dB`;
    return `${psnr}, KL ${kl.toFixed(kl < 10 ? 1 : 0)} nats`;
  }

  /** Says how the parts of an autoencoder stand to each other, whenever that changes. */
  private sayBalance(parts: Parts): void {
    const figures = balanceFigures(parts);
    if (figures === null) return;
    const balance = balanceOf(figures);
    if (balance !== this.balance) this.line(`${isCollapse(balance) ? 'warning: ' : ''}${balanceSentence(figures)}`);
    this.balance = balance;
  }

  private scores(scores: Scores): string {
    if (this.recipe.objective.task === 'autoencode') return autoencoderScores(scores);
    const unit = this.recipe.objective.task === 'denoise' ? 'dB' : 'of 255';
    const parts = Object.entries(scores).map(([name, value]) => `${name} ${value.toFixed(2)} ${unit}`);
    return parts.length > 0 ? parts.join(', ') : 'nothing is held out';
  }

  private line(text: string): void {
    this.shown.say(text);
  }
}

function autoencoderScores({ psnr, kl, active, sharpness }: Scores): string {
  if (psnr === undefined || kl === undefined || active === undefined || sharpness === undefined) {
    return 'nothing is held out';
  }
  return `PSNR ${psnr.toFixed(2)} dB, KL ${kl.toFixed(1)} nats, ${active} latents in use, sharpness ${sharpness.toFixed(2)}`;
}
