import { useTranslation } from 'react-i18next';
import type { CompareMode } from '../../../preload/contract.js';
import { Slider } from '../../elements/slider.js';
import { MAX_AMPLIFICATION, setAmplification, useCompare } from './compare-state.js';
import { rampGradient, type RampName } from './ramp.js';

const DEFAULT_AMPLIFICATION = 4;

/** What the colours of a mode mean, in a corner of the photo. */
export function StageLegend({ mode }: { readonly mode: CompareMode }): React.JSX.Element | null {
  const { t } = useTranslation('compare');
  const noiseTop = useCompare((state) => state.noiseTop);
  if (mode === 'removed') return <RemovedLegend />;
  if (mode === 'noise') {
    const ticks = ['0', String(noiseTop / 2), `${noiseTop}`];
    return <RampLegend name="noise" title={t('noiseLegend')} ticks={ticks} />;
  }
  if (mode === 'risk') {
    return <RampLegend name="risk" title={t('riskLegend')} ticks={[t('mapLow'), '50 %', '100 %']} />;
  }
  return null;
}

interface RampLegendProps {
  readonly name: RampName;
  readonly title: string;
  readonly ticks: readonly string[];
}

function RampLegend({ name, title, ticks }: RampLegendProps): React.JSX.Element {
  return (
    <figure className="compare-legend" aria-label={`${title}: ${ticks.join(' – ')}`}>
      <figcaption>{title}</figcaption>
      <div className="compare-ramp" style={{ background: rampGradient(name) }} />
      <div className="compare-ticks" aria-hidden>
        {ticks.map((tick) => (
          <span key={tick}>{tick}</span>
        ))}
      </div>
    </figure>
  );
}

function RemovedLegend(): React.JSX.Element {
  const { t } = useTranslation('compare');
  const amplification = useCompare((state) => state.amplification);
  const nothing = useCompare((state) => state.preview.state === 'none');
  return (
    <div className="compare-legend" data-own-gestures>
      <Slider
        label={t('amplification')}
        value={amplification}
        min={1}
        max={MAX_AMPLIFICATION}
        step={1}
        defaultValue={DEFAULT_AMPLIFICATION}
        onChange={setAmplification}
      />
      <p>{nothing ? t('nothingRemoved') : t('removedHint')}</p>
    </div>
  );
}
