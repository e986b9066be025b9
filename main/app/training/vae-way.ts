import { join } from 'node:path';
import { LEAST_VAE_PHOTOS, type PhotoId, type RuntimeSettings, type VaeStart } from '../../../preload/contract.js';
import { MAX_CURVE_POINTS } from '../../../preload/models/card.js';
import type { NewVaeCard, VaeMethod, VaePoint } from '../../../preload/models/vae-card.js';
import { TrainingRecipe } from '../../../preload/training/recipe.js';
import type { TrainingReport } from '../../../preload/training/train-call.js';
import { AppError } from '../../core/errors.js';
import { exists } from '../exists.js';
import { readRecipe } from '../training-recipes.js';
import type { VaeLibrary, VaeVersion } from '../vae-library.js';
import { NO_PROGRESS } from './progress.js';
import type { StoredRun } from './run-file.js';
import type { SheetImage } from './sheet-image.js';
import { hearVaeNews, NO_VAE_PROGRESS, thinnedPoints } from './vae-progress.js';
import type { NewRun, Way, WayTools } from './way.js';

export interface VaeWayOptions {
  readonly vaes: VaeLibrary;
  /** Folder of the recipes that ship. */
  readonly recipes: string;
  readonly pathOf: (photo: PhotoId) => string;
  readonly runtime: () => RuntimeSettings;
  readonly sheet: SheetImage;
  /** A VAE was taken into the library. */
  readonly onKept: () => void;
}

/** A person watches: they see something new every few minutes, and a kill costs no more than that. */
const EVERY_STEPS = { evaluate: 50, checkpoint: 50 } as const;
const SHEET_FILE = 'samples.png';

/** VAEs on the person's photos, and VAE-GANs that go on from them. */
export class VaeWay implements Way {
  readonly begunBy = 'checkpoint.bin';
  /** Not 'usage/invalid': photos that it began with are missing, and may come back. */
  readonly hopeless = /^(training|model)\//;

  constructor(private readonly options: VaeWayOptions) {}

  /** @throws AppError usage/invalid, input/not-found, model/... */
  async plan({ name, method, photos, minutes, parent: wanted }: VaeStart): Promise<NewRun> {
    if (photos.length < LEAST_VAE_PHOTOS) {
      throw new AppError('usage/invalid', `${LEAST_VAE_PHOTOS} photos are needed at least: fewer are learnt by heart`);
    }
    if (method === 'vae-gan' && wanted === null) {
      throw new AppError('usage/invalid', 'sharper pictures need a VAE to go on from: choose one');
    }
    const parent = wanted === null ? null : await this.options.vaes.get(wanted);
    return {
      ...{ name, method, minutes, clean: [], recipe: await this.#recipe(method, parent) },
      parent: parent && { model: parent.folder, name: parent.card.name, base: parent.id },
      photos: photos.map(this.options.pathOf),
      progress: { ...NO_PROGRESS, vae: NO_VAE_PROGRESS },
    };
  }

  async carryOut(run: StoredRun, { engine, signal, out, hear, begun }: WayTools) {
    const { runtime, sheet } = this.options;
    const recipe = TrainingRecipe.parse(run.recipe);
    hear((before) => ({ ...before, phase: 'reading' }));
    const request = {
      ...{ recipe, photos: run.photos, out, runtime: runtime() },
      init: run.parent?.model ?? null,
      length: { by: 'minutes' as const, minutes: run.minutes },
      resume: await exists(join(out, this.begunBy)),
    };
    let progress = run.progress;
    const training = engine.call(signal, 'train', request, undefined, (news) => {
      if (news.type === 'evaluated') void sheet.show(join(out, SHEET_FILE));
      hear((before) => (progress = hearVaeNews(before, news)));
    });
    begun();
    const report = await training;
    await sheet.show(join(out, SHEET_FILE));
    const { id } = await this.#keep(run, out, report, progress);
    return { version: id, promoted: false, verdict: null };
  }

  /** Shows the sheet of a run that an earlier process left. */
  async showSheet({ result }: StoredRun, out: string): Promise<void> {
    const kept = result === null ? null : await this.options.vaes.find(result.version).catch(() => null);
    await this.options.sheet.show(result === null ? join(out, SHEET_FILE) : (kept?.sheet ?? ''));
  }

  /** The recipe that ships, for the shape of the nets that it goes on from. */
  async #recipe(method: VaeMethod, parent: VaeVersion | null): Promise<TrainingRecipe> {
    const shipped = await readRecipe(method, this.options.recipes);
    const recipe: TrainingRecipe = {
      ...shipped,
      // What the two files are called, whatever the method.
      name: 'vae',
      evaluateEvery: Math.min(shipped.evaluateEvery, EVERY_STEPS.evaluate),
      checkpointEvery: Math.min(shipped.checkpointEvery, EVERY_STEPS.checkpoint),
    };
    if (parent === null) return recipe;
    const before = TrainingRecipe.safeParse(parent.card.recipe);
    if (!before.success || before.data.net.kind !== 'vae') {
      throw new AppError('model/invalid', `'${parent.card.name}' does not say what its nets look like`);
    }
    const { net } = before.data;
    return { ...recipe, net, data: { ...recipe.data, crop: net.side } };
  }

  async #keep(
    { name, method, parent, recipe }: StoredRun,
    out: string,
    { model, beside, steps, seconds, before, scores }: TrainingReport,
    { vae }: StoredRun['progress'],
  ): Promise<VaeVersion> {
    const file = join(out, SHEET_FILE);
    const card: NewVaeCard = {
      ...{ name, recipe, steps, seconds, scores: { before, after: scores } },
      created: new Date().toISOString(),
      method: method as VaeMethod,
      parent: parent && { name: parent.name, id: parent.base },
      photos: vae?.found?.photos ?? 0,
      heldOut: vae?.found?.heldOut ?? 0,
      curves: curveOf(vae?.curves ?? []),
    };
    const files = { encoder: model, decoder: beside[0]!, sheet: (await exists(file)) ? file : null };
    const version = await this.options.vaes.add(files, card);
    this.options.onKept();
    return version;
  }
}

function curveOf(points: readonly VaePoint[]): VaePoint[] {
  let thin = [...points];
  while (thin.length > MAX_CURVE_POINTS) thin = thinnedPoints(thin, MAX_CURVE_POINTS);
  return thin;
}
