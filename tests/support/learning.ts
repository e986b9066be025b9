import type { LearningNews, LearningReport, LearnRequest } from '../../preload/learn/learn-call.js';
import { DEFAULT_RUNTIME } from '../../preload/contract.js';
// Compiled: it starts a thread from the file that lies beside it.
import { learn } from '../../dist/main/engine/learn/learn.js';
import { ModelStore } from '../../dist/main/engine/models.js';
import { MODELS } from './photos.js';
import { tempFolder } from './temp-folder.js';

/** Fine-tuning in this process, with the shipped models. */

const store = new ModelStore(MODELS);
/** Long enough for some tens of steps, and for an evaluation at the end. */
const MINUTES = 0.02;

/** A request for a short run into a folder of its own. */
export function learnRequest(changes: Partial<LearnRequest> = {}): LearnRequest {
  const out = changes.out ?? tempFolder();
  const nothing = { photos: [], clean: [], pairs: [], recipe: 'refine' as const };
  const plain = { ...nothing, model: 'fast', minutes: MINUTES, rate: 1, resume: false, seed: 1 };
  return { ...plain, out, runtime: DEFAULT_RUNTIME, ...changes };
}

/** Learns to the end. */
export function runLearn(
  asked: LearnRequest,
  hear: (news: LearningNews) => void = () => undefined,
): Promise<LearningReport> {
  return runLearnUntil(new AbortController().signal, asked, hear);
}

/** Learns until it is stopped. */
export function runLearnUntil(
  signal: AbortSignal,
  asked: LearnRequest,
  hear: (news: LearningNews) => void,
  unpaused: () => Promise<void> = () => Promise.resolve(),
): Promise<LearningReport> {
  return learn(signal, asked, {
    estimator: async () => (await store.estimator()).graph,
    session: { provider: 'cpu', threads: 1 },
    available: 2 ** 34,
    unpaused,
    modelFile: (name) => store.denoiserFile(name),
    onNews: hear,
  });
}
