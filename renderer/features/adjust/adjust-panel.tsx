import { useTranslation } from 'react-i18next';
import { DenoiseBar } from '../export/denoise-bar.js';
import { AdjustHeader } from './adjust-header.js';
import { AdjustSliders } from './adjust-sliders.js';
import { ModelControl } from './model-control.js';
import { NoiseControl } from './noise-control.js';
import { PhotoFacts } from './photo-facts.js';
import { PresetMenu } from './preset-menu.js';
import { useAdjusted } from './use-adjusted.js';
import './adjust.css';

/** The sliders of the selected photos, and the button that starts them. */
export function AdjustPanel(): React.JSX.Element {
  const { t } = useTranslation('adjust');
  const adjusted = useAdjusted();
  return (
    <section className="adjust" aria-label={t('panel')}>
      <AdjustHeader adjusted={adjusted} />
      <div className="adjust-body">
        <PresetMenu adjusted={adjusted} />
        <ModelControl adjusted={adjusted} />
        <NoiseControl adjusted={adjusted} />
        <AdjustSliders adjusted={adjusted} />
        <PhotoFacts adjusted={adjusted} />
      </div>
      <DenoiseBar />
    </section>
  );
}
