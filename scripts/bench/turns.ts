import { encodeModel } from '../../main/core/onnx/codec.js';
import { modelOf, type Graph } from '../../main/core/onnx/model.js';
import { openSession, type RuntimeTensor, type SessionOptions } from '../../main/engine/runtime.js';

/** What is timed beside others. */
export interface Contestant {
  readonly name: string;
  readonly run: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Milliseconds of a run. */
export interface Times {
  readonly wall: number;
  /** The processor's, of all threads. */
  readonly cpu: number;
}

/**
 * Times all by turns, so that a machine that others use too is as slow for each: the least of each, after a run that does
 * not count. They are closed in the end.
 */
export async function byTurns(all: readonly Contestant[], rounds: number): Promise<Times[]> {
  const best = all.map(() => ({ wall: Infinity, cpu: Infinity }));
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const [index, { run }] of all.entries()) {
        const [start, before] = [performance.now(), process.cpuUsage()];
        await run();
        const { user, system } = process.cpuUsage(before);
        if (round === 0) continue;
        const least = best[index]!;
        least.wall = Math.min(least.wall, performance.now() - start);
        least.cpu = Math.min(least.cpu, (user + system) / 1000);
      }
    }
  } finally {
    for (const { close } of all) await close();
  }
  return best;
}

/** A session on a graph, or on the bytes of one, that is run on one tile again and again; on the processor. */
export async function contestant(
  name: string,
  graph: Graph | Uint8Array,
  feeds: Readonly<Record<string, RuntimeTensor>>,
  options: Partial<SessionOptions> = {},
): Promise<Contestant> {
  const bytes = graph instanceof Uint8Array ? graph : encodeModel(modelOf(graph));
  const session = await openSession(bytes, { provider: 'cpu', threads: null, ...options });
  return {
    name,
    run: async () => {
      await session.run(feeds);
    },
    close: () => session.release(),
  };
}

/** What the graph of a tile of 8-bit colour takes; `sigma` where it is told the level, of 255. */
export function tileFeeds(side: number, sigma: number | null = null): Record<string, RuntimeTensor> {
  const one = (value: number): RuntimeTensor => ({ type: 'float32', dims: [1], data: Float32Array.of(value) });
  const data = Uint8Array.from({ length: side * side * 3 }, (_, at) => (at * 37) % 256);
  return {
    pixels: { type: 'uint8', dims: [side, side, 3], data },
    luma_weight: one(1),
    chroma_weight: one(1),
    ...(sigma !== null && { sigma: one(sigma / 255) }),
  };
}
