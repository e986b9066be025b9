import type { Graph } from '../../main/core/onnx/model.js';
import type { RuntimeSession } from '../../main/engine/runtime.js';
import { openGraph } from '../../main/engine/sessions.js';
import type { NoisyBatch } from './calibrate.js';

/** How an 8-bit net compares with the float net that it stands for. */

export interface Verdict {
  /** By noise level in 8-bit units. */
  readonly levels: ReadonlyMap<number, LevelVerdict>;
  /** How much faster it runs on one thread: the processor's time, the least of each. */
  readonly speedUp: number;
}

export interface LevelVerdict {
  /** Root of the mean squared difference of the outputs, in 8-bit units. */
  readonly difference: number;
  /** Mean loss of PSNR in dB over the batches. */
  readonly loss: number;
}

/** Runs both nets in turns over batches: other programs slow both alike. */
export async function judge(float: Graph, small: Graph, batches: readonly NoisyBatch[]): Promise<Verdict> {
  const options = { provider: 'cpu', threads: 1 } as const;
  const sessions = [await openGraph(float, options), await openGraph(small, options)] as const;
  const output = float.outputs[0]!.name;
  const least = [Infinity, Infinity];
  const found = new Map<number, { squares: number; losses: number; count: number }>();
  const timed = async (which: 0 | 1, { feeds }: NoisyBatch): Promise<Float32Array> => {
    const start = process.cpuUsage();
    const result = await run(sessions[which], feeds, output);
    const { user, system } = process.cpuUsage(start);
    least[which] = Math.min(least[which]!, user + system);
    return result;
  };
  try {
    for (const batch of batches) {
      const [a, b] = [await timed(0, batch), await timed(1, batch)];
      const sums = found.get(batch.level) ?? { squares: 0, losses: 0, count: 0 };
      found.set(batch.level, sums);
      sums.squares += meanSquare(a, b);
      sums.losses += psnr(a, batch.clean) - psnr(b, batch.clean);
      sums.count += 1;
    }
  } finally {
    for (const session of sessions) await session.release();
  }
  const levels = new Map(
    [...found].map(([level, { squares, losses, count }]) => {
      return [level, { difference: 255 * Math.sqrt(squares / count), loss: losses / count }];
    }),
  );
  return { levels, speedUp: least[0]! / least[1]! };
}

async function run(session: RuntimeSession, feeds: NoisyBatch['feeds'], output: string): Promise<Float32Array> {
  return (await session.run(feeds))[output]!.data as Float32Array;
}

const meanSquare = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0) / a.length;

/** As of files: values are clipped. */
const psnr = (values: Float32Array, clean: Float32Array): number =>
  -10 *
  Math.log10(
    meanSquare(
      values.map((value) => Math.min(1, Math.max(0, value))),
      clean,
    ),
  );
