import { Sparkles } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { EmptyState } from '../../elements/empty-state.js';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { useLibrary } from '../../state/library.js';
import { showLibrary } from '../../state/view.js';
import { BetweenMode } from './between/between-mode.js';
import { GENERATE_MODES, useGenerate, type GenerateMode } from './generate-state.js';
import { MapMode } from './map/map-mode.js';
import { SamplesMode } from './samples/samples-mode.js';
import { VaeChoice } from './vae-choice.js';
import { VariationsMode } from './variations/variations-mode.js';
import './generate.css';

const MODES: Readonly<Record<GenerateMode, React.JSX.Element>> = {
  variations: <VariationsMode />,
  between: <BetweenMode />,
  samples: <SamplesMode />,
  map: <MapMode />,
};

/** What a latent space is good for: variations of a photo, ways between photos, new pictures, a map of all. */
export default function GenerateView(): React.JSX.Element {
  const { t } = useTranslation('generate');
  const mode = useGenerate((state) => state.mode);
  const vae = useGenerate((state) => state.vae);
  const empty = useLibrary((state) => state.photos.size === 0);
  if (empty) {
    return (
      <EmptyState
        icon={<Sparkles aria-hidden />}
        title={t('noPhotos')}
        actions={<Button onPress={showLibrary}>{t('toLibrary')}</Button>}
      >
        {t('noPhotosText')}
      </EmptyState>
    );
  }
  return (
    <div className="generate" data-mode={mode}>
      <div className="generate-head">
        <SegmentedControl
          label={t('modes')}
          value={mode}
          segments={GENERATE_MODES.map((value) => ({ value, label: t(`mode.${value}`) }))}
          onChange={(next) => {
            useGenerate.setState({ mode: next });
          }}
        />
        <VaeChoice />
      </div>
      <div key={vae} className="generate-body">
        {MODES[mode]}
      </div>
    </div>
  );
}
