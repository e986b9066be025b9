import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ROOT } from '../support/cli.js';

/** One quality figure that a model's makers measured. */
const Measured = z.object({
  /** Name of the bench folder. */
  set: z.string(),
  /** Number of photos in it: the figure of a part of the set is not comparable. */
  images: z.int(),
  /** Standard deviation of the added noise in 8-bit units; null for pairs of real photos. */
  sigma: z.number().nullable(),
  /** Whether the noise level was left to the estimator. */
  blind: z.boolean(),
  /** dB. */
  psnr: z.number(),
});
export type Measured = z.infer<typeof Measured>;

const Catalog = z.object({ models: z.array(z.object({ name: z.string(), measured: z.array(Measured) })) });

/** Reads the figures of every shipped model from models/catalog.json, by model name. */
export async function readReference(): Promise<ReadonlyMap<string, readonly Measured[]>> {
  const text = await readFile(path.join(ROOT, 'models/catalog.json'), 'utf8');
  return new Map(Catalog.parse(JSON.parse(text)).models.map((model) => [model.name, model.measured]));
}
