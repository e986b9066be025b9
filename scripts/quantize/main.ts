import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { decodeModel, encodeModel } from '../../main/core/onnx/codec.js';
import { checkModel } from '../../main/core/onnx/check.js';
import { modelOf, type Graph } from '../../main/core/onnx/model.js';
import { equalized } from '../../main/core/quantization/equalize.js';
import { floatNodes } from '../../main/core/quantization/plan.js';
import { quantized } from '../../main/core/quantization/quantize.js';
import { withoutTransposedConvolutions } from '../../main/core/quantization/transposed.js';
import { ROOT } from '../support/cli.js';
import { table } from '../support/table.js';
import { calibrate, judgedBatches, openPhotos, type Photos } from './calibrate.js';
import { judge, type Verdict } from './judge.js';

/**
 * `npm run quantize -- --data DIR --model quality|fast --out FILE`: the 8-bit variant of a shipped net
 * (docs/quantization.md). Calibrated on photos, judged on others of them; exits with 1, and writes nothing, when it
 * loses too much. The same photos, seed and processor give the same file.
 */

const MODELS = ['quality', 'fast'];

/** How equal channels are made: 1 made activations even and weights uneven; 0.5 came out best. */
const EQUALIZATION = 0.5;
/** Share of each tail of an activation's values that is cut off: fewer cost steps at low noise, more clip strong noise. */
const CLIPPED_TAIL = 0.0005;
/** Share that is left aside when the size of a channel is found. */
const CHANNEL_TAIL = 0.001;

/** Most dB that may be lost, by the noise level in 8-bit units. */
const LIMITS: ReadonlyMap<number, number> = new Map([
  [5, 0.12],
  [15, 0.05],
  [25, 0.05],
  [50, 0.1],
]);

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      model: { type: 'string', default: 'quality' },
      out: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
  });
  if (values.data === undefined || values.out === undefined || !MODELS.includes(values.model)) {
    throw new Error(`--data DIR, --out FILE and --model ${MODELS.join('|')} are needed`);
  }
  const seed = Number(values.seed);
  const source = await readFile(path.join(ROOT, `models/denoise-${values.model}.onnx`));
  const net = decodeModel(source).graph;
  const photos = await openPhotos(await photosIn(values.data));
  const small = await quantize(net, photos, seed);
  const verdict = await judge(net, small, await judgedBatches(photos, [...LIMITS.keys()], seed));
  print(verdict);
  if ([...verdict.levels].some(([level, { loss }]) => loss > LIMITS.get(level)!)) return false;
  const origin = createHash('sha256').update(source).digest('hex');
  const bytes = encodeModel(modelOf(small, new Map([['stillgrain.quantized-from', origin]])));
  await writeFile(values.out, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  console.log(`${values.out}: ${bytes.length} bytes (float: ${source.length}), sha256 ${sha256}`);
  return true;
}

async function quantize(net: Graph, photos: Photos, seed: number): Promise<Graph> {
  const plain = withoutTransposedConvolutions(net);
  const magnitudes = (await calibrate(plain, photos, seed)).magnitudes(CHANNEL_TAIL);
  const even = equalized(plain, magnitudes, EQUALIZATION);
  const ranges = (await calibrate(even, photos, seed)).ranges(CLIPPED_TAIL);
  const small = quantized(even, { ranges, float: floatNodes(even) });
  checkModel(small);
  return small;
}

async function photosIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /\.(jpe?g|png|tiff?|webp)$/i.test(name));
  return names.sort().map((name) => path.join(folder, name));
}

function print({ levels, speedUp }: Verdict): void {
  const rows = [...levels].map(([level, { difference, loss }]) => {
    const limit = LIMITS.get(level)!;
    return [String(level), difference.toFixed(2), loss.toFixed(3), String(limit), loss <= limit ? 'ok' : 'TOO MUCH'];
  });
  console.log(table([['sigma', 'rms difference', 'dB lost', 'limit', ''], ...rows]));
  console.log(`one thread: ${speedUp.toFixed(2)} times as fast`);
}

if (!(await main())) process.exitCode = 1;
