import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RunFolder } from '../../../../main/engine/training/run-folder.js';
import { tempFolder } from '../../../support/temp-folder.js';

it('cuts metrics back to the checkpoint, with the line that a kill left unfinished', async () => {
  const path = tempFolder();
  const folder = new RunFolder(path);
  const file = join(path, 'metrics.jsonl');
  for (let step = 0; step <= 7; step++) folder.addMetrics({ step, loss: 1 / (step + 1) });
  folder.addMetrics({ step: 5, scores: {} });
  await folder.flushMetrics();
  appendFileSync(file, '{"step":8,"lo');
  await new RunFolder(path).cutMetrics(5);
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => (JSON.parse(line) as { step: number }).step)).toEqual([0, 1, 2, 3, 4, 5, 5]);
  await folder.refuseUsed().then(
    () => expect.unreachable(),
    (error: unknown) => {
      expect(error).toMatchObject({ code: 'output/exists' });
    },
  );
});
