import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import { padWebgpuConvolutions } from '../../main/core/onnx/webgpu-convolutions.js';
import { toNumbers } from '../../main/core/onnx/tensor.js';
import { compareDecoded } from '../../main/engine/compare.js';
import { decodeImage } from '../../main/engine/codec.js';
import { DEFAULT_DENOISE, DEFAULT_ENCODE, DEFAULT_RUNTIME } from '../../preload/contract.js';
import { acceleratorBench, ENGINE, never, WEBGPU } from '../support/accelerators.js';
import { runCli, type CliResult } from '../support/cli.js';
import { writeDenoiser } from '../support/model-files.js';
import { SAMPLES, samplePath, writeNoisyPng } from '../support/photos.js';
import { tempFolder } from '../support/temp-folder.js';
import { noiseTensor, runGraph } from './onnx-runtime.js';

/** Vulkan in software, which comes with Debian's Chromium: slow, but a GPU for all that it is asked. */
const CHROMIUM = '/usr/lib/chromium';
const SOFTWARE_VULKAN = { VK_ICD_FILENAMES: join(CHROMIUM, 'vk_swiftshader_icd.json'), LD_LIBRARY_PATH: CHROMIUM };
const hasVulkan = existsSync(SOFTWARE_VULKAN.VK_ICD_FILENAMES) && existsSync(join(CHROMIUM, 'libvulkan.so.1'));
if (!hasVulkan)
  console.warn(`WebGPU tests SKIPPED: there is no software Vulkan in ${CHROMIUM} (Debian's chromium has it)`);

describe('zero channels for WebGPU', () => {
  it.each([
    [6, 8, { pads: [1, 1, 1, 1] }, 2],
    [9, 4, { strides: [2, 2] }, 1],
    [6, 8, {}, 0],
  ])('leave a convolution of %i to %i channels what it is', async (channels, features, attributes, weightIsInput) => {
    const b = new GraphBuilder();
    const x = b.input('x', 'float32', [2, channels, 9, 9]);
    const kernel = noiseTensor('float32', [features, channels, 3, 3], 5);
    const weight = weightIsInput === 2 ? b.input('w', 'float32', kernel.dims) : b.initializer('w', kernel);
    const graph = b.build(
      { y: b.op('Conv', [x, weight, b.initializer('b', noiseTensor('float32', [features], 6))], attributes) },
      'conv',
    );
    const padded = padWebgpuConvolutions(graph);
    expect(padded.nodes.map(({ op }) => op)).toEqual(['Pad', 'Pad', 'Conv']);
    const feeds = { x: noiseTensor('float32', [2, channels, 9, 9], 3), ...(weightIsInput === 2 ? { w: kernel } : {}) };
    const [got, wanted] = [await runGraph(padded, feeds), await runGraph(graph, feeds)].map((result) =>
      toNumbers(result.get('y')!),
    );
    for (const [i, value] of got!.entries()) expect(value).toBeCloseTo(wanted![i]!, 5);
  });

  it('are put to nothing else: sizes that are right, groups, other operators', () => {
    const b = new GraphBuilder();
    const weight = (name: string, ...dims: number[]): string => b.initializer(name, noiseTensor('float32', dims));
    const x = b.input('x', 'float32', ['n', 6, 'h', 'w']);
    const groups = b.op('Conv', [x, weight('groups', 8, 3, 1, 1)], { group: 2 });
    const features = b.op('Conv', [x, weight('features', 6, 6, 1, 1)]);
    const eight = b.op('Conv', [groups, weight('eight', 8, 8, 1, 1)]);
    const up = b.op('ConvTranspose', [x, weight('up', 6, 8, 2, 2)], { strides: [2, 2] });
    const three = b.op('Conv', [b.input('rgb', 'float32', ['n', 3, 'h', 'w']), weight('three', 8, 3, 1, 1)]);
    const graph = b.build([features, eight, up, three], 'right');
    expect(padWebgpuConvolutions(graph).nodes).toEqual(graph.nodes);
  });
});

describe.runIf(process.platform === 'linux')('the WebGPU provider without a device', () => {
  const env = { VK_ICD_FILENAMES: '/nowhere.json' };

  it('gives way to the processor, which is said once', async () => {
    const folder = tempFolder();
    const photos = ['a.png', 'b.png'].map((name) => join(folder, name));
    for (const photo of photos) await writeNoisyPng(photo, 'coffee', 100, 60);
    const model = writeDenoiser(join(folder, 'tiny.onnx'));
    const args = ['denoise', ...photos, '--out', join(folder, 'out'), '--model', model, '--provider', 'webgpu'];
    const { code, stderr } = await runCli(args, { state: join(folder, 'state'), env });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^stillgrain: the webgpu provider failed: .*; the processor goes on\n$/);
    expect(existsSync(join(folder, 'out', 'b.png'))).toBe(true);
  });
});

describe.skipIf(!hasVulkan)('the WebGPU provider', () => {
  const run = (folder: string, ...args: string[]): Promise<CliResult> =>
    runCli(args, { state: folder, env: SOFTWARE_VULKAN });

  it('trains to the losses of the CPU', async () => {
    const folder = tempFolder();
    for (const name of SAMPLES) copyFileSync(samplePath(name), join(folder, `${name}.jpg`));
    const recipe = {
      name: 'tiny',
      net: { kind: 'unet', widths: [8, 8], depths: [1, 1] },
      objective: { task: 'denoise' },
      data: { crop: 32, batch: 2, longestSide: 256, heldOut: { share: 0 } },
      optimizer: { learningRate: 0.003, continueRate: 0.001 },
      steps: 5,
    };
    writeFileSync(join(folder, 'tiny.json'), JSON.stringify(recipe));
    const losses = await Promise.all(
      (['cpu', 'webgpu'] as const).map(async (provider) => {
        const out = join(folder, provider);
        const args = ['train', join(folder, 'tiny.json'), '--data', folder, '--out', out, '--provider', provider];
        expect(await run(folder, ...args)).toMatchObject({ code: 0 });
        const lines = readFileSync(join(out, 'metrics.jsonl'), 'utf8').trim().split('\n');
        return lines.flatMap((line) => (JSON.parse(line) as { loss?: number }).loss ?? []);
      }),
    );
    expect(losses[0]).toHaveLength(5);
    expect(losses[1]).toHaveLength(5);
    for (const [i, loss] of losses[1]!.entries()) expect(Math.abs(loss - losses[0]![i]!)).toBeLessThan(1e-3);
    expect(new Set(losses[0]).size).toBe(5);
  });

  it('passes its trial in software, is found slower than the processor, and is right where it is asked for', async () => {
    for (const [name, value] of Object.entries(SOFTWARE_VULKAN)) vi.stubEnv(name, value);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const bench = acceleratorBench({ entry: ENGINE, timeoutMs: 100_000 });
    const { accelerators, accelerated, model } = bench;
    const verdict = await accelerators.test(never, WEBGPU, model, { asked: false });
    expect(verdict).toMatchObject({ state: 'passed' });
    expect(verdict.state === 'passed' && verdict.speed).toBeLessThan(1);
    expect(await accelerators.choose(never, model, DEFAULT_RUNTIME)).toBeNull();
    const folder = tempFolder();
    const input = join(folder, 'noisy.png');
    await writeNoisyPng(input, 'coffee', 100, 60);
    const results = await Promise.all(
      (['cpu', 'webgpu'] as const).map(async (provider) => {
        const output = join(folder, `${provider}.png`);
        await accelerated.call(never, 'denoise', {
          ...{ input, output, overwrite: false, encode: DEFAULT_ENCODE },
          settings: { ...DEFAULT_DENOISE, model },
          runtime: { ...DEFAULT_RUNTIME, provider, tile: 64 },
        });
        return decodeImage(output);
      }),
    );
    expect(compareDecoded(results[0]!, results[1]!).maxDifference).toBeLessThanOrEqual(1);
    expect(bench.faults).toEqual([]);
  });

  it('is a failure where there is no device for it', async () => {
    vi.stubEnv('VK_ICD_FILENAMES', '/nowhere.json');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const { accelerators, model } = acceleratorBench({ entry: ENGINE });
    const verdict = await accelerators.test(never, WEBGPU, model, { asked: false });
    expect(verdict).toMatchObject({ state: 'failed', reason: expect.stringContaining('adapter') as string });
  });
});
