import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { Slider } from '../../elements/slider.js';
import { formatTenths } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import { change, changeOnce, endChange, resetControl } from '../../state/adjust.js';
import { ResetButton } from './adjust-sliders.js';
import { middle, sameShown, type ShownSettings } from './use-adjusted.js';

/** The strongest noise that can be set by hand, of 255 levels. */
const MAX_SIGMA = 100;
const SIGMA_STEP = 0.5;
const TENTHS = { maximumFractionDigits: 1 } as const;

type Mode = 'auto' | 'manual' | 'mixed';

interface NoiseControlProps {
  readonly shown: ShownSettings;
  /** What setting it by hand starts from. */
  readonly measured: number;
  /** Of photos. */
  readonly count: number;
  /** What was measured of the first photo. */
  readonly level: number | null;
}

/** Whether the noise is measured or set by hand, and how strong it is. */
export const NoiseControl = memo(function NoiseControl({ shown, measured, count, level }: NoiseControlProps) {
  const { t } = useTranslation('adjust');
  const { all, settings, base } = shown;
  const levels = all.flatMap(({ sigma }) => sigma ?? []);
  const mode: Mode = levels.length === 0 ? 'auto' : levels.length === all.length ? 'manual' : 'mixed';
  const reset = (
    <ResetButton
      control={t('noise')}
      onReset={() => {
        resetControl('sigma');
      }}
    />
  );
  return (
    <div className="adjust-group">
      <span className="adjust-label">
        <span aria-hidden>{t('noise')}</span>
        {settings.sigma === base.sigma ? null : reset}
      </span>
      <SegmentedControl<Mode>
        label={t('noise')}
        value={mode}
        segments={[
          { value: 'auto', label: t('noiseAuto') },
          { value: 'manual', label: t('noiseManual') },
        ]}
        onChange={(chosen) => {
          changeOnce({ sigma: chosen === 'auto' ? null : measured }, 'noise');
        }}
        stretch
      />
      {mode === 'manual' ? (
        <Slider
          label={t('sigma')}
          description={settings.sigma === undefined ? t('mixedHelp') : t('sigmaHelp')}
          value={Math.min(MAX_SIGMA, settings.sigma ?? middle(levels))}
          mixed={settings.sigma === undefined ? t('mixed') : undefined}
          min={0}
          max={MAX_SIGMA}
          step={SIGMA_STEP}
          defaultValue={base.sigma ?? measured}
          format={TENTHS}
          onChange={(sigma) => {
            change({ sigma }, 'sigma');
          }}
          onChangeEnd={endChange}
        />
      ) : (
        <AutoHelp count={count} level={level} mixed={mode === 'mixed'} />
      )}
    </div>
  );
}, sameProps);

function sameProps(a: NoiseControlProps, b: NoiseControlProps): boolean {
  return a.measured === b.measured && a.count === b.count && a.level === b.level && sameShown(a, b);
}

function AutoHelp({ count, level, mixed }: Pick<NoiseControlProps, 'count' | 'level'> & { readonly mixed: boolean }) {
  const { t } = useTranslation('adjust');
  const language = useLanguage();
  const text = (): string => {
    if (mixed) return t('noiseMixed');
    if (count !== 1) return t('noiseAutoMany');
    return level === null ? t('noiseAutoPending') : t('noiseAutoOne', { level: formatTenths(level, language) });
  };
  return <p className="adjust-help">{text()}</p>;
}
