import { describe, expect, it } from 'vitest';
import { DEFAULT_DENOISE, DenoiseSettings, type Preset } from '../../../../../preload/contract.js';
import {
  BUILT_IN_NAMES,
  BUILT_IN_PRESETS,
  presetInUse,
  renamed,
  withPreset,
} from '../../../../../renderer/features/adjust/presets.js';

const preset = (id: string, name: string, strength = 1): Preset => ({
  id,
  name,
  adjustments: { ...DEFAULT_DENOISE, strength },
});

describe('presets', () => {
  it('that are built in are all different, and within the range of the sliders', () => {
    for (const name of BUILT_IN_NAMES) {
      const settings = { ...DEFAULT_DENOISE, ...BUILT_IN_PRESETS[name] };
      expect(DenoiseSettings.safeParse(settings).success).toBe(true);
      expect(presetInUse(settings, [])).toEqual({ kind: 'built-in', name });
    }
    expect(presetInUse(DEFAULT_DENOISE, [])).toEqual({ kind: 'built-in', name: 'Balanced' });
  });

  it("are in use when the sliders stand at them, the person's own before the built-in", () => {
    const own = preset('p1', 'Mine');
    expect(presetInUse(DEFAULT_DENOISE, [own])).toEqual({ kind: 'own', preset: own });
    expect(presetInUse({ ...DEFAULT_DENOISE, model: 'fast' }, [own])).toEqual({ kind: 'built-in', name: 'Balanced' });
    expect(presetInUse({ ...DEFAULT_DENOISE, luma: 0.33 }, [own])).toEqual({ kind: 'none' });
    expect(presetInUse({ ...DEFAULT_DENOISE, luma: undefined }, [own])).toEqual({ kind: 'mixed' });
  });

  it('are kept in the order of their names; the same name, however written, replaces', () => {
    const start = withPreset([preset('p1', 'Night')], ' concert ', DEFAULT_DENOISE, () => 'p2');
    expect(start.map(({ id, name }) => [id, name])).toEqual([
      ['p2', 'concert'],
      ['p1', 'Night'],
    ]);
    const again = withPreset(start, 'NIGHT', { ...DEFAULT_DENOISE, strength: 2 }, () => 'p3');
    expect(again).toHaveLength(2);
    expect(again.find(({ id }) => id === 'p1')).toEqual(preset('p1', 'NIGHT', 2));
    expect(renamed(again, 'p2', 'Zoo').map(({ name }) => name)).toEqual(['NIGHT', 'Zoo']);
  });
});
