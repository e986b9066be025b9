import { stat } from 'node:fs/promises';
import type { PhotoId, RuntimeSettings } from '../../../preload/contract.js';
import { sameFile } from '../disposition.js';
import { parseTemplate } from '../naming.js';
import { pathKey } from '../output-plan.js';
import { planPhotos, type PhotoJob } from '../photo-plan.js';
import type { PlannedItem, QueueItem } from '../queue-item.js';
import { QueueRecords } from '../queue-records.js';
import type { QueueStore } from '../queue-store.js';
import { CONFLICT_HINT, keepsFolders, TEMPLATE_SUBJECT } from './export-plan.js';
import { folderOf, type Lane, type Lanes } from './lanes.js';
import { outputLabel } from './queue-view.js';
import type { Run, RunPhoto } from './run.js';

/** A photo of a run, ready for the queue. */
export interface Enlisted {
  readonly job: RunPhoto;
  readonly item: PlannedItem;
  /** Where its result goes, below the destination, for people. */
  readonly label: string;
  /** null: its output folder cannot be used, which is the item's error. */
  readonly store: QueueStore | null;
}

export interface EnlistOptions {
  readonly state: string;
  readonly runtime: RuntimeSettings;
  /** Which photo an output is meant for; null: none. */
  readonly ownerOf: (output: string) => PhotoId | null;
  readonly isOriginal: (path: string) => boolean;
}

/** Plans photos of a run: their names, their output folders, and what stands in the way. Throws for the whole only. */
export async function enlist(
  run: Run,
  photos: readonly RunPhoto[],
  lanes: Lanes,
  options: EnlistOptions,
): Promise<Enlisted[]> {
  const { state, runtime, ownerOf, isOriginal } = options;
  const open = await lanes.open(run, photos);
  const jobs = photos.map((photo): PhotoJob => {
    const folder = folderOf(run, photo, state);
    const lane = open.get(folder)!;
    const usable = 'out' in lane;
    return {
      photo,
      index: photo.index,
      settings: photo.settings,
      modelId: run.models[photo.settings.model] ?? '',
      modelName: run.modelNames[photo.settings.model] ?? photo.settings.model,
      out: usable ? lane.out : { path: folder, caseSensitive: true },
      records: usable ? lane.store.records : new QueueRecords(),
      error: usable ? null : lane,
    };
  });
  const results = resultsIn(open.values());
  const plan = await planPhotos(jobs, {
    template: parseTemplate(run.export.template, TEMPLATE_SUBJECT),
    policy: run.export.existing,
    encode: run.export.encode,
    runtime,
    batch: run.id,
    keepFolders: keepsFolders(run.export),
    keepBase: run.out !== null,
    conflictHint: CONFLICT_HINT,
    isOriginal,
    // Another photo's result is not what the choice about existing files is for: nobody would miss it until too late.
    isReserved: async (output, { photo }) => {
      const owner = ownerOf(output);
      if (owner !== null) return owner !== (photo as RunPhoto).photo;
      const input = results.get(pathKey(output, true));
      return input !== undefined && input !== photo.path && (await isThere(input)) && (await isThere(output));
    },
  });
  return plan.items.map((item, index) => {
    const lane = open.get(folderOf(run, photos[index]!, state))!;
    return {
      job: photos[index]!,
      item,
      label: outputLabel(run.export, jobs[index]!.out.path, item.output),
      store: 'out' in lane ? lane.store : null,
    };
  });
}

/**
 * What the journals say became of an item of this very run, for a run that is taken up again; null: nothing yet. What
 * was found to be done already is found again.
 */
export async function outcomeOf({ item, job, store }: Enlisted): Promise<QueueItem | null> {
  const waiting: QueueItem = { ...item, state: 'waiting', fraction: 0, pixels: 0, skipped: null, report: null };
  if (item.error !== null) return { ...waiting, state: 'failed' };
  const record = store?.records.items.get(item.id);
  if (record === undefined) return null;
  const { result, setback } = record;
  if (result !== null && result.batch === item.task.batch && result.key === item.key) {
    const info = await stat(item.output).catch(() => null);
    if (info !== null && sameFile(result.written, info)) {
      return { ...waiting, state: 'done', fraction: 1, report: result.report };
    }
  }
  if (setback === null || setback.at < job.since) return null;
  return setback.error === null
    ? { ...waiting, state: 'cancelled' }
    : { ...waiting, state: 'failed', error: setback.error };
}

/** Which original each result in these folders was made from. */
function resultsIn(lanes: Iterable<Lane | { readonly code: string }>): Map<string, string> {
  const results = new Map<string, string>();
  for (const lane of lanes) {
    if (!('out' in lane)) continue;
    for (const { input, output, result } of lane.store.records.items.values()) {
      if (result !== null) results.set(pathKey(output, true), input);
    }
  }
  return results;
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
