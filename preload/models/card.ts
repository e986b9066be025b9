import { z } from 'zod';
import { isFileName, isReservedName, MODEL_NAME_PATTERN, VERSION_ID_PATTERN } from '../contract/model-name.js';

/** What is known of a denoiser that somebody trained: kept beside its file, and inside it where it is exported. */

/** Hexadecimal digits of a version's id: the first of its file's SHA-256. */
export const VERSION_ID_LENGTH = 12;
export const VersionId = z.string().regex(VERSION_ID_PATTERN, 'an id is 12 hexadecimal digits');

/** What all versions of a model are called: a plain word or a few, never taken for a path, an id or a shipped model. */
export const ModelName = z
  .string()
  .regex(
    MODEL_NAME_PATTERN,
    'a name has up to 64 letters, digits, spaces, dots, dashes and underscores, and begins with a letter or digit',
  )
  .refine((name) => !isFileName(name), "a name does not end in '.onnx'")
  .refine((name) => !VersionId.safeParse(name).success, 'a name is not like the id of a version')
  .refine((name) => !isReservedName(name), 'that name is taken by Stillgrain itself');

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** ISO 8601 in UTC, as `Date.toISOString` writes it. */
const Time = z.iso.datetime();
const Count = z.int().min(0);

/** Photos of one camera that a model learnt from. */
export const CardCamera = z.object({
  make: z.string(),
  model: z.string(),
  /** The range of ISO speeds; null: the photos do not say, and the model is never chosen for a camera by itself. */
  isoFrom: z.number().positive().nullable(),
  isoTo: z.number().positive().nullable(),
  photos: Count,
});
export type CardCamera = z.infer<typeof CardCamera>;

/** The most points that a card keeps of a curve. */
export const MAX_CURVE_POINTS = 200;
const Curve = <T extends z.ZodType>(point: T) => z.array(point).max(MAX_CURVE_POINTS);

/** Scores by the name of what was measured, such as PSNR in dB on a set of held-out photos. */
const CardScores = z.record(z.string(), z.number());

/** One measure of the gate on held-out data. */
export const GateMeasure = z.object({ name: z.string(), parent: z.number(), child: z.number(), better: z.boolean() });
export type GateMeasure = z.infer<typeof GateMeasure>;

export const ModelCard = z.object({
  v: z.literal(1),
  /** The first digits of `sha256`. */
  id: VersionId,
  name: ModelName,
  /** Of the model's file. */
  sha256: Sha256,
  /** Size of the model's file. */
  bytes: Count,
  created: Time,
  /** What it was trained from: a shipped model by its name, or a version by its id; null: random weights, or unknown. */
  parent: z.object({ name: z.string(), sha256: z.string() }).nullable(),
  /** The shipped model that it descends from ('quality', 'fast'), or what else it is. */
  base: z.string().min(1),
  /** How it was trained: 'noisy', 'blind-spot', 'clean', 'pairs', 'imported'...; and the whole recipe. */
  recipe: z.object({ kind: z.string().min(1), training: z.json().nullable() }),
  data: z.object({ photos: Count, cameras: z.array(CardCamera) }),
  steps: Count,
  seconds: z.number().min(0),
  curves: z.object({
    loss: Curve(z.object({ step: Count, loss: z.number() })),
    evaluations: Curve(z.object({ step: Count, scores: CardScores })),
  }),
  /** On held-out data: of the parent and of this model. */
  scores: z.object({ parent: CardScores, child: CardScores }),
  /** What the promotion gate said; null: it was never asked. */
  gate: z.object({ passed: z.boolean(), reasons: z.array(z.string()), measures: z.array(GateMeasure) }).nullable(),
  notes: z.array(z.string()),
});
export type ModelCard = z.infer<typeof ModelCard>;

/** A card as whoever trained the model writes it: what follows from the file is added by the library. */
export const NewModelCard = ModelCard.omit({ v: true, id: true, sha256: true, bytes: true });
export type NewModelCard = z.infer<typeof NewModelCard>;

/** At most `MAX_CURVE_POINTS` of a curve, evenly spread, the first and the last among them. */
export function thinCurve<T>(points: readonly T[]): T[] {
  if (points.length <= MAX_CURVE_POINTS) return [...points];
  const stride = (points.length - 1) / (MAX_CURVE_POINTS - 1);
  return Array.from({ length: MAX_CURVE_POINTS }, (_, i) => points[Math.round(i * stride)]!);
}
