import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { DiagnosticLog } from '../../main/app/diagnostics.js';
import { EngineClient } from '../../main/app/engine-client.js';
import { forkEngine } from '../../main/app/engine-transport.js';
import { DEFAULT_DENOISE, DEFAULT_ENCODE, DEFAULT_RUNTIME } from '../../preload/contract.js';
import { median } from './finding.js';

/** Milliseconds from forking an engine, each the median of a few engines started one after another. */
export interface StartTimes {
  /** Until it takes calls. */
  readonly ready: number;
  /** Until its first tile is denoised: the models are read, composed and compiled in between. */
  readonly firstTile: number;
  /** A Node process that does nothing, from start to end, as a yardstick for the machine. */
  readonly emptyNode: number;
}

const ENGINE = new URL('../../bundle/engine/main.js', import.meta.url);
const RUNS = 5;

/** Measures cold starts on a photo so small that its one tile takes no time to speak of. */
export async function measureStart(input: string, work: string, model: string): Promise<StartTimes> {
  const ready: number[] = [];
  const firstTile: number[] = [];
  const emptyNode: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const times = await startOnce(input, path.join(work, `first-${run}.jpg`), model);
    ready.push(times.ready);
    firstTile.push(times.firstTile);
    const start = performance.now();
    spawnSync(process.execPath, ['--eval', '0']);
    emptyNode.push(performance.now() - start);
  }
  return { ready: median(ready), firstTile: median(firstTile), emptyNode: median(emptyNode) };
}

async function startOnce(input: string, output: string, model: string): Promise<Omit<StartTimes, 'emptyNode'>> {
  const log = new DiagnosticLog();
  const start = performance.now();
  const launch = forkEngine(ENGINE);
  const client = new EngineClient(
    launch((text) => {
      log.write(text);
    }),
    log,
  );
  await client.ready;
  const ready = performance.now() - start;
  const request = {
    input,
    output,
    overwrite: false,
    settings: { ...DEFAULT_DENOISE, model },
    encode: DEFAULT_ENCODE,
    runtime: DEFAULT_RUNTIME,
  };
  let firstTile: number | undefined;
  await client.call(new AbortController().signal, 'denoise', request, ({ pixels }) => {
    if (pixels > 0) firstTile ??= performance.now() - start;
  });
  await client.shutdown();
  if (firstTile === undefined) throw new Error('the engine reported no progress');
  return { ready, firstTile };
}
