import { create } from 'zustand';
import type { VaeChoice } from '../../../preload/contract.js';

export const GENERATE_MODES = ['variations', 'between', 'samples', 'map'] as const;
export type GenerateMode = (typeof GENERATE_MODES)[number];

export interface GenerateState {
  /** Which way of generating is shown. */
  readonly mode: GenerateMode;
  /** What it is done with: a VAE of the person's own by its id; null: the one that ships. */
  readonly vae: VaeChoice;
}

export const useGenerate = create<GenerateState>(() => ({ mode: 'variations', vae: null }));

/** What requests name. */
export const chosenVae = (): VaeChoice => useGenerate.getState().vae;
