import { useTranslation } from 'react-i18next';
import { DenoiseBar } from '../export/denoise-bar.js';
import { measuredSigma } from '../../state/adjust-target.js';
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
  const { photos, shown, changed } = useAdjusted();
  return (
    <section className="adjust" aria-label={t('panel')}>
      <AdjustHeader photos={photos} changed={changed} />
      <div className="adjust-body">
        <PresetMenu shown={shown} />
        <ModelControl shown={shown} />
        <NoiseControl
          shown={shown}
          measured={measuredSigma(photos)}
          count={photos.length}
          level={photos[0]?.noise ?? null}
        />
        <AdjustSliders shown={shown} />
        <PhotoFacts photos={photos} />
      </div>
      <DenoiseBar />
    </section>
  );
}
