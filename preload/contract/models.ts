import { z } from 'zod';
import { Provider } from './settings.js';

/** A denoising model as the window offers it. */
export const ModelChoice = z.object({
  /** What `DenoiseSettings.model` is set to. */
  name: z.string(),
  title: z.string(),
  description: z.string(),
  licence: z.string(),
  parameters: z.int(),
  /** Multiply-adds per pixel. */
  macsPerPixel: z.number(),
});
export type ModelChoice = z.infer<typeof ModelChoice>;

/** What the engine is and what works on this machine. */
export const EngineInfo = z.object({
  pid: z.int(),
  versions: z.record(z.string(), z.string()),
  /** `present`: part of this build; `works`: a small tile went through just now. */
  providers: z.array(z.object({ name: Provider, present: z.boolean(), works: z.boolean(), detail: z.string() })),
  memory: z.object({ totalBytes: z.number(), freeBytes: z.number(), budgetBytes: z.number() }),
  threads: z.int(),
  formats: z.array(z.string()),
});
export type EngineInfo = z.infer<typeof EngineInfo>;
