import { z } from 'zod';
import { LANGUAGES, THEMES, SORT_KEYS, COMPARE_MODES, DEFAULT_DENOISE, DEFAULT_RUNTIME } from './constants.js';
import { ExportSettings } from './queue.js';
import { DEFAULT_ENCODE, DenoiseSettings, RuntimeSettings } from './settings.js';

/** What the program remembers of the person's choices, whichever host it runs in. */

export type CompareMode = (typeof COMPARE_MODES)[number];

/** Sliders under a name. */
export const Preset = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(80),
  adjustments: DenoiseSettings,
});
export type Preset = z.infer<typeof Preset>;

const MAX_PRESETS = 200;

export const Preferences = z.strictObject({
  language: z.enum(['system', ...LANGUAGES]),
  theme: z.enum(['system', ...THEMES]),
  /** The settings of a photo that has none of its own. */
  adjustments: DenoiseSettings,
  presets: z.array(Preset).max(MAX_PRESETS),
  export: ExportSettings,
  runtime: RuntimeSettings,
  sort: z.strictObject({ key: z.enum(SORT_KEYS), descending: z.boolean() }),
  /** Width of a thumbnail in the grid, in CSS pixels. */
  thumbnailPx: z.int().min(96).max(480),
  compareMode: z.enum(COMPARE_MODES),
  /** Whether the welcome has been seen. */
  welcomed: z.boolean(),
});
export type Preferences = z.infer<typeof Preferences>;

export const DEFAULT_PREFERENCES: Preferences = {
  language: 'system',
  theme: 'system',
  adjustments: DEFAULT_DENOISE,
  presets: [],
  export: {
    destination: null,
    encode: DEFAULT_ENCODE,
    template: '{name}',
    keepFolders: true,
    existing: 'skip',
  },
  runtime: DEFAULT_RUNTIME,
  sort: { key: 'name', descending: false },
  thumbnailPx: 200,
  compareMode: 'split',
  welcomed: false,
};
