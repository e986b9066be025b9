import type { Parts, Scores } from '../../../preload/training/train-call.js';
import type { Model } from '../../core/onnx/model.js';
import type { RgbImage } from '../../core/image/contact-sheet.js';
import type { RuntimeTensor, SessionOptions } from '../runtime.js';
import type { TrainingBatch } from './loader.js';
import type { TrainingState, Weights } from './training-state.js';

/**
 * What differs between the things that a run can train: which graphs a step runs, what they are fed, how the result is
 * judged and which files it is. The trainer has all the rest: photos, schedule, checkpoints, metrics, news.
 */
export interface TrainingTask {
  readonly weights: Weights;
  /** SHA-256 of the model that the run starts from; null for random weights. */
  readonly parent: string | null;
  /** Usable photos without which a run makes no sense, those held out included. */
  readonly leastPhotos: number;
  /** Bytes that a step needs. */
  readonly memory: number;
  /** Reads what it is judged with and opens its sessions. */
  open(signal: AbortSignal, heldOut: readonly string[], session: SessionOptions): Promise<OpenTask>;
}

/** A task whose sessions are open. */
export interface OpenTask {
  /** Computes a step; nothing of it counts before the trainer has taken it over. */
  step(context: StepContext): Promise<StepOutcome>;
  /** Measures the running means of the weights on what is held out. */
  evaluate(signal: AbortSignal, state: TrainingState): Promise<Evaluation>;
  /** Whether scores are better than the best so far, or as good where nothing can be told. */
  isBetter(scores: Scores, best: Scores): boolean;
  /** The files of the trained model, with the running means of the weights. */
  models(state: TrainingState): readonly ModelFile[];
  release(): Promise<void>;
}

export interface StepContext {
  /** Counts from 1. */
  readonly step: number;
  /** How far the run is, in [0,1]. */
  readonly fraction: number;
  readonly state: TrainingState;
  /** What the outcome of the step before kept; at first nothing. */
  readonly kept: Readonly<Record<string, number>>;
  /** The highest learning rate of the run... */
  readonly peak: number;
  /** ...and the rate of this step, for any peak. */
  readonly rate: (peak: number) => number;
  readonly nextBatch: () => Promise<TrainingBatch>;
}

export type StepOutputs = Readonly<Record<string, RuntimeTensor>>;

export interface StepOutcome {
  readonly loss: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  readonly parts: Parts;
  /** What the graphs gave: the next state of the weights that they train. */
  readonly trained: readonly StepOutputs[];
  /** Numbers that the next step needs; they are part of checkpoints. */
  readonly kept: Readonly<Record<string, number>>;
}

export interface Evaluation {
  readonly scores: Scores;
  /** What a person can judge by: `samples.png`. */
  readonly sheet: RgbImage | null;
}

export interface ModelFile {
  /** Behind the recipe's name, in front of `.onnx`. */
  readonly suffix: string;
  /** Its metadata says what kind of net it is. */
  readonly kind: string;
  readonly graph: Model['graph'];
}
