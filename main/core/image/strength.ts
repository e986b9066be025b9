/** What the sliders ask for, as the weights and sigma scales that the denoising graph takes. */
export interface RemovalPlan {
  /** Nothing is removed: the result is the input, and no net needs to run. */
  readonly identity: boolean;
  /** Luma and colour are told of different noise levels, so the net runs once for each. */
  readonly split: boolean;
  readonly lumaWeight: number;
  readonly chromaWeight: number;
  readonly sigmaScale: number;
  readonly chromaSigmaScale: number;
}

export interface RemovalSettings {
  /** Each in [0,2]. */
  readonly strength: number;
  readonly luma: number;
  readonly chroma: number;
}

/**
 * Turns strength, luma and chroma into weights (levels up to 1) and sigma scales (levels above 1). A level is strength
 * times the part's own slider. Up to 1 it is the share of what the net found that is taken away, so the slider is
 * linear and instant; above 1 all of it goes and the net is told of that much more noise.
 * @param neutral the photo is grey: there is no colour noise to treat apart
 * @param takesSigma whether the net can be told of more noise; if not, levels above 1 count as 1
 */
export function planRemoval(settings: RemovalSettings, neutral: boolean, takesSigma: boolean): RemovalPlan {
  const luma = settings.strength * settings.luma;
  const chroma = neutral ? luma : settings.strength * settings.chroma;
  const lumaScale = takesSigma ? Math.max(1, luma) : 1;
  const chromaScale = takesSigma ? Math.max(1, chroma) : 1;
  const both = luma > 0 && chroma > 0;
  return {
    identity: luma === 0 && chroma === 0,
    split: both && lumaScale !== chromaScale,
    lumaWeight: Math.min(1, luma),
    chromaWeight: Math.min(1, chroma),
    // A part with weight 0 has no say in what the one run is told.
    sigmaScale: luma > 0 ? lumaScale : chromaScale,
    chromaSigmaScale: chromaScale,
  };
}
