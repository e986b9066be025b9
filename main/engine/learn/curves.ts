import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { LearningReport } from '../../../preload/learn/learn-call.js';
import { Scores } from '../../../preload/training/train-call.js';
import { METRICS_FILE } from '../training/run-folder.js';

/** Points that are kept of the loss: enough to draw it. */
const MOST_POINTS = 200;

const Line = z.object({ step: z.int(), loss: z.number().optional(), scores: Scores.optional() });

/** The curves of training runs, one behind the other; of what cannot be read there are none. */
export async function curvesOf(folders: readonly string[]): Promise<LearningReport['curves']> {
  const losses: { step: number; loss: number }[] = [];
  const evaluations: { step: number; scores: Scores }[] = [];
  let from = 0;
  for (const folder of folders) {
    const text = await readFile(join(folder, METRICS_FILE), 'utf8').catch(() => '');
    let last = 0;
    for (const line of text.split('\n').filter((part) => part !== '')) {
      const { step, loss, scores } = Line.parse(JSON.parse(line));
      if (loss !== undefined) losses.push({ step: from + step, loss });
      if (scores !== undefined) evaluations.push({ step: from + step, scores });
      last = step;
    }
    from += last;
  }
  return { loss: averaged(losses), evaluations };
}

/** As many points as are kept, each the mean of those that it stands for. */
function averaged(points: readonly { step: number; loss: number }[]): { step: number; loss: number }[] {
  const each = Math.max(1, Math.ceil(points.length / MOST_POINTS));
  return Array.from({ length: Math.ceil(points.length / each) }, (_, index) => {
    const part = points.slice(index * each, (index + 1) * each);
    return { step: part.at(-1)!.step, loss: part.reduce((sum, { loss }) => sum + loss, 0) / part.length };
  });
}
