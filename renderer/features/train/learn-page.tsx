import { GraduationCap } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { EmptyState } from '../../elements/empty-state.js';
import { Spinner } from '../../elements/progress.js';
import { useLibrary } from '../../state/library.js';
import { isOfVae, useTraining } from '../../state/training.js';
import { showLibrary } from '../../state/view.js';
import { RunView } from './run-view.js';
import { TrainForm } from './train-form.js';

/** The run that there is, or what a new one needs. */
export function LearnPage(): React.JSX.Element {
  const { t } = useTranslation('train');
  const loaded = useTraining((state) => state.loaded);
  const hasRun = useTraining(({ run }) => run !== null && !isOfVae(run.method));
  const empty = useLibrary((state) => state.photos.size === 0);
  if (!loaded) return <EmptyState icon={<Spinner label={t('title')} size={24} />} title={t('title')} />;
  if (hasRun) return <RunView />;
  if (!empty) return <TrainForm />;
  const actions = (
    <Button variant="primary" onPress={showLibrary}>
      {t('toLibrary')}
    </Button>
  );
  return (
    <EmptyState icon={<GraduationCap aria-hidden />} title={t('emptyTitle')} actions={actions}>
      {t('emptyText')}
    </EmptyState>
  );
}
