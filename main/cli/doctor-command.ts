import type { Accelerator } from '../../preload/contract.js';
import type { EngineInfo } from '../../preload/engine-protocol.js';
import { speedText, verdictText } from '../app/accelerators/verdict-text.js';
import { diagnose } from '../app/diagnose.js';
import { toWireError } from '../app/errors.js';
import type { Host } from './host.js';
import { table } from './table.js';
import { bytes, printable } from './text.js';
import { version } from './version.js';

/** The options as the command line gives them. */
export interface RawDoctorOptions {
  readonly json?: boolean;
  readonly retest?: boolean;
  readonly installCuda?: boolean;
}

export interface DoctorOptions {
  readonly json: boolean;
  /** Tries every accelerator again, whatever is known. */
  readonly retest: boolean;
}

/**
 * `stillgrain doctor`: what this machine is and what works on it. Accelerators of which nothing is known are tried. Exit
 * code 1 if photos cannot be denoised.
 */
export async function doctor({ json, retest }: DoctorOptions, host: Host): Promise<number> {
  const { engine, interrupt, state, terminal } = host;
  const about = { stillgrain: version(), node: process.version, platform: `${process.platform} ${process.arch}` };
  const folders = { state, log: engine.log.file };
  try {
    const accelerators = await tryAccelerators(retest, host);
    const info = await diagnose(engine, interrupt.signal, accelerators);
    if (json) terminal.out(JSON.stringify({ ...about, ...folders, engine: info, accelerators }));
    else for (const line of doctorLines({ ...about }, info, accelerators, folders)) terminal.out(line);
    return info.providers.some((provider) => provider.works) ? 0 : 1;
  } catch (error) {
    const wire = toWireError(error);
    if (wire.code === 'engine/cancelled') throw error;
    if (json) terminal.out(JSON.stringify({ ...about, ...folders, engine: null, error: wire }));
    else for (const line of failureLines({ ...about }, wire.message, folders)) terminal.out(line);
    return 1;
  }
}

/** What is known of each accelerator and of 8 bits, once those were tried of which nothing was. */
async function tryAccelerators(retest: boolean, host: Host): Promise<Accelerator[]> {
  const { accelerators, interrupt, terminal } = host;
  const { signal } = interrupt;
  const models = await accelerators.models(signal);
  const known = await accelerators.list(signal, models);
  if (known.some(({ verdict }) => retest || verdict.state === 'untested')) {
    terminal.err('Trying the accelerators of this machine, and 8 bits. This may take some minutes.');
    try {
      await accelerators.testAll(signal, models, { asked: retest });
    } catch (error) {
      if (signal.aborted) throw error;
      terminal.err(`stillgrain: accelerators could not be tried: ${printable(toWireError(error).message)}`);
    }
  }
  return accelerators.list(signal, models);
}

type Folders = Readonly<{ state: string; log: string | null }>;

/** The report for people. */
export function doctorLines(
  about: Record<string, string>,
  info: EngineInfo,
  accelerators: readonly Accelerator[],
  folders: Folders,
): string[] {
  const { memory } = info;
  return [
    ...factLines({ ...about, ...info.versions }),
    '',
    ...table(providerRows(info, accelerators), [
      { title: 'provider', value: ({ provider }) => provider },
      { title: 'installed', value: ({ installed }) => (installed ? 'yes' : 'no') },
      { title: 'model', value: ({ model }) => printable(model) },
      { title: 'speed', value: ({ speed }) => speed, align: 'right' },
      { title: 'tile', value: ({ tile }) => tile, align: 'right' },
      { title: 'verdict', value: ({ verdict }) => printable(verdict) },
    ]),
    '',
    ...factLines({
      memory: `${bytes(memory.totalBytes)}, ${bytes(memory.freeBytes)} free, up to ${bytes(memory.budgetBytes)} for photos`,
      threads: String(info.threads),
      formats: info.formats.join(', '),
      ...folderFacts(folders),
    }),
  ];
}

/** A row for each provider and model; a provider that was not tried with any has one. */
function providerRows(info: EngineInfo, accelerators: readonly Accelerator[]) {
  const now = Date.now();
  return info.providers.flatMap(({ name, present, works, detail }) => {
    const tried = accelerators.filter(({ provider }) => provider === name);
    const isCpu = name === 'cpu';
    const verdict = isCpu && works ? 'works' : detail;
    const itself = { provider: name, installed: present, model: '', speed: works ? '1x' : '', tile: '', verdict };
    const rows = tried.map(({ precision, model, verdict, chosen }) => {
      const text = verdictText(verdict, precision, now);
      return {
        provider: precision === 'int8' ? `${name} in 8 bits` : name,
        installed: present,
        model,
        speed: speedText(verdict),
        tile: verdict.state === 'passed' && !isCpu ? String(verdict.tile) : '',
        verdict: chosen ? `${text}, ${precision === 'int8' ? 'used with --precision auto' : 'used by itself'}` : text,
      };
    });
    // The processor is there whatever became of 8 bits.
    return isCpu || rows.length === 0 ? [itself, ...rows] : rows;
  });
}

function failureLines(about: Record<string, string>, reason: string, folders: Folders): string[] {
  return [
    ...factLines(about),
    '',
    `The engine does not work: ${printable(reason)}`,
    ...factLines(folderFacts(folders)),
  ];
}

const folderFacts = ({ state, log }: Folders): Record<string, string> => ({
  'queues and logs': printable(state),
  'engine log': printable(log ?? 'none'),
});

function factLines(facts: Record<string, string>): string[] {
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  return Object.entries(facts).map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}
