import { useTranslation } from 'react-i18next';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { Slider } from '../../elements/slider.js';
import { formatTenths } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import { measuredSigma } from '../../state/adjust-target.js';
import { change, changeOnce, endChange, resetControl } from '../../state/adjust.js';
import { ResetButton } from './adjust-sliders.js';
import { middle, type Adjusted } from './use-adjusted.js';

/** The strongest noise that can be set by hand, of 255 levels. */
const MAX_SIGMA = 100;
const SIGMA_STEP = 0.5;
const TENTHS = { maximumFractionDigits: 1 } as const;

type Mode = 'auto' | 'manual' | 'mixed';

/** Whether the noise is measured or set by hand, and how strong it is. */
export function NoiseControl({ adjusted }: { readonly adjusted: Adjusted }): React.JSX.Element {
  const { t } = useTranslation('adjust');
  const { all, photos, settings, base } = adjusted;
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
          changeOnce({ sigma: chosen === 'auto' ? null : measuredSigma(photos) }, 'noise');
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
          defaultValue={base.sigma ?? measuredSigma(photos)}
          format={TENTHS}
          onChange={(sigma) => {
            change({ sigma }, 'sigma');
          }}
          onChangeEnd={endChange}
        />
      ) : (
        <AutoHelp adjusted={adjusted} mixed={mode === 'mixed'} />
      )}
    </div>
  );
}

function AutoHelp({ adjusted: { photos }, mixed }: { readonly adjusted: Adjusted; readonly mixed: boolean }) {
  const { t } = useTranslation('adjust');
  const language = useLanguage();
  const noise = photos[0]?.noise ?? null;
  const text = (): string => {
    if (mixed) return t('noiseMixed');
    if (photos.length !== 1) return t('noiseAutoMany');
    return noise === null ? t('noiseAutoPending') : t('noiseAutoOne', { level: formatTenths(noise, language) });
  };
  return <p className="adjust-help">{text()}</p>;
}
