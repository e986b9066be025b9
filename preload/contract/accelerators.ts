import { z } from 'zod';
import { Precision, Provider } from './settings.js';

/** What is known of the accelerators of this machine, and what may be asked of them. The processor in 8 bits is one, too. */

/** Why an accelerator that passed its trial is not used, and for how long. */
const Rest = z.strictObject({
  reason: z.string(),
  /** When it may be used again, in milliseconds since 1970. */
  until: z.number(),
  /** How often it has failed in short succession. */
  failures: z.int().positive(),
});

/** What came of trying an accelerator with a model. */
export const Verdict = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('untested') }),
  /** It is being tried now, by this program or another that shares its state folder. */
  z.strictObject({ state: z.literal('testing') }),
  /** It gives the processor's numbers. */
  z.strictObject({
    state: z.literal('passed'),
    /** Pixels per second, in multiples of the processor's in float. */
    speed: z.number().positive(),
    /** Side of the tiles with which it is fastest, in pixels. */
    tile: z.int().positive(),
    /** Largest difference from the processor's answer, in 8-bit units. */
    maxDifference: z.number(),
    /** It failed at work and is left alone for a while: what made it fail, another program's use of it say, may pass. */
    rest: Rest.optional(),
  }),
  z.strictObject({ state: z.literal('wrong'), reason: z.string() }),
  z.strictObject({ state: z.literal('failed'), reason: z.string() }),
  z.strictObject({ state: z.literal('timed-out'), seconds: z.number() }),
  /** It took the engine down, or the machine: nothing was heard of a trial that had begun. */
  z.strictObject({ state: z.literal('crashed'), reason: z.string() }),
]);
export type Verdict = z.infer<typeof Verdict>;

export const Accelerator = z.object({
  provider: Provider,
  /** 'int8' on the processor, 'float' on all others. */
  precision: Precision,
  /** Name of the model, as settings have it. */
  model: z.string(),
  verdict: Verdict,
  /** Whether 'auto' takes it for this model; 8 bits where the precision, too, is left open. */
  chosen: z.boolean(),
});
export type Accelerator = z.infer<typeof Accelerator>;

const Nothing = z.strictObject({});
const Accelerators = z.object({ accelerators: z.array(Accelerator) });

export const ACCELERATOR_CALLS = {
  /** The accelerators that are installed, each with the models that it matters for. */
  'accelerators.list': { params: Nothing, result: Accelerators },
  /** Tries all of them again; minutes. News come as events. Cancelled, those that were not tried keep their verdict. */
  'accelerators.test': { params: Nothing, result: Accelerators },
} as const;

export const ACCELERATOR_EVENTS = {
  /** All of them, after a change. */
  'accelerators.changed': Accelerators,
} as const;
