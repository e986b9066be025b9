import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseGradientOptions } from '../../main/cli/gradient-command.js';
import { AppError } from '../../main/core/errors.js';
import { readNpy, writeNpy } from '../../main/core/npy.js';
import { encodeModel } from '../../main/core/onnx/codec.js';
import { modelOf, type Graph } from '../../main/core/onnx/model.js';
import { elementCount, float32Tensor, toNumbers } from '../../main/core/onnx/tensor.js';
import { checkGradients } from '../../main/engine/training/gradient-check.js';
import { writeGradients } from '../../main/engine/training/gradient.js';
import { DEFAULT_RUNTIME } from '../../preload/contract.js';
import type { GradientReport } from '../../preload/training/gradient-calls.js';
import { runCli, type CliResult } from '../support/cli.js';
import { sharedFolder, tempFolder } from '../support/temp-folder.js';
import { unprivilegedUser } from '../support/unprivileged.js';

/** `stillgrain gradient` beside PyTorch: fixtures/pytorch-nets.py says what the nets are and what is compared. */

interface Reference {
  readonly loss: string;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly target: readonly number[];
  readonly losses: readonly number[];
  readonly gradients: Readonly<Record<string, Digest>>;
  readonly weights: Readonly<Record<string, Digest>>;
}
type Digest = readonly [norm: number, wave: number];

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const NETS = JSON.parse(readFileSync(fixture('pytorch-nets.json'), 'utf8')) as Readonly<Record<string, Reference>>;
const STEPS = 20;

const shared = sharedFolder();
const state = join(shared, 'state');
const run = (...args: string[]): Promise<CliResult> => runCli(['gradient', ...args], { state, cwd: shared });

const filled = (dims: readonly number[], phase: number): Float32Array =>
  Float32Array.from({ length: elementCount(dims) }, (_, i) => Math.sin(1.7 * i + phase));

function save(file: string, dims: readonly number[], data: Float32Array): string {
  const path = join(shared, file);
  writeFileSync(path, writeNpy(dims, data));
  return path;
}

const load = (path: string): number[] => toNumbers(readNpy(readFileSync(path), path));

/** The arguments that name a net, its inputs and its target. */
function batchOf(name: string): string[] {
  const { inputs, target } = NETS[name]!;
  const values = Object.entries(inputs).map(([input, dims]) => {
    const data =
      input === 'ids' ? Float32Array.from({ length: 15 }, (_, i) => i % 7) : filled(dims, input === 'x' ? 0 : 1);
    return `${input}=${save(`${name}-${input}.npy`, dims, data)}`;
  });
  const wanted = save(`${name}-target.npy`, target, filled(target, 2));
  return [fixture(`pytorch-${name}.onnx`), ...values.flatMap((value) => ['--input', value]), '--target', wanted];
}

/** The greatest difference from PyTorch's two numbers, relative to the norm; parameters without any effect apart. */
function furthest(folder: string, files: readonly { name: string; file: string }[], wanted: Reference['weights']) {
  const largest = Math.max(...Object.values(wanted).map(([norm]) => norm));
  const errors = files.map(({ name, file }) => {
    const values = load(join(folder, file));
    const [norm, wave] = [
      Math.hypot(...values),
      values.reduce((sum, value, i) => sum + value * Math.sin(1.3 * i + 1), 0),
    ];
    const reference = wanted[name]!;
    const scale = Math.max(reference[0], 1e-6 * largest);
    return Math.max(Math.abs(norm - reference[0]), Math.abs(wave - reference[1])) / scale;
  });
  return Math.max(...errors);
}

describe('a net that PyTorch exported', () => {
  it.each(Object.keys(NETS))('%s has its gradients, and its weights after 20 steps', async (name) => {
    const wanted = NETS[name]!;
    const out = join(shared, 'results', name);
    const only = name === 'words' ? ['--output', 'y'] : [];
    const training = ['--steps', String(STEPS), '--lr', '3e-3'];
    const result = await run(...batchOf(name), '--loss', wanted.loss, '--out', out, '--json', ...training, ...only);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const report = JSON.parse(result.stdout) as GradientReport;
    expect(report.losses).toHaveLength(STEPS);
    for (const [step, loss] of report.losses.entries()) expect(loss / wanted.losses[step]!).toBeCloseTo(1, 5);
    expect(report.gradients.map(({ name: weight }) => weight).toSorted()).toEqual(
      Object.keys(wanted.gradients).toSorted(),
    );
    expect(furthest(out, report.gradients, wanted.gradients)).toBeLessThan(5e-5);
    expect(furthest(out, report.weights, wanted.weights)).toBeLessThan(2e-5);
    expect(load(join(out, 'loss.npy'))).toEqual([report.loss]);
    expect(load(join(out, 'losses.npy'))).toEqual(report.losses);
    const index = JSON.parse(readFileSync(join(out, 'index.json'), 'utf8')) as Record<string, unknown>;
    expect(index).toMatchObject({ model: `pytorch-${name}.onnx`, steps: STEPS, gradients: report.gradients });
    expect(readdirSync(out).filter((file) => file.startsWith('.'))).toEqual([]);
  });

  it.each(Object.keys(NETS))('%s agrees with differences of itself', async (name) => {
    const request = { model: fixture(`pytorch-${name}.onnx`), inputs: [], runtime: DEFAULT_RUNTIME };
    const { rows } = await checkGradients(new AbortController().signal, request, () => undefined);
    expect(rows.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(rows.filter(({ kind }) => kind === 'weight')).toHaveLength(Object.keys(NETS[name]!.weights).length);
  });
});

describe('what is printed', () => {
  it('is a table of weights, and where they are', async () => {
    const batch = batchOf('words');
    const options = ['--loss', 'mse', '--output', 'y', '--out', 'printed'];
    // The model may come last, too.
    const { code, stdout } = await run(...batch.slice(1), ...options, batch[0]!);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^loss \d\.\d+\n\nweight +shape +\|gradient\|\n/);
    expect(stdout).toMatch(/^words\.weight +7x6 +\d\.\d{4}e[+-]\d$/m);
    expect(stdout).toMatch(/\n6 gradients in printed\n$/);
    expect(readdirSync(join(shared, 'printed')).toSorted()).toContain('first.weight.npy');
    expect(readdirSync(join(shared, 'printed'))).not.toContain('weights');
  });

  it('of a check is a table of derivatives', async () => {
    const { code, stdout } = await run(fixture('pytorch-words.onnx'), '--check');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^checked at ids 2x3, scale 2x3x1\n\nof +shape +analytic +numeric +error +verdict\n/);
    expect(stdout).toMatch(/^scale \(input\) +2x3x1 .* ok$/m);
    expect(stdout).toMatch(/\nall 7 ok\n$/);
  });
});

/** Names that are no file names, that are others' once they are, or that are those of other results. */
function oddNames(): Graph {
  const names = ['a/b', 'a_b', '.hidden', 'loss', '../up', 'scalar_param', 'onnx::Mul_1'];
  return {
    name: 'odd',
    inputs: [{ name: 'x', type: 'float32', dims: ['n'] }],
    outputs: [{ name: 'y', type: 'float32', dims: ['n'] }],
    nodes: names.map((name, i) => ({
      name: `mul${i}`,
      op: 'Mul',
      inputs: [i === 0 ? 'x' : `v${i}`, name],
      outputs: [i === names.length - 1 ? 'y' : `v${i + 1}`],
      attributes: new Map(),
    })),
    initializers: new Map(names.map((name, i) => [name, float32Tensor(i < 5 ? [1] : [], [1 + i])])),
  };
}

it('names files after initializers, whatever they are called, and freezes what it is told to', async () => {
  const model = join(shared, 'odd.onnx');
  writeFileSync(model, encodeModel(modelOf(oddNames())));
  const x = save('odd-x.npy', [2], Float32Array.of(1, 2));
  const t = save('odd-t.npy', [2], Float32Array.of(0, 0));
  const args = [model, '--input', `x=${x}`, '--target', t, '--loss', 'l1', '--out', 'odd', '--freeze', 'a/b', '--json'];
  const { gradients } = JSON.parse((await run(...args)).stdout) as GradientReport;
  expect(Object.fromEntries(gradients.map(({ name, file }) => [name, file]))).toEqual({
    a_b: 'a_b.npy',
    '.hidden': '_hidden.npy',
    loss: 'loss-2.npy',
    '../up': '___up.npy',
    // A number of the code that an exporter named is no weight; one that a person named may be.
    scalar_param: 'scalar_param.npy',
  });
  // d mean |y| / dw = mean y / w = 1.5 * 7! / w
  expect(load(join(shared, 'odd', 'loss-2.npy'))).toEqual([(1.5 * 5040) / 4]);
});

describe('bad input', () => {
  const net = (name = 'convolutions'): string => fixture(`pytorch-${name}.onnx`);
  const x = (): string => `x=${save('good-x.npy', [2, 3, 16, 12], filled([2, 3, 16, 12], 0))}`;
  const target = (): string => save('good-t.npy', [2, 3, 32, 24], filled([2, 3, 32, 24], 0));
  const rest = (): string[] => ['--target', target(), '--loss', 'mse', '--out', join(shared, 'bad')];

  /** What the command does, in this process. */
  async function attempt(args: string[]): Promise<unknown> {
    const raw: Record<string, unknown> = {};
    let model: string | undefined;
    for (let at = 0; at < args.length; at++) {
      const flag = /^--(\w+)$/.exec(args[at]!)?.[1];
      if (flag === undefined) model = args[at];
      else if (flag === 'check') raw['check'] = true;
      else if (flag === 'input') raw[flag] = [...((raw[flag] ?? []) as string[]), args[++at]!];
      else raw[flag] = flag === 'freeze' ? [args[++at]!] : args[++at];
    }
    const options = parseGradientOptions(model, raw);
    if (options.kind === 'check') throw new Error('a check');
    return writeGradients(new AbortController().signal, options.params, () => undefined);
  }

  it.each<[string, number, RegExp, () => string[]]>([
    ['no model', 2, /which model/, () => []],
    ['no target', 2, /--target FILE.npy is missing/, () => [net(), '--input', x(), '--loss', 'mse', '--out', 'o']],
    [
      'an unknown loss',
      2,
      /--loss must be one of mse/,
      () => [net(), '--target', 't', '--loss', 'huber', '--out', 'o'],
    ],
    ['an unknown provider', 2, /--provider must be one of/, () => [net(), '--provider', 'abacus', ...rest()]],
    ['an input without a name', 2, /NAME=FILE\.npy, not 'x.npy'/, () => [net(), '--input', 'x.npy', ...rest()]],
    ['an input twice', 2, /'x' is given twice/, () => [net(), '--input', x(), '--input', x(), ...rest()]],
    ['steps without a rate', 2, /give --lr as well/, () => [net(), '--input', x(), '--steps', '3', ...rest()]],
    ['a rate without steps', 2, /give --steps as well/, () => [net(), '--input', x(), '--lr', '3', ...rest()]],
    ['no steps', 2, /between 1 and .*, not 0/, () => [net(), '--input', x(), '--lr', '3', '--steps', '0', ...rest()]],
    ['a check of steps', 2, /--check takes no --steps/, () => [net(), '--check', '--steps', '3']],
    ['a missing input', 2, /no file was given for the input 'x'.*has x \(2x3x16x12\)/, () => [net(), ...rest()]],
    ['an unknown input', 2, /no input 'z': it has x \(2x3x16x12\)/, () => [net(), '--input', `z=a`, ...rest()]],
    ['two outputs', 2, /has 2 outputs, choose one with --output: y \(.*, z/, () => [net('words'), ...rest()]],
    ['no such weight', 2, /no weight 'w' to freeze: it has head/, () => [net(), '--freeze', 'w', ...rest()]],
    ['no such model', 1, /none\.onnx could not be read: there is no such file/, () => ['none.onnx', ...rest()]],
    ['no model at all', 1, /good-t\.npy: not an ONNX model/, () => [target(), ...rest()]],
    ['no such array', 1, /none\.npy is not there/, () => [net(), '--input', 'x=none.npy', ...rest()]],
    ['no array', 1, /onnx is no .npy file/, () => [net(), '--input', `x=${net()}`, ...rest()]],
    ['another shape', 1, /input 'x' is 2x3x16x12, not 2x3x32x24/, () => [net(), '--input', `x=${target()}`, ...rest()]],
    [
      'a target of another shape',
      1,
      /the target good-x\.npy is 2x3x16x12, but the output 'y' is 2x3x32x24/,
      () => [net(), '--input', x(), '--target', x().slice(2), '--loss', 'mse', '--out', join(shared, 'bad')],
    ],
    [
      'NaN',
      1,
      /the loss is NaN: .*nan\.npy holds NaN/,
      () => [net(), '--input', `x=${save('nan.npy', [2, 3, 16, 12], new Float32Array(1152).fill(NaN))}`, ...rest()],
    ],
    [
      'a rate that blows up',
      1,
      /before step \d+: try a smaller --lr/,
      () => [net(), '--input', x(), '--steps', '90', '--lr', '900', ...rest()],
    ],
    [
      'a file for a folder',
      1,
      /is a file: choose a folder/,
      () => [net(), '--input', x(), ...rest(), '--out', target()],
    ],
    [
      'an operator that is not supported',
      1,
      /odd-one \(Einsum\): the operator is not supported/,
      () => {
        const graph = oddNames();
        const node = { ...graph.nodes[0]!, name: 'odd-one', op: 'Einsum' };
        const model = join(shared, 'einsum.onnx');
        writeFileSync(model, encodeModel(modelOf({ ...graph, nodes: [node, ...graph.nodes.slice(1)] })));
        return [model, '--input', `x=${save('odd-x.npy', [2], Float32Array.of(1, 2))}`, ...rest()];
      },
    ],
  ])('%s is said in one line', async (_, code, reason, args) => {
    const error: unknown = await attempt(args()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    const { code: area, message } = error as AppError;
    expect([area === 'usage/invalid' ? 2 : 1, message]).toEqual([code, expect.stringMatching(reason)]);
    expect(message).not.toContain('\n');
  });

  it.each([
    ['steps without a rate', 2, () => [net(), '--input', x(), '--steps', '3', ...rest()]],
    ['a missing input', 2, () => [net(), ...rest()]],
    ['no array', 1, () => [net(), '--input', `x=${net()}`, ...rest()]],
  ] as const)('%s ends with %i', async (_, code, args) => {
    const result = await run(...args());
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(/^stillgrain: [^\n]+\n$/);
  });

  it('says that a folder cannot be written to', async (context) => {
    const user = unprivilegedUser();
    if (user === undefined) return context.skip('no user to whom permissions apply');
    const folder = tempFolder();
    for (const path of [shared, folder]) chmodSync(path, 0o777);
    mkdirSync(join(folder, 'out'));
    chmodSync(join(folder, 'out'), 0o555);
    const args = ['gradient', net(), '--input', x(), ...rest(), '--out', join(folder, 'out')];
    const result = await runCli(args, { state: join(folder, 'state'), uid: user });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/cannot be written to/);
  });

  it('does not replace what was read', async () => {
    const folder = join(shared, 'own');
    mkdirSync(folder);
    const file = join(folder, 'head.weight.npy');
    writeFileSync(file, readFileSync(x().slice(2)));
    const result = await run(net(), '--input', `x=${file}`, ...rest(), '--out', folder);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain(`${basename(file)} would be replaced by a result`);
    expect(load(file)).toHaveLength(1152);
  });
});
