import { AppError } from '../../core/errors.js';
import { peakActivationBytes } from '../../core/onnx/activations.js';
import type { Graph } from '../../core/onnx/model.js';
import type { BatchShape } from '../../core/training/objectives.js';

/** How much memory training needs, known before the first step. */

/** What the runtime takes beyond the activations that are alive: its arena's slack and the copies at its border. */
const RUNTIME_SLACK = 1.3;
/** The program itself, its photos and the batches made ahead. */
const BESIDE_BYTES = 512 * 2 ** 20;

/** The graphs of a step for some shape of batch; the first is the one that runs most. */
export type GraphsOf<T extends Readonly<Record<string, Graph | null>>> = (shape: BatchShape) => T;

/**
 * The graphs of a step, and the bytes that they need: sessions keep what they once had.
 * @throws AppError 'engine/out-of-memory', saying which batch would fit
 */
export function fittingGraphs<T extends Readonly<Record<string, Graph | null>>>(
  graphsOf: GraphsOf<T>,
  shape: BatchShape,
  available: number,
): { readonly graphs: T; readonly memory: number } {
  const graphs = graphsOf(shape);
  const memory = memoryOf(graphs);
  if (memory > available) throw tooLarge(shape, memory, memoryOf(graphsOf({ ...shape, batch: 1 })), available);
  return { graphs, memory };
}

const memoryOf = (graphs: Readonly<Record<string, Graph | null>>): number =>
  Object.values(graphs).reduce(
    (sum, graph) => sum + (graph === null ? 0 : peakActivationBytes(graph) * RUNTIME_SLACK),
    BESIDE_BYTES,
  );

/** What a step needs grows in a line with its batch. */
function tooLarge({ batch, crop }: BatchShape, needed: number, forOne: number, available: number): AppError {
  const each = (needed - forOne) / Math.max(1, batch - 1);
  const fits = batch === 1 ? 0 : Math.min(batch - 1, Math.floor((available - forOne) / each) + 1);
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const advice =
    fits >= 1
      ? `a batch of ${fits} fits (data.batch in the recipe; optimizer.accumulate makes up for it)`
      : 'not even one crop fits: choose a smaller data.crop or a smaller net';
  return new AppError(
    'engine/out-of-memory',
    `a batch of ${batch} crops of ${crop} pixels needs ${gib(needed)} of memory and ${gib(available)} are free: ${advice}`,
  );
}
