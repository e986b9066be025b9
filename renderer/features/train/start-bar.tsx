import { GraduationCap } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';

interface StartBarProps {
  /** What the form still lacks; null: nothing. */
  readonly needs: string | null;
  /** Another run is there, so that none can be started. */
  readonly isTaken: boolean;
  readonly onStart: () => void;
}

/** The foot of a form: starts the run, or says what is missing. */
export function StartBar({ needs, isTaken, onStart }: StartBarProps): React.JSX.Element {
  const { t } = useTranslation('train');
  return (
    <footer className="train-start">
      <div>
        <Button
          variant="primary"
          size="large"
          icon={<GraduationCap aria-hidden />}
          isDisabled={needs !== null || isTaken}
          onPress={onStart}
        >
          {t('start')}
        </Button>
        <p className="train-muted" role="status">
          {needs ?? ''}
        </p>
      </div>
    </footer>
  );
}
