import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { refreshOwnModels } from '../../state/own-models.js';
import { fail } from '../../state/session.js';
import { ComparePage } from './compare-page.js';
import { refreshOwnVaes } from '../../state/own-vaes.js';
import { isOfVae, useTraining } from '../../state/training.js';
import { LearnPage } from './learn-page.js';
import { ModelsPage } from './models-page.js';
import { PicturesPage } from './pictures/pictures-page.js';
import { showPage, useTrainPage, type TrainPage } from './train-page.js';
import './train.css';

const PAGES: Readonly<Record<TrainPage, React.JSX.Element>> = {
  learn: <LearnPage />,
  pictures: <PicturesPage />,
  models: <ModelsPage />,
  compare: <ComparePage />,
};

/** Whoever comes to train finds the run that is not over. */
function showRun(): void {
  const { run } = useTraining.getState();
  const { page } = useTrainPage.getState();
  if (run === null || run.result !== null || (page !== 'learn' && page !== 'pictures')) return;
  showPage(isOfVae(run.method) ? 'pictures' : 'learn');
}

/** Learning from the person's photos, and the models that came of it. */
export default function TrainView(): React.JSX.Element {
  const { t } = useTranslation(['train', 'pictures']);
  const page = useTrainPage((state) => state.page);
  useEffect(() => {
    void Promise.all([refreshOwnModels(), refreshOwnVaes()]).catch(fail);
    showRun();
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
            { value: 'pictures', label: t('pictures:page') },
            { value: 'models', label: t('pageModels') },
            { value: 'compare', label: t('pageCompare') },
          ]}
          onChange={showPage}
        />
      </div>
      {PAGES[page]}
    </section>
  );
}
