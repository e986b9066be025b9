// A host with a window's queue and nothing else, as a process that can be killed: the built program, the real engine.
// Arguments: the state folder, the output folder, 'start' or 'resume', photos. Prints the queue's events as JSON lines.
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';

const built = new URL('../../dist/main/', import.meta.url);
const load = (file) => import(new URL(file, built));
const { QueueService } = await load('app/queue-service.js');
const { EngineSupervisor } = await load('app/engine-supervisor.js');
const { forkEngine } = await load('app/engine-transport.js');

const [state, out, how, ...paths] = process.argv.slice(2);
const idOf = (path) => createHash('sha256').update(path).digest('hex').slice(0, 24);
const known = new Map(paths.map((path) => [idOf(path), path]));
const settings = { model: 'fast', strength: 1, luma: 1, chroma: 1, detail: 0, sigma: null };
const engine = new EngineSupervisor(forkEngine(new URL('../bundle/engine/main.js', built)));

const photoOf = (id) => {
  const path = known.get(id);
  if (path === undefined) return null;
  return { path, root: dirname(path), relative: basename(path), bytes: statSync(path).size };
};
const service = new QueueService({
  state,
  engine,
  emit: (name, payload) => process.stdout.write(`${JSON.stringify({ name, payload })}\n`),
  photoOf,
  settingsOf: () => settings,
  placeOf: (id) => ({ place: { id, name: 'out', label: 'out' }, path: out }),
  runtime: () => ({ provider: 'cpu', threads: null, tile: null }),
});

process.stdout.write(`${JSON.stringify({ name: 'list', payload: await service.list() })}\n`);
if (how === 'start') {
  const encode = { format: 'keep', quality: null, bitDepth: 'keep', metadata: 'all' };
  const destination = { kind: 'place', place: 'placeout0' };
  await service.start([...known.keys()], {
    destination,
    encode,
    template: '{name}',
    keepFolders: true,
    existing: 'skip',
  });
} else await service.resume();

process.on('SIGTERM', async () => {
  await service.close();
  await engine.shutdown();
  process.exit(0);
});
