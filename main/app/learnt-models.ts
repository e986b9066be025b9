import { basename, join } from 'node:path';
import type { CardCamera, NewModelCard } from '../../preload/models/card.js';
import type { LearningReport } from '../../preload/learn/learn-call.js';
import type { CameraNoise } from '../../preload/learn/profile.js';
import { exists } from './exists.js';
import type { ModelLibrary, ModelVersion } from './model-library.js';
import { learningFolder } from './state-folder.js';

/** What becomes of models that were learnt: versions in the library, and the promoted one if it won. */

/** What a learnt model is called, and what it came from. */
export interface Descent {
  readonly name: string;
  /** What the person calls the parent. */
  readonly parent: string;
  /** The shipped model that it descends from, or what else it is. */
  readonly base: string;
}

/** The base of what is learnt from a model: a model of the library hands its own down. */
export async function baseOf(library: Pick<ModelLibrary, 'forUse'>, model: string): Promise<string> {
  const own = await library.forUse(model);
  if (own === null) return basename(model);
  return 'file' in own ? own.card.base : own.base;
}

/**
 * Takes what was learnt into the library, whatever the gate said, and promotes it if it passed.
 * @throws AppError as the library does
 */
export async function keepLearnt(
  library: ModelLibrary,
  descent: Descent,
  report: LearningReport,
): Promise<ModelVersion> {
  const { version } = await library.add(report.model, cardOf(descent, report));
  return report.verdict.passed ? library.promote(version.id) : version;
}

function cardOf({ name, parent: calledParent, base }: Descent, report: LearningReport): NewModelCard {
  const { verdict, method, recipe, curves, before, scores, steps, seconds, photos, parent, cameras } = report;
  return {
    name,
    created: new Date().toISOString(),
    parent: { name: calledParent, sha256: parent.sha256 },
    base,
    recipe: { kind: method, training: recipe },
    data: { photos, cameras: cardCameras(cameras) },
    steps,
    seconds,
    curves: { loss: curves.loss, evaluations: curves.evaluations },
    scores: { parent: before, child: scores },
    gate: {
      passed: verdict.passed,
      reasons: verdict.reasons,
      measures: verdict.measures.map(({ name: measure, parent: was, child, ok }) => ({
        name: measure,
        parent: was,
        child,
        better: ok,
      })),
    },
    notes: [],
  };
}

/** The groups that say which camera they are of, one entry a camera. */
function cardCameras(groups: readonly CameraNoise[]): CardCamera[] {
  const cameras = new Map<string, CardCamera>();
  for (const { make, model, iso, photos } of groups) {
    if (model === null) continue;
    const key = JSON.stringify([make, model]);
    const known = cameras.get(key) ?? { make: make ?? '', model, isoFrom: null, isoTo: null, photos: 0 };
    const least = (a: number | null, b: number | null): number | null =>
      a === null ? b : b === null ? a : Math.min(a, b);
    const most = (a: number | null, b: number | null): number | null =>
      a === null ? b : b === null ? a : Math.max(a, b);
    cameras.set(key, {
      ...known,
      isoFrom: least(known.isoFrom, iso),
      isoTo: most(known.isoTo, iso),
      photos: known.photos + photos,
    });
  }
  return [...cameras.values()];
}

/**
 * The folder of a run that was given none: the last one of the name if it is to be gone on with or has not ended, else a
 * new one.
 */
export async function runFolderFor(state: string, name: string, resume: boolean): Promise<string> {
  let last: string | null = null;
  for (let number = 1; ; number++) {
    const folder = join(learningFolder(state), number === 1 ? name : `${name}-${number}`);
    if (!(await exists(folder))) return resume && last !== null ? last : folder;
    const hasEnded = await exists(join(folder, 'report.json'));
    if (!hasEnded) return folder;
    last = folder;
  }
}
