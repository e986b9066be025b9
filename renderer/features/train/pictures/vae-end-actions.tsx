import { GraduationCap, RotateCcw, Sparkles } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../elements/button.js';
import { discardTraining } from '../../../state/training.js';
import { showVersion } from '../train-page.js';
import { generateWith } from './vae-actions.js';

/** What can be done once a picture model is there. */
export function VaeEndActions({ version }: { readonly version: string }): React.JSX.Element {
  const { t } = useTranslation(['pictures', 'train']);
  return (
    <>
      <Button
        icon={<GraduationCap aria-hidden />}
        onPress={() => {
          showVersion(version);
        }}
      >
        {t('train:seeModel')}
      </Button>
      <Button
        icon={<Sparkles aria-hidden />}
        onPress={() => {
          generateWith(version);
        }}
      >
        {t('generate')}
      </Button>
      <Button variant="primary" icon={<RotateCcw aria-hidden />} onPress={() => void discardTraining()}>
        {t('train:again')}
      </Button>
    </>
  );
}
