import { GraduationCap } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../elements/button.js';
import { EmptyState } from '../../../elements/empty-state.js';
import { Spinner } from '../../../elements/progress.js';
import { useLibrary } from '../../../state/library.js';
import { isOfVae, useTraining } from '../../../state/training.js';
import { showLibrary } from '../../../state/view.js';
import { VaeForm } from './vae-form.js';
import { VaeRunView } from './vae-run-view.js';
import './pictures.css';

/** The run of a picture model that there is, or what a new one needs. */
export function PicturesPage(): React.JSX.Element {
  const { t } = useTranslation(['train', 'pictures']);
  const { run, loaded } = useTraining();
  const empty = useLibrary((state) => state.photos.size === 0);
  const title = t('pictures:formTitle');
  if (!loaded) return <EmptyState icon={<Spinner label={title} size={24} />} title={title} />;
  if (run !== null && isOfVae(run.method)) return <VaeRunView run={run} />;
  if (!empty) return <VaeForm />;
  const actions = (
    <Button variant="primary" onPress={showLibrary}>
      {t('toLibrary')}
    </Button>
  );
  return (
    <EmptyState icon={<GraduationCap aria-hidden />} title={title} actions={actions}>
      {t('pictures:formText')}
    </EmptyState>
  );
}
