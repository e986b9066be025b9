import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { refreshOwnModels } from '../../state/own-models.js';
import { fail } from '../../state/session.js';
import { ComparePage } from './compare-page.js';
import { LearnPage } from './learn-page.js';
import { ModelsPage } from './models-page.js';
import { showPage, useTrainPage } from './train-page.js';
import './train.css';

/** Learning from the person's photos, and the models that came of it. */
export default function TrainView(): React.JSX.Element {
  const { t } = useTranslation('train');
  const page = useTrainPage((state) => state.page);
  useEffect(() => {
    void refreshOwnModels().catch(fail);
  }, []);
  return (
    <section className="train" aria-label={t('title')}>
      <div className="train-bar">
        <SegmentedControl
          label={t('page')}
          value={page}
          size="small"
          segments={[
            { value: 'learn', label: t('pageLearn') },
            { value: 'models', label: t('pageModels') },
            { value: 'compare', label: t('pageCompare') },
          ]}
          onChange={showPage}
        />
      </div>
      {page === 'learn' ? <LearnPage /> : page === 'models' ? <ModelsPage /> : <ComparePage />}
    </section>
  );
}
