import { RotateCcw } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../elements/button.js';
import { Slider } from '../../elements/slider.js';
import { change, endChange, resetControl } from '../../state/adjust.js';
import { middle, sameShown, type ShownSettings } from './use-adjusted.js';

const SLIDERS = [
  { name: 'strength', max: 2 },
  { name: 'luma', max: 2 },
  { name: 'chroma', max: 2 },
  { name: 'detail', max: 1 },
] as const;

const PERCENT = { style: 'percent' } as const;
const STEP = 0.01;

/** Strength, Luma, Colour and Detail. */
export const AdjustSliders = memo(function AdjustSliders({ shown }: { readonly shown: ShownSettings }) {
  const { t } = useTranslation('adjust');
  const { settings, all, base } = shown;
  return (
    <div className="adjust-sliders">
      {SLIDERS.map(({ name, max }) => (
        <Slider
          key={name}
          label={t(name)}
          description={settings[name] === undefined ? t('mixedHelp') : t(`${name}Help`)}
          value={settings[name] ?? middle(all.map((each) => each[name]))}
          mixed={settings[name] === undefined ? t('mixed') : undefined}
          min={0}
          max={max}
          step={STEP}
          defaultValue={base[name]}
          format={PERCENT}
          note={
            settings[name] === base[name] ? null : (
              <ResetButton
                control={t(name)}
                onReset={() => {
                  resetControl(name);
                }}
              />
            )
          }
          onChange={(value) => {
            change({ [name]: value }, name);
          }}
          onChangeEnd={endChange}
        />
      ))}
    </div>
  );
}, sameShown);

/** Puts one control back. */
export function ResetButton({ control, onReset }: { readonly control: string; readonly onReset: () => void }) {
  const { t } = useTranslation('adjust');
  return (
    <IconButton label={t('resetControl', { control })} size="small" onPress={onReset}>
      <RotateCcw aria-hidden />
    </IconButton>
  );
}
