/** What the sliders ask for, as the weights that the denoising graph takes: see docs/decisions/0003-strength.md. */
export interface RemovalPlan {
  /** Nothing is removed: the result is the input, and no net needs to run. */
  readonly identity: boolean;
  /** The net runs again on its own result, for a level above 1. */
  readonly secondPass: boolean;
  /** Shares of the first and second pass that are removed of each part, each in [0,1]. */
  readonly luma: PassWeights;
  readonly chroma: PassWeights;
}

export interface PassWeights {
  readonly first: number;
  readonly second: number;
}

export interface RemovalSettings {
  /** Each in [0,2]. */
  readonly strength: number;
  readonly luma: number;
  readonly chroma: number;
}

/** Rec. 601 luma of encoded values, the weights that JPEG uses. Equal channels (a grey photo) have equal weights. */
export const LUMA_WEIGHTS = [0.299, 0.587, 0.114] as const;

/**
 * Turns strength, luma and chroma into weights. A part's level is strength times its own slider, at most 2. Up to 1 it
 * is the share of what the net found that is taken away; from 1 to 2 it adds that share of what the net finds in its
 * own result. Both are linear, so the sliders are monotonic by construction and can be applied to stored passes: the
 * engine's graph does, and so does the window's shader.
 * @param neutral the photo is grey: there is no colour noise to treat apart
 */
export function planRemoval(settings: RemovalSettings, neutral: boolean): RemovalPlan {
  const luma = passWeights(settings.strength * settings.luma);
  const chroma = neutral ? luma : passWeights(settings.strength * settings.chroma);
  return {
    identity: luma.first === 0 && chroma.first === 0,
    secondPass: luma.second > 0 || chroma.second > 0,
    luma,
    chroma,
  };
}

function passWeights(level: number): PassWeights {
  return { first: Math.min(1, level), second: Math.min(1, Math.max(0, level - 1)) };
}
