import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DenoiseSettings, EncodeSettings, RuntimeSettings } from '../../preload/contract.js';
import { AppError, toWireError, type WireError } from '../core/errors.js';
import { contentKey, itemId, jobId } from './content-key.js';
import type { ExistingPolicy } from './disposition.js';
import { inputError } from './fs-errors.js';
import type { NameTemplate } from './naming.js';
import type { OutputFolder } from './output-folder.js';
import { assignOutputs, desiredOutput, pathKey } from './output-plan.js';
import type { PlannedItem, Task } from './queue-item.js';
import type { QueueRecords } from './queue-records.js';
import type { Photo } from './scan.js';

/** One photo, how it is to be denoised, and where its result belongs. */
export interface PhotoJob {
  readonly photo: Photo;
  /** Its number in the run, from 0. */
  readonly index: number;
  readonly settings: DenoiseSettings;
  /** What the model's results depend on: its contents' hash, or its file's stamp. */
  readonly modelId: string;
  /** What people call the model, in names of files too. */
  readonly modelName: string;
  readonly out: OutputFolder;
  /** What the journals of that folder know. */
  readonly records: QueueRecords;
  /** Why it cannot be done, if that is known already. */
  readonly error?: WireError | null;
}

/** What holds for all photos of a run. */
export interface PhotoPlanOptions {
  readonly template: NameTemplate;
  readonly policy: ExistingPolicy;
  readonly encode: EncodeSettings;
  readonly runtime: RuntimeSettings;
  /** Names the command that the photos belong to: see `batchId`. */
  readonly batch: string;
  /** False: results go straight into their output folder. Absent: true. */
  readonly keepFolders?: boolean;
  /** Whether the output folders must be there when a result is written: nothing is made in the place of a lost disk. */
  readonly keepBase?: boolean;
  /** Whether a name belongs to another photo's result, so that this one gets a number. Absent: none does. */
  readonly isReserved?: (output: string, job: PhotoJob) => Promise<boolean>;
  /** Whether a file that is not among the photos is an original all the same. Absent: none is. */
  readonly isOriginal?: (path: string) => boolean;
  /** What to do about a result that would replace an original, for the message. */
  readonly conflictHint: string;
}

/** What a set of photos comes to before any work is done. */
export interface PhotoPlan {
  readonly items: readonly PlannedItem[];
  /** How many photos got a numbered name because another one wants theirs. */
  readonly renamed: number;
}

/** Looks at so many files at once: enough to hide a disk's latency, too few to run out of handles. */
const STAT_WINDOW = 32;

/** Gives each photo its output and finds what stands in the way; names are settled over the whole set. */
export async function planPhotos(jobs: readonly PhotoJob[], options: PhotoPlanOptions): Promise<PhotoPlan> {
  const { policy, isReserved } = options;
  const taskFor = taskMaker(options);
  const sources = await mapWindow(jobs, ({ photo }) => stat(photo.path, { bigint: true }).catch(inputError));
  const originals = new Set(
    sources.flatMap((source) => (source instanceof AppError ? [] : [identity(source.dev, source.ino)])),
  );
  const wishes = jobs.map((job) => {
    const desired = desiredFor(job, options);
    const id = itemId(job.photo.path, desired, policy);
    return { desired, id, task: taskFor(job), remembered: remembered(id, options, job.records) };
  });
  const caseSensitive = jobs.every(({ out }) => out.caseSensitive);
  const outputs = await assignOutputs(wishes, {
    keyOf: (path) => pathKey(path, caseSensitive),
    isTaken: async (path, index) =>
      (policy === 'rename' && (await exists(path))) || (await isReserved?.(path, jobs[index]!)) === true,
  });
  const occupants = await mapWindow(outputs, (output) => stat(output, { bigint: true }).catch(() => null));

  const items = wishes.map(({ id, task }, index): PlannedItem => {
    const job = jobs[index]!;
    const source = sources[index]!;
    const output = outputs[index]!;
    const base = { id, input: job.photo.path, output, task, ...(options.keepBase ? { base: job.out.path } : {}) };
    if (source instanceof AppError) return { ...base, key: '', size: 0, error: toWireError(source) };
    const stamp = { size: Number(source.size), mtimeNs: String(source.mtimeNs) };
    const key = contentKey(
      job.photo.path,
      stamp,
      { settings: job.settings, encode: options.encode },
      netOf(job, options),
    );
    const occupant = occupants[index];
    const hitsOriginal =
      occupant !== null &&
      occupant !== undefined &&
      (originals.has(identity(occupant.dev, occupant.ino)) ||
        (options.isOriginal?.(output) === true &&
          job.records.items.get(id)?.result?.written.ino !== Number(occupant.ino)));
    const error = job.error ?? (hitsOriginal ? toWireError(originalInTheWay(output, options.conflictHint)) : null);
    return { ...base, key, size: stamp.size, error };
  });
  const renamed = wishes.filter(({ desired }, index) => desired !== outputs[index]).length;
  return { items, renamed };
}

/**
 * What a result depends on of the net: results of earlier versions were all computed in float. With 'auto' either will do,
 * and one that is there is as good.
 */
const netOf = ({ modelId }: PhotoJob, { runtime }: PhotoPlanOptions): string =>
  runtime.precision === 'int8' ? `${modelId}/int8` : modelId;

/** Where a photo's result goes if nothing is in the way. */
export function desiredFor(
  { photo, index, settings, modelName, out }: Pick<PhotoJob, 'photo' | 'index' | 'settings' | 'modelName' | 'out'>,
  { template, encode, keepFolders }: Pick<PhotoPlanOptions, 'template' | 'encode' | 'keepFolders'>,
): string {
  return desiredOutput(photo, index, {
    out: out.path,
    template,
    format: encode.format,
    model: modelName,
    strength: settings.strength,
    keepFolders: keepFolders ?? true,
  });
}

/** The folders that a plan's results go to. */
export const outputFolders = (items: readonly PlannedItem[]): Set<string> =>
  new Set(items.map((item) => dirname(item.output)));

/** Photos with the same settings share one task: ten thousand copies would be megabytes. */
function taskMaker({ encode, runtime, policy, batch }: PhotoPlanOptions): (job: PhotoJob) => Task {
  const tasks = new Map<string, Task>();
  return ({ settings, modelName }) => {
    // These two name it: of all else only the precision changes what a result looks like, and that is one for a plan.
    const id = jobId({ settings, encode });
    const task = tasks.get(id) ?? { settings, encode, runtime, policy, modelName, jobId: id, batch };
    tasks.set(id, task);
    return task;
  };
}

/**
 * The output that an earlier run gave an item. With --existing rename a finished run's names are used up: only a run
 * that was broken off goes on with its own.
 */
function remembered(id: string, { policy, batch }: PhotoPlanOptions, records: QueueRecords): string | null {
  const record = records.items.get(id);
  if (record === undefined) return null;
  if (policy !== 'rename') return record.output;
  const last = record.attempt ?? record.result;
  return last !== null && last.batch === batch && last.at > (records.ends.get(batch) ?? 0) ? record.output : null;
}

const originalInTheWay = (output: string, hint: string): AppError =>
  new AppError('output/conflict', `the result would replace an original, ${output}: ${hint}`);

const identity = (dev: bigint, ino: bigint): string => `${dev}:${ino}`;

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Maps in order, several at a time. */
async function mapWindow<T, R>(list: readonly T[], map: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < list.length; start += STAT_WINDOW) {
    results.push(...(await Promise.all(list.slice(start, start + STAT_WINDOW).map(map))));
  }
  return results;
}
