import type { ModelSummary } from '../../preload/engine-protocol.js';
import { ModelLibrary } from '../app/model-library.js';
import { VaeLibrary } from '../app/vae-library.js';
import type { Host } from './host.js';
import { libraryTable, vaeTable } from './library-text.js';
import { table } from './table.js';
import { bytes, printable } from './text.js';

/**
 * `stillgrain models`, and `models list`: what ships with the program, and the person's own. Exit code 1 if a file is not
 * what it should be. As JSON, `list` gives both, `models` alone what ships.
 */
export async function models(options: { json: boolean; list?: boolean }, host: Host): Promise<number> {
  const { terminal } = host;
  const shipped = await host.engine.call(host.interrupt.signal, 'models', {});
  const { versions, damaged: damagedModels, fault } = await new ModelLibrary(host.state).list();
  const { versions: vaes, damaged: damagedVaes } = await new VaeLibrary(host.state).list();
  const damaged = [...damagedModels, ...damagedVaes.map((vae) => ({ ...vae, name: null }))];
  if (options.json) {
    const library = versions.map(({ card, ...version }) => ({ ...card, ...version }));
    const own = vaes.map(({ card, ...version }) => ({ ...card, ...version }));
    terminal.out(JSON.stringify(options.list ? { shipped, library, vaes: own, damaged, fault } : shipped));
  } else {
    for (const line of modelTable(shipped)) terminal.out(line);
    for (const line of versions.length > 0 ? ['', ...libraryTable(versions)] : []) terminal.out(line);
    for (const line of vaes.length > 0 ? ['', ...vaeTable(vaes)] : []) terminal.out(line);
    for (const { id, name, reason } of damaged) {
      terminal.err(`damaged  version ${id}${name === null ? '' : ` of '${printable(name)}'`}: ${printable(reason)}`);
    }
    if (fault !== null) terminal.err(`stillgrain: ${printable(fault)}`);
  }
  const isWhole = damaged.length === 0 && fault === null;
  return isWhole && shipped.every((model) => model.intact) ? 0 : 1;
}

/** The table for people, each model's description below it. */
export function modelTable(summaries: readonly ModelSummary[]): string[] {
  const lines = table(summaries, [
    { title: 'model', value: ({ name }) => name },
    { title: 'weights', value: ({ parameters }) => `${(parameters / 1e6).toFixed(2)} M`, align: 'right' },
    { title: 'file', value: (model) => bytes(model.bytes), align: 'right' },
    { title: 'work', value: ({ macsPerPixel }) => `${(macsPerPixel / 1000).toFixed(0)} kMAC/px`, align: 'right' },
    { title: 'sees', value: sees, align: 'right' },
    { title: 'licence', value: ({ licence }) => licence },
    { title: 'state', value: ({ intact }) => (intact ? 'intact' : 'CHANGED: not the file that was shipped') },
  ]);
  return [...lines, '', ...summaries.map(({ name, description }) => `${name}: ${description}`)];
}

function sees({ receptiveRadius, multiple }: ModelSummary): string {
  return receptiveRadius === null ? `all of ${multiple}x${multiple} px` : `${receptiveRadius} px around`;
}
