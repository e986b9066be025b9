import { resolve } from 'node:path';
import { DEFAULT_RUNTIME, PROVIDERS, type RuntimeSettings } from '../../preload/contract.js';
import type { EngineParams, EngineResult } from '../../preload/engine-protocol.js';
import { LOSS_NAMES, type NamedFile } from '../../preload/training/gradient-calls.js';
import { AppError } from '../app/errors.js';
import type { Host } from './host.js';
import { choiceOption, numberOption } from './options.js';
import { table } from './table.js';
import { count, printable, shownPath } from './text.js';

/** The options of `gradient` as the command line gives them: text, unless absent. */
export interface RawGradientOptions {
  readonly input?: readonly string[];
  readonly target?: string;
  readonly loss?: string;
  readonly output?: string;
  readonly freeze?: readonly string[];
  readonly steps?: string;
  readonly lr?: string;
  readonly out?: string;
  readonly check?: boolean;
  readonly provider?: string;
  readonly json?: boolean;
}

export type GradientOptions = { readonly json: boolean } & (
  | { readonly kind: 'gradient'; readonly params: EngineParams<'gradient'> }
  | { readonly kind: 'check'; readonly params: EngineParams<'gradientCheck'> }
);

export const GRADIENT_HELP = `
Inputs and target are NumPy arrays (numpy.save). Free sizes of the model become those of the arrays.

What is written into DIR:
  NAME.npy          the gradient of the loss by the initializer NAME, with or without --steps
  loss.npy          the loss of the weights as they are
  losses.npy        with --steps: the loss before each step
  weights/NAME.npy  with --steps: the weights after the last step
  index.json        names, files, shapes and norms; a name's characters that a file cannot have are '_' in its file's

Weights are the float32 initializers that the loss depends on; running statistics, bounds and scales are none. A step is
AdamW's (betas 0.9 and 0.999, epsilon 1e-8, weight decay 0.01, no clipping), each on the same inputs.

--check compares derivatives along random directions, and by single elements, with finite differences of the model
itself. Inputs that are not given are noise.

Examples:
  $ stillgrain gradient net.onnx --input x=x.npy --target y.npy --loss mse --out grads
  $ stillgrain gradient net.onnx --input x=x.npy --target y.npy --loss l1 --steps 20 --lr 1e-3 --out grads
  $ stillgrain gradient net.onnx --check

Exit codes: 0 done, 1 something failed or is suspicious, 2 wrong usage.`;

/** The most steps of one call: a day of a small net's. */
const MAX_STEPS = 1_000_000;

/**
 * Checks all options that can be checked without looking at the disk.
 * @throws AppError usage/invalid
 */
export function parseGradientOptions(model: string | undefined, raw: RawGradientOptions): GradientOptions {
  const [path, pairs] = modelAndInputs(model, raw.input ?? []);
  const common = { model: resolve(path), inputs: pairs.map(inputOf), runtime: runtimeOf(raw.provider) };
  const twice = common.inputs.find(
    ({ name }, index) => common.inputs.findIndex((other) => other.name === name) < index,
  );
  if (twice !== undefined) throw usage(`the input '${twice.name}' is given twice`);
  const json = raw.json ?? false;
  if (raw.check === true) {
    const others = ['target', 'loss', 'output', 'freeze', 'steps', 'lr', 'out'] as const;
    const extra = others.find((name) => raw[name] !== undefined);
    if (extra !== undefined) throw usage(`--check takes no --${extra}`);
    return { kind: 'check', json, params: common };
  }
  const target = required(raw.target, '--target FILE.npy');
  const loss = choiceOption('--loss', required(raw.loss, `--loss (${LOSS_NAMES.join(', ')})`), LOSS_NAMES);
  const out = required(raw.out, '--out DIR');
  const params = {
    ...common,
    target: resolve(target),
    loss,
    output: raw.output ?? null,
    freeze: [...(raw.freeze ?? [])],
    training: trainingOf(raw),
    out: resolve(out),
  };
  return { kind: 'gradient', json, params };
}

/** `--input` takes one or more: what comes behind it without a `=` is the model, if that was not named before. */
function modelAndInputs(model: string | undefined, inputs: readonly string[]): [string, readonly string[]] {
  if (model !== undefined) return [model, inputs];
  const [only, ...more] = inputs.filter((text) => !text.includes('='));
  if (only === undefined || more.length > 0) throw usage('which model? Name an .onnx file');
  return [only, inputs.filter((text) => text !== only)];
}

function inputOf(text: string): NamedFile {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw usage(`--input must be NAME=FILE.npy, not '${text}'`);
  return { name: text.slice(0, at), file: resolve(text.slice(at + 1)) };
}

function trainingOf({ steps, lr }: RawGradientOptions): EngineParams<'gradient'>['training'] {
  if (steps === undefined && lr === undefined) return null;
  if (steps === undefined) throw usage('--lr is of the steps: give --steps as well');
  if (lr === undefined) throw usage('--steps needs a learning rate: give --lr as well');
  return {
    steps: numberOption('--steps', steps, { min: 1, max: MAX_STEPS, whole: true }),
    learningRate: numberOption('--lr', lr, { min: 0, max: 1000 }),
  };
}

function runtimeOf(provider: string | undefined): RuntimeSettings {
  const chosen = choiceOption('--provider', provider ?? DEFAULT_RUNTIME.provider, ['auto', ...PROVIDERS] as const);
  return { ...DEFAULT_RUNTIME, provider: chosen };
}

function required(text: string | undefined, what: string): string {
  if (text === undefined || text === '') throw usage(`${what} is missing`);
  return text;
}

const usage = (message: string): AppError => new AppError('usage/invalid', message);

/** `stillgrain gradient`: the gradient of a model of one's own, or a check of it. Returns the exit code. */
export async function gradient(options: GradientOptions, { engine, interrupt, terminal }: Host): Promise<number> {
  if (options.kind === 'check') {
    const report = await engine.call(interrupt.signal, 'gradientCheck', options.params);
    if (options.json) terminal.out(JSON.stringify(report));
    else for (const line of checkTable(report)) terminal.out(line);
    return report.rows.some(({ verdict }) => verdict === 'suspicious') ? 1 : 0;
  }
  const report = await engine.call(interrupt.signal, 'gradient', options.params);
  if (options.json) terminal.out(JSON.stringify(report));
  else for (const line of gradientTable(report, options.params.out)) terminal.out(line);
  return 0;
}

/** The table for people. */
export function gradientTable(report: EngineResult<'gradient'>, out: string): string[] {
  const { loss, losses, gradients, weights, notes } = report;
  const after = losses.length === 0 ? '' : `, ${losses.at(-1)!.toPrecision(7)} before step ${losses.length}`;
  return [
    `loss ${loss.toPrecision(7)}${after}`,
    '',
    ...table(gradients, [
      { title: 'weight', value: ({ name }) => printable(name) },
      { title: 'shape', value: ({ shape }) => dims(shape) },
      { title: '|gradient|', value: ({ norm }) => short(norm), align: 'right' },
    ]),
    '',
    ...notes.map((note) => `note: ${printable(note)}`),
    `${count(gradients.length, 'gradient')} in ${shownPath(out)}` +
      (weights.length === 0 ? '' : `, weights after ${count(losses.length, 'step')} in ${shownPath(out)}/weights`),
  ];
}

/** The table for people. */
export function checkTable({ inputs, rows }: EngineResult<'gradientCheck'>): string[] {
  const at = inputs.map(({ name, shape }) => `${printable(name)} ${dims(shape)}`).join(', ');
  const bad = rows.filter(({ verdict }) => verdict === 'suspicious').length;
  const unclear = rows.filter(({ verdict }) => verdict === 'unclear').length;
  return [
    `checked at ${at}`,
    '',
    ...table(rows, [
      { title: 'of', value: ({ name, kind }) => (kind === 'input' ? `${printable(name)} (input)` : printable(name)) },
      { title: 'shape', value: ({ shape }) => dims(shape) },
      { title: 'analytic', value: ({ analytic }) => short(analytic), align: 'right' },
      { title: 'numeric', value: ({ numeric }) => short(numeric), align: 'right' },
      { title: 'error', value: ({ error }) => (error === null ? '-' : error.toExponential(1)), align: 'right' },
      { title: 'verdict', value: ({ verdict }) => verdict },
    ]),
    '',
    bad > 0
      ? `${bad} of ${rows.length} are suspicious: the gradient is not what differences of the model say`
      : unclear > 0
        ? `nothing suspicious; ${unclear} of ${rows.length} could not be told from rounding`
        : `all ${rows.length} ok`,
  ];
}

const dims = (shape: readonly number[]): string => (shape.length === 0 ? 'scalar' : shape.join('x'));
const short = (value: number | null): string => (value === null ? 'not finite' : value.toExponential(4));
