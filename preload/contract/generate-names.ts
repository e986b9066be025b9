/** What the requests and events of generating are called: apart from their schemas, as in names.ts. */

export const GENERATION_CALL_NAMES = [
  'generate.variations',
  'generate.look',
  'generate.exportVariations',
  'generate.between',
  'generate.exportBetween',
  'generate.samples',
  'generate.exportSamples',
  'generate.map',
  'generate.points',
  'generate.reveal',
] as const;
export type GenerationCallName = (typeof GENERATION_CALL_NAMES)[number];

export const GENERATION_EVENT_NAMES = ['generate.progress'] as const;
