import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { peakActivationBytes } from '../../main/core/onnx/activations.js';
import { countMacs } from '../../main/core/onnx/cost.js';
import type { Graph } from '../../main/core/onnx/model.js';
import { elementCount } from '../../main/core/onnx/tensor.js';
import { denoiseObjective } from '../../main/core/training/objectives.js';
import { EMA_DECAY, emaDecayAt, stepGraph, stepScalars, weightsAsInputs } from '../../main/core/training/step-graph.js';
import { autoencoderGraphs } from '../../main/engine/training/autoencoder-task.js';
import { buildAutoencoder } from '../../main/engine/training/build-autoencoder.js';
import { buildNet } from '../../main/engine/training/build-net.js';
import { stepOptions } from '../../main/engine/training/denoise-task.js';
import type { Weights } from '../../main/engine/training/training-state.js';
import type { RuntimeTensor } from '../../main/engine/runtime.js';
import { openGraph } from '../../main/engine/sessions.js';
import type { Provider } from '../../preload/contract.js';
import { TrainingRecipe } from '../../preload/training/recipe.js';
import { ROOT } from '../support/cli.js';
import { printFinding, type Finding } from './finding.js';

/**
 * `npm run bench -- train`: what a step of training costs, forward and backward apart, beside the same step in PyTorch
 * where Python has it; accelerators beside PyTorch on CUDA. Times are of the fastest of the steps of some seconds.
 */

const NETS = ['denoise-fast', 'denoise-quality', 'vae-gan'] as const;
/** A step may take so much longer than PyTorch's. */
const BUDGET_RATIO = 1.5;

interface Timing {
  readonly forward: number;
  readonly step: number;
}

/** Measures each net; true when each step keeps to its budget, or there is nothing to measure it against. */
export async function benchTrain(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      nets: { type: 'string', default: NETS.join(',') },
      providers: { type: 'string', default: 'cpu' },
      batch: { type: 'string', default: '16' },
      crop: { type: 'string', default: '96' },
      seconds: { type: 'string', default: '12' },
      python: { type: 'string', default: 'python3' },
    },
  });
  const shape = { batch: Number(values.batch), crop: Number(values.crop) };
  const seconds = Number(values.seconds);
  const threads = os.availableParallelism();
  console.log(
    `${os.cpus()[0]?.model ?? 'unknown processor'}, ${threads} threads, ${shape.batch} crops of ${shape.crop} pixels\n`,
  );
  let allOk = true;
  for (const name of values.nets.split(',')) {
    const recipe = TrainingRecipe.parse(
      JSON.parse(await readFile(path.join(ROOT, `models/recipes/${name}.json`), 'utf8')),
    );
    if (recipe.objective.task === 'autoencode') {
      await benchAutoencoder(recipe, shape.batch, values.providers.split(',') as Provider[], seconds);
      continue;
    }
    const net = await buildNet(recipe, null);
    const objective = denoiseObjective(net.graph, null, { kind: 'l1' }, shape);
    const step = stepGraph(objective, stepOptions(recipe, net.trainable));
    // A multiply-add is two operations; the backward pass does twice what the forward pass does, but for the first layer.
    const flops = 2 * countMacs(objective);
    console.log(
      `${name}: ${(flops / 1e9).toFixed(1)} GFLOP forward, ${(peakActivationBytes(step) / 2 ** 20).toFixed(0)} MiB alive in a step`,
    );
    const ours = new Map<Provider, Timing>();
    for (const provider of values.providers.split(',') as Provider[]) {
      const timing = {
        forward: await fastest(weightsAsInputs(objective, net.trainable), net, provider, seconds / 2),
        step: await fastest(step, net, provider, seconds),
      };
      print(provider, timing, flops);
      ours.set(provider, timing);
    }
    for (const [provider, timing] of ours) {
      const device = provider === 'cpu' ? 'cpu' : 'cuda';
      const reference = torch(values.python, recipe, { ...shape, seconds, threads, device });
      if (reference === null) continue;
      print(`PyTorch ${reference.version} ${device}`, reference, flops);
      const ratio = timing.step / reference.step;
      const isJudged = provider === 'cpu';
      const finding: Finding = {
        what: `step of ${name} on ${provider} beside PyTorch's on ${device}`,
        figure: `${ratio.toFixed(2)}x`,
        budget: isJudged ? `under ${BUDGET_RATIO}x` : 'for comparison',
        ok: !isJudged || ratio < BUDGET_RATIO,
      };
      printFinding(finding);
      allOk &&= finding.ok;
    }
  }
  return allOk;
}

/** Prints what the steps of an autoencoder's players cost, on images of its own side. */
async function benchAutoencoder(
  recipe: TrainingRecipe,
  batch: number,
  providers: readonly Provider[],
  seconds: number,
): Promise<void> {
  const built = await buildAutoencoder(recipe, null);
  const { crop } = recipe.data;
  console.log(`${recipe.name}: ${batch} crops of ${crop} pixels`);
  for (const [player, step] of Object.entries(autoencoderGraphs(recipe, built, { batch, crop }))) {
    if (step === null) continue;
    const alive = (peakActivationBytes(step) / 2 ** 20).toFixed(0);
    for (const provider of providers) {
      const ms = await fastest(step, built.weights, provider, seconds);
      console.log(`  ${provider.padEnd(16)} step of ${player} ${ms.toFixed(0)} ms, ${alive} MiB alive`);
    }
  }
}

function print(what: string, { forward, step }: Timing, flops: number): void {
  const gflops = (ms: number, passes: number): string => `${((passes * flops) / ms / 1e6).toFixed(0)} GFLOP/s`;
  const backward = step - forward;
  console.log(
    `  ${what.padEnd(16)} step ${step.toFixed(0)} ms: forward ${forward.toFixed(0)} ms (${gflops(forward, 1)}), ` +
      `backward and optimiser ${backward.toFixed(0)} ms (${gflops(backward, 2)})`,
  );
}

/** Milliseconds of the fastest run of a graph within some seconds, its outputs the next run's state. */
async function fastest(graph: Graph, net: Weights, provider: Provider, seconds: number): Promise<number> {
  const session = await openGraph(graph, { provider, threads: null });
  try {
    const scalars: Record<string, number> = { ...stepScalars(1, 1e-4, [0.9, 0.98]), [EMA_DECAY]: emaDecayAt(1, 0.999) };
    let feeds = Object.fromEntries(
      graph.inputs.map(({ name, dims }): [string, RuntimeTensor] => {
        const sizes = dims.map(Number);
        const weight = net.graph.initializers.get(name)?.data as Float32Array | undefined;
        const isState = /^(m|v|sum)\//.test(name);
        const noise = (_: unknown, index: number): number => ((index * 7919) % 1000) / 1000;
        const data = weight ?? Float32Array.from({ length: elementCount(sizes) }, isState ? () => 0 : noise);
        return [name, { type: 'float32', dims: sizes, data: name in scalars ? Float32Array.of(scalars[name]!) : data }];
      }),
    );
    let best = Infinity;
    const until = performance.now() + seconds * 1000;
    for (let run = 0; run < 4 || performance.now() < until; run++) {
      const start = performance.now();
      const outputs = await session.run(feeds);
      if (run > 0) best = Math.min(best, performance.now() - start);
      feeds = Object.fromEntries(
        Object.entries(feeds).map(([name, value]) => [name, outputs[`next/${name}`] ?? value]),
      );
    }
    return best;
  } finally {
    await session.release();
  }
}

interface Reference {
  readonly batch: number;
  readonly crop: number;
  readonly seconds: number;
  readonly threads: number;
  readonly device: 'cpu' | 'cuda';
}

/** The same in PyTorch; null where there is none, or none for the device. */
function torch(
  python: string,
  { net }: TrainingRecipe,
  { batch, crop, seconds, threads, device }: Reference,
): (Timing & { readonly version: string }) | null {
  if (net.kind !== 'unet') return null;
  const script = path.join(ROOT, 'scripts/bench/train-reference.py');
  const args = [net.widths.join(','), net.depths.join(','), batch, crop, seconds, threads, device].map(String);
  const done = spawnSync(python, [script, ...args], { encoding: 'utf8' });
  if (done.status === 0) return JSON.parse(done.stdout) as Timing & { version: string };
  console.log(
    `  no PyTorch on ${device} to compare with (${python}: ${(done.stderr || String(done.error)).trim().split('\n').at(-1)})`,
  );
  return null;
}
