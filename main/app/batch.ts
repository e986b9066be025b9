import { resolve } from 'node:path';
import type { DenoiseSettings, EncodeSettings, RuntimeSettings } from '../../preload/contract.js';
import type { WireError } from '../core/errors.js';
import { AUTO_MODEL, type ModelChoice } from './auto-model.js';
import { resolvedChoice } from './choose-model.js';
import { batchId } from './content-key.js';
import type { ExistingPolicy } from './disposition.js';
import type { UnsupportedKind } from './file-kinds.js';
import type { NameTemplate } from './naming.js';
import type { OutputFolder } from './output-folder.js';
import { planPhotos, type PhotoPlan } from './photo-plan.js';
import type { QueueRecords } from './queue-records.js';
import { scan, type Photo } from './scan.js';

/** A folder of photos to denoise, as the person asked for it on the command line. */
export interface BatchRequest {
  readonly inputs: readonly string[];
  readonly out: OutputFolder;
  readonly recursive: boolean;
  readonly template: NameTemplate;
  readonly policy: ExistingPolicy;
  /** Each photo's model takes the place of the one in here. */
  readonly settings: DenoiseSettings;
  readonly encode: EncodeSettings;
  readonly runtime: RuntimeSettings;
  readonly models: Pick<ModelChoice, 'model' | 'each'>;
}

/** Everything that is known before the work starts. */
export interface BatchPlan extends PhotoPlan {
  /** Inputs that could not even be listed. */
  readonly problems: readonly { readonly path: string; readonly error: WireError }[];
  /** How many files of each kind that is not read were passed over. */
  readonly unsupported: ReadonlyMap<UnsupportedKind, number>;
  /** Whether each photo's model was chosen by its camera. */
  readonly auto: boolean;
}

/** Lists the photos, gives each its output, and finds what stands in the way, before any work is done. */
export async function planBatch(request: BatchRequest, records: QueueRecords): Promise<BatchPlan> {
  const { out, encode, models } = request;
  const settings = { ...request.settings, model: models.model };
  const { photos, problems, unsupported } = await listPhotos(request, records);
  const chosen = await models.each(photos.map(({ path }) => path));
  const inputs = request.inputs.map((input) => resolve(input));
  const { template, recursive } = request;
  const plan = await planPhotos(
    photos.map((photo, index) => {
      const model = chosen[index]!;
      const own = { ...settings, ...resolvedChoice(settings, model) };
      return { photo, index, settings: own, modelId: model.id, modelName: model.name, out, records };
    }),
    {
      ...request,
      batch: batchId(inputs, { settings, encode }, { template, recursive }),
      conflictHint: "choose another --out, or a --name such as '{name}-denoised'",
    },
  );
  return { ...plan, problems, unsupported, auto: models.model === AUTO_MODEL };
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
