import path from 'node:path';
import { DiagnosticLog } from '../../main/app/diagnostics.js';
import { EngineClient } from '../../main/app/engine-client.js';
import { forkEngine } from '../../main/app/engine-transport.js';
import { DEFAULT_DENOISE, DEFAULT_ENCODE, DEFAULT_RUNTIME } from '../../preload/contract.js';

const ENGINE = new URL('../../main/engine/main.js', import.meta.url);
const RUNS = 5;

/** Milliseconds from forking the engine to the end of its first tile: the median of a few engines, one after another. */
export async function measureFirstTile(input: string, work: string, model: string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) times.push(await firstTile(input, path.join(work, `first-${run}.jpg`), model));
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)]!;
}

async function firstTile(input: string, output: string, model: string): Promise<number> {
  const log = new DiagnosticLog();
  const start = performance.now();
  const client = new EngineClient(
    forkEngine(ENGINE)((text) => {
      log.write(text);
    }),
    log,
  );
  await client.ready;
  const request = {
    input,
    output,
    overwrite: false,
    settings: { ...DEFAULT_DENOISE, model },
    encode: DEFAULT_ENCODE,
    runtime: DEFAULT_RUNTIME,
  };
  let ms: number | undefined;
  await client.call(new AbortController().signal, 'denoise', request, ({ pixels }) => {
    if (pixels > 0) ms ??= performance.now() - start;
  });
  await client.shutdown();
  if (ms === undefined) throw new Error('the engine reported no progress');
  return ms;
}
