import { z } from 'zod';
import { CameraNoise } from '../learn/profile.js';
import { GateVerdict, type LearningMethod as EngineMethod } from '../learn/learn-call.js';
import { ModelName, VersionId } from '../models/card.js';
import { VaeMethod, VaePoint, VaeScores } from '../models/vae-card.js';
import { Parts } from '../training/train-call.js';
import { MAX_TRAINING_MINUTES, MIN_TRAINING_MINUTES } from './constants.js';
import { ImageId, PhotoIds } from './library.js';
import { WireError } from './settings.js';

/** Learning from the person's photos: what the window asks for, and what it hears of the one run there is. */

/** What can be started from the window: one more is an entry here, in the service and in the window's list of recipes. */
export const WINDOW_METHODS = ['noisy', 'clean', 'pairs'] as const satisfies readonly EngineMethod[];
export const LearningMethod = z.enum(WINDOW_METHODS);
export type LearningMethod = z.infer<typeof LearningMethod>;

/** What a denoiser is called when it is named: a shipped one, a name of the person's own, or the id of a version. */
const ModelReference = z.union([z.enum(['quality', 'fast']), ModelName, VersionId]);

export const TrainStart = z.strictObject({
  name: ModelName,
  method: LearningMethod,
  /** Noisy photos; with 'pairs' the frames of all scenes, which are told by folders and names. */
  photos: PhotoIds.min(1),
  /** Clean photos that get their noise; empty unless the method is 'clean'. */
  clean: PhotoIds,
  minutes: z.number().min(MIN_TRAINING_MINUTES).max(MAX_TRAINING_MINUTES),
  /** What it starts from. */
  parent: ModelReference,
});
export type TrainStart = z.infer<typeof TrainStart>;

/** A VAE, or a VAE-GAN that goes on from one. */
export const VaeStart = z.strictObject({
  name: ModelName,
  method: VaeMethod,
  photos: PhotoIds.min(1),
  minutes: z.number().min(MIN_TRAINING_MINUTES).max(MAX_TRAINING_MINUTES),
  /** The VAE of the person's own that it goes on from; null: from random weights, which a VAE-GAN does not. */
  parent: VersionId.nullable(),
});
export type VaeStart = z.infer<typeof VaeStart>;

/** What a run is of: a denoiser, or a VAE. */
export const RunMethod = z.union([LearningMethod, VaeMethod]);
export type RunMethod = z.infer<typeof RunMethod>;

/** Photos of one camera, and the range of ISO speeds that they say. */
export const CameraSummary = z.object({
  /** null: the photos do not say. */
  make: z.string().nullable(),
  model: z.string().nullable(),
  isoFrom: z.number().nullable(),
  isoTo: z.number().nullable(),
  photos: z.int(),
});
export type CameraSummary = z.infer<typeof CameraSummary>;

export const PhotosSummary = z.object({
  cameras: z.array(CameraSummary),
  /** Photos that were looked at: of very many, some. */
  looked: z.int(),
});
export type PhotosSummary = z.infer<typeof PhotosSummary>;

/**
 * `running`: at work, unless `waits`; `paused`: by the person; `stopped`: by the person, by an error, or with the program,
 * and can be gone on with unless `hopeless`; `ended`: there is a result.
 */
export const RUN_STATES = ['running', 'paused', 'stopped', 'ended'] as const;
export const RUN_PHASES = ['starting', 'reading', 'measuring', 'training', 'judging'] as const;

/** A held-out part: as it is, as the parent makes it, and as the net does by now. */
export const SamplePictures = z.object({ noisy: ImageId, parent: ImageId, current: ImageId });
export type SamplePictures = z.infer<typeof SamplePictures>;

/** How the training of a VAE goes. */
export const VaeProgress = z.object({
  /** Photos that are learnt from, and held out; null: they are not read yet. */
  found: z.object({ photos: z.int(), heldOut: z.int() }).nullable(),
  /** The named figures of the last steps: what the balance of the parts is told by. */
  parts: Parts,
  curves: z.array(VaePoint),
  /** Of the last evaluation; null: none yet, or nothing is held out. */
  scores: VaeScores.nullable(),
});
export type VaeProgress = z.infer<typeof VaeProgress>;

export const TrainingRun = z.object({
  name: z.string(),
  method: RunMethod,
  /** What the person calls the model that it starts from; null: random weights. */
  parent: z.string().nullable(),
  minutes: z.number(),
  /** Photos that were chosen. */
  photos: z.int(),
  clean: z.int(),
  state: z.enum(RUN_STATES),
  /** It lets photos that are denoised or looked at go first. */
  waits: z.boolean(),
  phase: z.enum(RUN_PHASES),
  round: z.int(),
  rounds: z.int(),
  /** Over all rounds. */
  step: z.int(),
  fraction: z.number(),
  /** Milliseconds; null: not known yet. */
  etaMs: z.number().nullable(),
  msPerStep: z.number().nullable(),
  /** What was found in the photos; null before that. */
  found: z.object({ photos: z.int(), windows: z.int(), heldOut: z.int() }).nullable(),
  /** Photos that could not be used, by their names. */
  leftOut: z.array(z.object({ name: z.string(), message: z.string() })),
  cameras: z.array(CameraNoise),
  curves: z.object({
    loss: z.array(z.object({ step: z.int(), loss: z.number() })),
    /** PSNR in dB on what is held out, with the photos' own noise. */
    heldOut: z.array(z.object({ step: z.int(), psnr: z.number() })),
    /** Steps after which a round ended. */
    rounds: z.array(z.int()),
  }),
  samples: z.array(SamplePictures),
  /** Of a VAE; null: a denoiser learns. */
  vae: VaeProgress.nullable().default(null),
  /** Held-out photos, their reconstructions and samples, in one picture; null: none yet. */
  sheet: ImageId.nullable(),
  /** Why it stopped; null: nothing is wrong. */
  error: WireError.nullable(),
  /** Going on would end the same. */
  hopeless: z.boolean(),
  /** `verdict`: null for a VAE, which nothing is judged against. */
  result: z.object({ version: VersionId, promoted: z.boolean(), verdict: GateVerdict.nullable() }).nullable(),
});
export type TrainingRun = z.infer<typeof TrainingRun>;

const Nothing = z.strictObject({});
const Done = z.object({});

export const TRAIN_CALLS = {
  'train.state': { params: Nothing, result: z.object({ run: TrainingRun.nullable() }) },
  /** Which cameras took photos, at which ISO speeds. */
  'train.photos': { params: z.strictObject({ photos: PhotoIds }), result: PhotosSummary },
  /** Starts a run; the one before it must have ended or been discarded. */
  'train.start': { params: TrainStart, result: Done },
  'train.startVae': { params: VaeStart, result: Done },
  'train.pause': { params: Nothing, result: Done },
  /** Goes on after a pause or a stop. */
  'train.resume': { params: Nothing, result: Done },
  'train.stop': { params: Nothing, result: Done },
  /** Forgets a run that is not under way; a model that came of it stays. */
  'train.discard': { params: Nothing, result: Done },
} as const;

export const TRAIN_EVENTS = {
  /** The whole of it, at most a few times a second; null: there is none. */
  'train.changed': z.object({ run: TrainingRun.nullable() }),
} as const;
