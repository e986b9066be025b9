import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { DenoiseSettings, PhotoEntry } from '../../../preload/contract.js';
import { DEFAULT_DENOISE } from '../../../preload/vocabulary.js';
import { commonSettings, targetOf, type MixedSettings, type Target } from '../../state/adjust-target.js';
import { settingsOf, useLibrary } from '../../state/library.js';
import { useSelection } from '../../state/selection.js';
import { useSession } from '../../state/session.js';
import { useView } from '../../state/view.js';

/** What the controls stand at. */
export interface ShownSettings {
  readonly settings: MixedSettings;
  /** Every photo's settings, for what lies between differing ones. */
  readonly all: readonly DenoiseSettings[];
  /** What a control goes back to. */
  readonly base: DenoiseSettings;
}

interface WithShown {
  readonly shown: ShownSettings;
}

/** What the panel shows. */
export interface Adjusted {
  /** None: the defaults. */
  readonly target: Target;
  readonly photos: readonly PhotoEntry[];
  readonly shown: ShownSettings;
  /** Whether there is anything to reset. */
  readonly changed: boolean;
}

/** What the sliders apply to, followed. */
export function useAdjusted(): Adjusted {
  const view = useView((state) => state.view);
  const selected = useSelection((state) => state.selected);
  const active = useSelection((state) => state.active);
  // The photos that it is about alone: others change many times a second while they are measured.
  const photos = useLibrary(
    useShallow((state) =>
      targetOf(view, { selected, active }, state.photos).flatMap((id) => state.photos.get(id) ?? []),
    ),
  );
  const defaults = useSession((state) => state.preferences.adjustments);
  return useMemo(() => {
    const target = photos.map(({ id }) => id);
    const all = photos.length === 0 ? [defaults] : photos.map((photo) => settingsOf(photo, defaults));
    const isDefaults = photos.length === 0;
    const settings = commonSettings(all);
    return {
      target,
      photos,
      shown: { settings, all, base: isDefaults ? DEFAULT_DENOISE : defaults },
      changed: isDefaults ? differs(settings, DEFAULT_DENOISE) : photos.some((photo) => photo.adjustments !== null),
    };
  }, [photos, defaults]);
}

/** Whether the controls stand alike: going from photo to photo they mostly do, and none has to be drawn again. */
export function sameShown({ shown: a }: WithShown, { shown: b }: WithShown): boolean {
  const same = (one: DenoiseSettings, other: DenoiseSettings): boolean => one === other || !differs(one, other);
  return (
    same(a.base, b.base) && a.all.length === b.all.length && a.all.every((settings, at) => same(settings, b.all[at]!))
  );
}

const differs = (shown: MixedSettings, base: DenoiseSettings): boolean =>
  [...Object.keys(base), 'fallback'].some((key) => {
    const name = key as keyof DenoiseSettings;
    return shown[name] !== base[name];
  });

/** The middle of differing values: where the thumb of a mixed slider stands. */
export function middle(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
