import type { DenoiseSettings, RuntimeSettings } from './settings.js';

/** The contract's constants: apart from its schemas, for what needs nothing else of it. */

export const FORMATS = ['jpeg', 'png', 'tiff', 'webp', 'avif'] as const;
export const PROVIDERS = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
/** Word for no model in the place of one. */
export const NO_FALLBACK = 'none';

/** What denoisers are computed in: docs/quantization.md. */
export const PRECISIONS = ['float', 'int8'] as const;
export const EXISTING_POLICIES = ['skip', 'overwrite', 'rename'] as const;

export const LANGUAGES = ['en', 'ko'] as const;
export const THEMES = ['dark', 'light'] as const;
export const SORT_KEYS = ['name', 'date', 'noise', 'trust', 'size'] as const;
export const COMPARE_MODES = ['split', 'side', 'original', 'result', 'removed', 'noise', 'risk'] as const;

export const DEFAULT_DENOISE: DenoiseSettings = {
  model: 'quality',
  strength: 1,
  luma: 1,
  chroma: 1,
  detail: 0,
  sigma: null,
};
export const DEFAULT_RUNTIME: RuntimeSettings = {
  provider: 'auto',
  threads: null,
  tile: null,
  precision: 'float',
};

/** The longest that the window lets training last: a night. */
export const MAX_TRAINING_MINUTES = 12 * 60;
/** The shortest: enough to see that it works. */
export const MIN_TRAINING_MINUTES = 0.05;

/** Photos that a VAE needs at least: fewer would be learnt by heart. */
export const LEAST_VAE_PHOTOS = 8;

/** Side of the tiles of a level, in pixels; the last column and row are narrower. */
export const TILE_PX = 512;
/** Colours per axis of `PhotoView.lut`. */
export const LUT_SIZE = 33;
/** Sides of a preview's region: a 4K window and some room. */
export const MAX_PREVIEW_SIDE_PX = 4096;
/** Pixels per side of a value in `PreviewReport.maps`. */
export const MAP_BLOCK_PX = 8;
/** Noise level, in 8-bit units, that a map's byte of 255 stands for. */
export const MAP_NOISE_PEAK = 64;
