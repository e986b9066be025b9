import { z } from 'zod';
import { RuntimeSettings } from '../contract/settings.js';
import { Scores, TrainingNews } from '../training/train-call.js';
import { CameraNoise } from './profile.js';

/** What a host asks of the engine to fine-tune a denoiser on someone's photos, and what it hears meanwhile. */

/**
 * How a model learnt: from noisy photos alone, refined or by masked pixels; from their noise put on clean photos; from
 * frames of the same scenes.
 */
export const LEARNING_METHODS = ['noisy', 'blind-spot', 'clean', 'pairs'] as const;
export type LearningMethod = (typeof LEARNING_METHODS)[number];

/** The ways to learn from noisy photos alone: docs/learning.md compares them. */
export const NOISY_RECIPES = ['refine', 'blind-spot'] as const;
export type NoisyRecipe = (typeof NOISY_RECIPES)[number];

/** Frames of one scene: a noisy and a clean one, two noisy ones, or a burst. */
export const Scene = z.strictObject({
  /** What it is called in messages: where its frames lie. */
  name: z.string(),
  /** Absolute; the first is what the others are compared with. */
  frames: z.array(z.string()).min(2),
});
export type Scene = z.infer<typeof Scene>;

export const LearnRequest = z.strictObject({
  /** Noisy photos, absolute; empty with `pairs`. */
  photos: z.array(z.string()),
  /** Clean photos that get their noise, absolute; empty: the noisy ones, denoised. */
  clean: z.array(z.string()),
  /** Scenes to learn from in place of photos. */
  pairs: z.array(Scene).default([]),
  /** With noisy photos alone. */
  recipe: z.enum(NOISY_RECIPES).default('refine'),
  /** 'fast', 'quality' or the absolute path of a denoiser: the parent. */
  model: z.string(),
  /** Folder of the run, which is there. Absolute. */
  out: z.string(),
  minutes: z.number().positive(),
  /** Factor of the recipe's learning rate. */
  rate: z.number().positive().max(1000).default(1),
  resume: z.boolean(),
  seed: z.int().min(0).default(1),
  /** Folder for small pictures of what is held out, as it gets better; absolute, it is made. Absent: none. */
  samples: z.string().optional(),
  runtime: RuntimeSettings,
});
export type LearnRequest = z.infer<typeof LearnRequest>;

export const GateMeasure = z.object({
  name: z.string(),
  unit: z.string(),
  parent: z.number(),
  child: z.number(),
  ok: z.boolean(),
});
export type GateMeasure = z.infer<typeof GateMeasure>;

/** Whether a trained model may replace its parent; `reasons`: why not, each a clause. */
export const GateVerdict = z.object({
  passed: z.boolean(),
  measures: z.array(GateMeasure),
  reasons: z.array(z.string()),
});
export type GateVerdict = z.infer<typeof GateVerdict>;

/** A held-out part as small pictures, absolute: as it is, as the parent makes it, and as the net does by now. */
export const SampleFiles = z.object({ noisy: z.string(), parent: z.string(), current: z.string() });
export type SampleFiles = z.infer<typeof SampleFiles>;

export const LearningNews = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reading'), fraction: z.number() }),
  /** The noise of the photos is known. `round` counts from 1. */
  z.object({
    type: z.literal('measured'),
    round: z.int(),
    rounds: z.int(),
    photos: z.int(),
    windows: z.int(),
    heldOut: z.int(),
    cameras: z.array(CameraNoise),
    problems: z.array(z.object({ path: z.string(), message: z.string() })),
  }),
  z.object({ type: z.literal('training'), round: z.int(), rounds: z.int(), news: TrainingNews }),
  /** After an evaluation; those of before may be deleted, but for `noisy` and `parent`, which stay the same. */
  z.object({ type: z.literal('samples'), round: z.int(), step: z.int(), parts: z.array(SampleFiles) }),
  z.object({ type: z.literal('judged'), verdict: GateVerdict }),
]);
export type LearningNews = z.infer<typeof LearningNews>;

export const LearningReport = z.object({
  /** The trained model. */
  model: z.string(),
  parent: z.object({ model: z.string(), sha256: z.string() }),
  method: z.enum(LEARNING_METHODS),
  steps: z.int(),
  seconds: z.number(),
  photos: z.int(),
  cameras: z.array(CameraNoise),
  scores: Scores,
  before: Scores,
  /** Over all rounds, whose steps count on. */
  curves: z.object({
    loss: z.array(z.object({ step: z.int(), loss: z.number() })),
    evaluations: z.array(z.object({ step: z.int(), scores: Scores })),
  }),
  /** The training recipe of the last round, as JSON. */
  recipe: z.json(),
  verdict: GateVerdict,
});
export type LearningReport = z.infer<typeof LearningReport>;
