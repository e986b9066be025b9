import { create } from 'zustand';

export const GENERATE_MODES = ['variations', 'between', 'samples', 'map'] as const;
export type GenerateMode = (typeof GENERATE_MODES)[number];

/** Which way of generating is shown. */
export const useGenerate = create<{ readonly mode: GenerateMode }>(() => ({ mode: 'variations' }));
