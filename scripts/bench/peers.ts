import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measurePeer, type PeerFigure } from './peers-measure.js';
import { prepareLevels, type Level } from './peers-photos.js';
import { findVersion, PEERS, type Peer } from './peers-programs.js';
import { levelName, printPeers, writeReport, type PeersReport } from './peers-report.js';

/**
 * `npm run bench -- peers --data DIR`: what people would use instead, and this program beside it, on the same noisy
 * files: how near to the clean photo, and how fast (docs/benchmarks.md). Fails where another program comes nearer.
 */

/** Runs the benchmark; true when the first place at every noise level is ours. */
export async function benchPeers(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', multiple: true },
      photos: { type: 'string', default: '6' },
      tuning: { type: 'string', default: '2' },
      crop: { type: 'string', default: '256' },
      sigmas: { type: 'string', default: '15,25,50' },
      only: { type: 'string' },
      write: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (!values.data) throw new Error('--data DIR is needed: clean photos, or NAME_real and NAME_mean pairs');
  const crop = Number(values.crop) || Infinity;
  const choice = {
    judged: Number(values.photos),
    tuning: Number(values.tuning),
    crop,
    // Tuning is most of the work: less of each photo will do for it.
    tuningCrop: Math.min(crop, 192),
    sigmas: values.sigmas.split(',').map(Number),
  };
  const peers = PEERS.filter((peer) => isWanted(peer, values.only));
  const { found, versions, notes } = findPeers(peers);
  const work = await mkdtemp(path.join(os.tmpdir(), 'stillgrain-peers-'));
  try {
    const levels = await prepareLevels(values.data, choice, work);
    const figures = await measureAll(found, levels, work, notes);
    const cpu = os.cpus()[0]?.model ?? 'unknown processor';
    const report: PeersReport = {
      machine: `${cpu}, ${os.availableParallelism()} cores`,
      versions,
      choice,
      figures,
      notes,
    };
    console.log(values.json ? JSON.stringify(report, null, 2) : printPeers(report));
    if (values.write !== undefined) await writeReport(values.write, report);
    return levels.every((level) => isOursFirst(figures.filter((figure) => isOf(figure, level))));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function isWanted({ name }: Peer, only: string | undefined): boolean {
  return only === undefined || only.split(',').some((part) => name.toLowerCase().includes(part.toLowerCase()));
}

function findPeers(peers: readonly Peer[]) {
  const found: Peer[] = [];
  const versions: Record<string, string> = {};
  const notes: string[] = [];
  for (const peer of peers) {
    const version = findVersion(peer);
    if (version === null) {
      notes.push(`${peer.name} is not here: ${peer.from === null ? 'build it' : `apt-get install ${peer.from}`}`);
    } else {
      found.push(peer);
      versions[peer.name] = version;
    }
  }
  return { found, versions, notes };
}

async function measureAll(peers: readonly Peer[], levels: readonly Level[], work: string, notes: string[]) {
  const figures: PeerFigure[] = [];
  for (const level of levels) {
    for (const peer of peers) {
      // Nobody can tell the level of noise that nobody added.
      if (peer.needsLevel && level.sigma === null) continue;
      // On stderr: the table may be on its way into a file, and it takes minutes.
      console.error(`${level.set}, ${levelName(level.sigma)}: ${peer.name}...`);
      try {
        figures.push(await measurePeer(peer, level, work));
      } catch (error) {
        notes.push(`${peer.name} failed at ${levelName(level.sigma)}: ${(error as Error).message}`);
      }
    }
  }
  return figures;
}

const isOf = (figure: PeerFigure, level: Level): boolean => figure.set === level.set && figure.sigma === level.sigma;

/** Whether the program that came nearest is ours. */
function isOursFirst(figures: readonly PeerFigure[]): boolean {
  const [best] = [...figures].sort((a, b) => b.psnrOut - a.psnrOut);
  return best?.peer.startsWith('Stillgrain') ?? false;
}
