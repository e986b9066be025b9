import type { EngineInfo } from '../../preload/engine-protocol.js';
import { diagnose } from '../app/diagnose.js';
import { toWireError } from '../app/errors.js';
import type { Host } from './host.js';
import { table } from './table.js';
import { bytes, printable } from './text.js';
import { version } from './version.js';

/** `stillgrain doctor`: what this machine is and what works on it. Exit code 1 if photos cannot be denoised. */
export async function doctor(options: { json: boolean }, host: Host): Promise<number> {
  const { engine, interrupt, state, terminal } = host;
  const about = { stillgrain: version(), node: process.version, platform: `${process.platform} ${process.arch}` };
  const folders = { state, log: engine.log.file };
  try {
    const info = await diagnose(engine, interrupt.signal);
    if (options.json) terminal.out(JSON.stringify({ ...about, ...folders, engine: info }));
    else for (const line of doctorLines({ ...about }, info, folders)) terminal.out(line);
    return info.providers.some((provider) => provider.works) ? 0 : 1;
  } catch (error) {
    const wire = toWireError(error);
    if (options.json) terminal.out(JSON.stringify({ ...about, ...folders, engine: null, error: wire }));
    else for (const line of failureLines({ ...about }, wire.message, folders)) terminal.out(line);
    return 1;
  }
}

type Folders = Readonly<{ state: string; log: string | null }>;

/** The report for people. */
export function doctorLines(about: Record<string, string>, info: EngineInfo, folders: Folders): string[] {
  const { memory } = info;
  return [
    ...factLines({ ...about, ...info.versions }),
    '',
    ...table(info.providers, [
      { title: 'provider', value: ({ name }) => name },
      { title: 'works', value: ({ works }) => (works ? 'yes' : 'no') },
      { title: 'detail', value: ({ detail }) => printable(detail) },
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
