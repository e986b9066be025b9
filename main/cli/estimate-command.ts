import { DEFAULT_RUNTIME } from '../../preload/contract.js';
import type { EngineResult } from '../../preload/engine-protocol.js';
import { AppError, EngineUnavailable, toWireError, type WireError } from '../app/errors.js';
import { scan, type ScanEvent } from '../app/scan.js';
import type { Host } from './host.js';
import { EXIT_INTERRUPTED } from './interrupt.js';
import { table } from './table.js';
import { printable, shownPath } from './text.js';

/** Photos given to the engine at once, so that it decodes the next while it measures one. */
const WINDOW = 4;

type Estimate = EngineResult<'estimate'>;

interface Row {
  readonly input: string;
  readonly answer: Estimate | WireError;
}

/** `stillgrain estimate`: the noise level of each photo. Returns the exit code. */
export async function estimate(inputs: readonly string[], options: { json: boolean }, host: Host): Promise<number> {
  const { engine, interrupt, terminal } = host;
  const rows: Row[] = [];
  const running: Promise<Row>[] = [];
  const take = async (): Promise<void> => {
    const row = await running.shift();
    if (row === undefined) return;
    rows.push(row);
    if (options.json) terminal.out(jsonLine(row));
  };
  const measure = async (event: ScanEvent): Promise<Row> => {
    if (event.type === 'problem') return { input: event.path, answer: event.error };
    if (event.type === 'unsupported') {
      return {
        input: event.path,
        answer: { code: 'input/unsupported', message: `${event.kind} is not supported yet` },
      };
    }
    const input = event.photo.path;
    try {
      return { input, answer: await engine.call(interrupt.signal, 'estimate', { input, runtime: DEFAULT_RUNTIME }) };
    } catch (error) {
      if (error instanceof EngineUnavailable) throw error;
      return { input, answer: toWireError(error) };
    }
  };

  for await (const event of scan(inputs, { recursive: true, exclude: [] })) {
    if (interrupt.signal.aborted) break;
    const row = measure(event);
    // Its failure is met when its turn comes.
    row.catch(() => undefined);
    running.push(row);
    if (running.length >= WINDOW) await take();
  }
  while (running.length > 0) await take();

  if (interrupt.signal.aborted) return EXIT_INTERRUPTED;
  if (rows.length === 0) throw new AppError('input/not-found', 'no photos found (JPEG, PNG, TIFF, WebP, AVIF)');
  const good = rows.flatMap(({ input, answer }) => ('noise' in answer ? [{ input, answer }] : []));
  if (!options.json) {
    if (good.length > 0) for (const line of estimateTable(good)) terminal.out(line);
    for (const { input, answer } of rows) {
      if (!('noise' in answer)) terminal.err(`failed  ${shownPath(input)}: ${printable(answer.message)}`);
    }
  }
  return good.length === rows.length ? 0 : 1;
}

function jsonLine({ input, answer }: Row): string {
  if (!('noise' in answer)) return JSON.stringify({ input, status: 'failed', error: answer });
  const { width, height, noise } = answer;
  return JSON.stringify({ input, status: 'done', width, height, ...noise });
}

/** The table for people: levels are standard deviations on the 0..255 scale. */
export function estimateTable(rows: readonly { readonly input: string; readonly answer: Estimate }[]): string[] {
  const level = (value: number): string => value.toFixed(1);
  return table(rows, [
    { title: 'photo', value: ({ input }) => shownPath(input) },
    { title: 'size', value: ({ answer }) => `${answer.width}x${answer.height}`, align: 'right' },
    { title: 'noise', value: ({ answer }) => level(answer.noise.sigma), align: 'right' },
    { title: 'per channel', value: ({ answer }) => answer.noise.perChannel.map(level).join(' '), align: 'right' },
    { title: 'range', value: ({ answer }) => `${level(answer.noise.low)}-${level(answer.noise.high)}`, align: 'right' },
  ]);
}
