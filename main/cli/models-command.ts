import type { ModelSummary } from '../../preload/engine-protocol.js';
import type { Host } from './host.js';
import { table } from './table.js';
import { bytes } from './text.js';

/** `stillgrain models`: what ships with the program. Exit code 1 if a file is not what it should be. */
export async function models(options: { json: boolean }, host: Host): Promise<number> {
  const summaries = await host.engine.call(host.interrupt.signal, 'models', {});
  for (const line of options.json ? [JSON.stringify(summaries)] : modelTable(summaries)) host.terminal.out(line);
  return summaries.every((model) => model.intact) ? 0 : 1;
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
