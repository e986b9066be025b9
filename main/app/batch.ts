import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { DenoiseSettings, EncodeSettings, RuntimeSettings } from '../../preload/contract.js';
import { AppError, toWireError, type WireError } from '../core/errors.js';
import { batchId, contentKey, itemId, jobId } from './content-key.js';
import type { ExistingPolicy } from './disposition.js';
import type { UnsupportedKind } from './file-kinds.js';
import { inputError } from './fs-errors.js';
import type { NameTemplate } from './naming.js';
import type { OutputFolder } from './output-folder.js';
import { assignOutputs, desiredOutput, pathKey } from './output-plan.js';
import type { PlannedItem, Task } from './queue-item.js';
import type { QueueRecords } from './queue-records.js';
import { scan, type Photo } from './scan.js';

/** A folder of photos to denoise, as the person asked for it. */
export interface BatchRequest {
  readonly inputs: readonly string[];
  readonly out: OutputFolder;
  readonly recursive: boolean;
  readonly template: NameTemplate;
  readonly policy: ExistingPolicy;
  readonly settings: DenoiseSettings;
  readonly encode: EncodeSettings;
  readonly runtime: RuntimeSettings;
  /** What the model's results depend on: its contents' hash, or its file's stamp. */
  readonly modelId: string;
}

/** Everything that is known before the work starts. */
export interface BatchPlan {
  readonly items: readonly PlannedItem[];
  /** Inputs that could not even be listed. */
  readonly problems: readonly { readonly path: string; readonly error: WireError }[];
  /** How many files of each kind that is not read were passed over. */
  readonly unsupported: ReadonlyMap<UnsupportedKind, number>;
  /** How many photos got a numbered name because another one wants theirs. */
  readonly renamed: number;
}

/** Looks at so many files at once: enough to hide a disk's latency, too few to run out of handles. */
const STAT_WINDOW = 32;

/** Lists the photos, gives each its output, and finds what stands in the way, before any work is done. */
export async function planBatch(request: BatchRequest, records: QueueRecords): Promise<BatchPlan> {
  const { out, policy } = request;
  const listing = await listPhotos(request, records);
  const task = taskOf(request);
  const sources = await mapWindow(listing.photos, ({ path }) => stat(path, { bigint: true }).catch(inputError));
  const originals = new Set(
    sources.flatMap((source) => (source instanceof AppError ? [] : [identity(source.dev, source.ino)])),
  );

  const naming = {
    out: out.path,
    template: request.template,
    format: request.encode.format,
    model: request.settings.model,
    strength: request.settings.strength,
  };
  const wishes = listing.photos.map((photo, index) => {
    const desired = desiredOutput(photo, index, naming);
    const id = itemId(photo.path, desired, policy);
    return { photo, desired, id, remembered: remembered(id, task, records) };
  });
  const outputs = await assignOutputs(wishes, {
    keyOf: (path) => pathKey(path, out.caseSensitive),
    isTaken: async (path) => policy === 'rename' && (await exists(path)),
  });
  const occupants = await mapWindow(outputs, (output) => stat(output, { bigint: true }).catch(() => null));

  // These two alone: nothing else of a request changes what a result looks like.
  const job = { settings: request.settings, encode: request.encode };
  const items = wishes.map(({ photo, id }, index): PlannedItem => {
    const source = sources[index]!;
    const output = outputs[index]!;
    const base = { id, input: photo.path, output, task };
    if (source instanceof AppError) return { ...base, key: '', size: 0, error: toWireError(source) };
    const stamp = { size: Number(source.size), mtimeNs: String(source.mtimeNs) };
    const key = contentKey(photo.path, stamp, job, request.modelId);
    const occupant = occupants[index];
    const hitsOriginal =
      occupant !== null && occupant !== undefined && originals.has(identity(occupant.dev, occupant.ino));
    return { ...base, key, size: stamp.size, error: hitsOriginal ? toWireError(originalInTheWay(output)) : null };
  });
  const renamed = wishes.filter(({ desired }, index) => desired !== outputs[index]).length;
  return { items, problems: listing.problems, unsupported: listing.unsupported, renamed };
}

/** The folders that a plan's results go to. */
export const outputFolders = (items: readonly PlannedItem[]): Set<string> =>
  new Set(items.map((item) => dirname(item.output)));

function taskOf(request: BatchRequest): Task {
  const { settings, encode, runtime, policy, template, recursive } = request;
  const inputs = request.inputs.map((input) => resolve(input));
  const job = { settings, encode };
  return { settings, encode, runtime, policy, jobId: jobId(job), batch: batchId(inputs, job, { template, recursive }) };
}

type Listing = Pick<BatchPlan, 'problems' | 'unsupported'> & { readonly photos: readonly Photo[] };

async function listPhotos(request: BatchRequest, records: QueueRecords): Promise<Listing> {
  const photos: Photo[] = [];
  const problems: { path: string; error: WireError }[] = [];
  const unsupported = new Map<UnsupportedKind, number>();
  const named = new Set(request.inputs.map((input) => resolve(input)));
  const results = ownResults(records);
  for await (const event of scan(request.inputs, { recursive: request.recursive, exclude: [request.out.path] })) {
    if (event.type === 'problem') problems.push(event);
    else if (event.type === 'unsupported') unsupported.set(event.kind, (unsupported.get(event.kind) ?? 0) + 1);
    // With results beside the originals, the next run would denoise the results.
    else if (named.has(event.photo.path) || !results.has(event.photo.path)) photos.push(event.photo);
  }
  return { photos, problems, unsupported };
}

function ownResults(records: QueueRecords): Set<string> {
  const results = new Set<string>();
  for (const item of records.items.values()) if (item.result !== null) results.add(item.output);
  return results;
}

/**
 * The output that an earlier run gave an item. With --existing rename a finished run's names are used up: only a run
 * that was broken off goes on with its own.
 */
function remembered(id: string, task: Task, records: QueueRecords): string | null {
  const record = records.items.get(id);
  if (record === undefined) return null;
  if (task.policy !== 'rename') return record.output;
  const last = record.attempt ?? record.result;
  return last !== null && last.batch === task.batch && last.at > (records.ends.get(task.batch) ?? 0)
    ? record.output
    : null;
}

const originalInTheWay = (output: string): AppError =>
  new AppError(
    'output/conflict',
    `the result would replace an original, ${output}: choose another --out, or a --name such as '{name}-denoised'`,
  );

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
