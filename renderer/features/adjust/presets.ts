import type { DenoiseSettings, Preset } from '../../../preload/contract.js';
import { DEFAULT_DENOISE } from '../../../preload/vocabulary.js';
import type { MixedSettings } from '../../state/adjust-target.js';

/** Named settings: those that come with the program, and the person's own. */

/** What a built-in preset sets. Model and noise level stay with the photo. */
export type PresetPatch = Pick<DenoiseSettings, 'strength' | 'luma' | 'chroma' | 'detail'>;

/** By the name of its text. */
export const BUILT_IN_PRESETS = {
  Gentle: { strength: 0.6, luma: 0.8, chroma: 1.2, detail: 0.2 },
  Balanced: {
    strength: DEFAULT_DENOISE.strength,
    luma: DEFAULT_DENOISE.luma,
    chroma: DEFAULT_DENOISE.chroma,
    detail: DEFAULT_DENOISE.detail,
  },
  Strong: { strength: 1.4, luma: 1, chroma: 1.2, detail: 0 },
  Grain: { strength: 1, luma: 0.6, chroma: 1, detail: 0.15 },
  Colour: { strength: 1, luma: 0, chroma: 1, detail: 0 },
} as const satisfies Record<string, PresetPatch>;
export type BuiltInPreset = keyof typeof BUILT_IN_PRESETS;
export const BUILT_IN_NAMES = Object.keys(BUILT_IN_PRESETS) as readonly BuiltInPreset[];

/** The preset that the sliders stand at. */
export type PresetInUse =
  | { readonly kind: 'built-in'; readonly name: BuiltInPreset }
  | { readonly kind: 'own'; readonly preset: Preset }
  | { readonly kind: 'none' | 'mixed' };

const stands = (shown: MixedSettings, patch: Partial<DenoiseSettings>): boolean =>
  Object.entries(patch).every(([key, value]) => shown[key as keyof DenoiseSettings] === value);

/** Finds the preset that the sliders stand at; the person's own come first. */
export function presetInUse(shown: MixedSettings, own: readonly Preset[]): PresetInUse {
  const preset = own.find(({ adjustments }) => stands(shown, adjustments));
  if (preset !== undefined) return { kind: 'own', preset };
  const name = BUILT_IN_NAMES.find((candidate) => stands(shown, BUILT_IN_PRESETS[candidate]));
  if (name !== undefined) return { kind: 'built-in', name };
  const sliders = [shown.strength, shown.luma, shown.chroma, shown.detail];
  return { kind: sliders.includes(undefined) ? 'mixed' : 'none' };
}

/** Whether a name is taken, as people see names. */
export const presetNamed = (presets: readonly Preset[], name: string): Preset | undefined =>
  presets.find((preset) => preset.name.toLocaleLowerCase() === name.trim().toLocaleLowerCase());

/** The presets with one more, or with the one of that name replaced; in the order of their names. */
export function withPreset(
  presets: readonly Preset[],
  name: string,
  adjustments: DenoiseSettings,
  newId: () => string,
): Preset[] {
  const same = presetNamed(presets, name);
  const saved = { id: same?.id ?? newId(), name: name.trim(), adjustments };
  return sorted([...presets.filter(({ id }) => id !== saved.id), saved]);
}

/** The presets with one under another name. */
export function renamed(presets: readonly Preset[], id: string, name: string): Preset[] {
  return sorted(presets.map((preset) => (preset.id === id ? { ...preset, name: name.trim() } : preset)));
}

const sorted = (presets: Preset[]): Preset[] => presets.sort((a, b) => a.name.localeCompare(b.name));
