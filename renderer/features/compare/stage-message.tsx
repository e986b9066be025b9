import { ImageOff, MonitorX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PhotoEntry } from '../../../preload/contract.js';
import { Button } from '../../elements/button.js';
import { EmptyState } from '../../elements/empty-state.js';
import { Spinner } from '../../elements/progress.js';
import { host } from '../../host.js';
import { errorText } from '../../i18n/error-text.js';
import { fail } from '../../state/session.js';
import { openForViewing, useCompare } from './compare-state.js';

interface StageMessageProps {
  readonly photo: PhotoEntry;
  readonly onRetry: () => void;
}

/** What is said where the photo would be: it cannot be drawn, opened or loaded. */
export function StageMessage({ photo, onRetry }: StageMessageProps): React.JSX.Element | null {
  const { t } = useTranslation('compare');
  const graphics = useCompare((state) => state.graphics);
  const opened = useCompare((state) => state.opened);
  const tileError = useCompare((state) => state.tileError);
  if (graphics === 'missing') {
    return (
      <div className="compare-message" role="alert">
        <EmptyState icon={<MonitorX />} title={t('graphicsMissing')}>
          {t('graphicsMissingText')}
        </EmptyState>
      </div>
    );
  }
  if (graphics === 'lost') {
    return (
      <div className="compare-badge" role="status">
        <Spinner label={t('graphicsLost')} size={14} />
        <span>{t('graphicsLost')}</span>
      </div>
    );
  }
  if (opened.state === 'failed') {
    const actions = (
      <>
        <Button
          variant="primary"
          onPress={() => {
            void openForViewing(photo.id);
          }}
        >
          {t('preview.retry')}
        </Button>
        <Button
          onPress={() => {
            host()
              .call('library.remove', { photos: [photo.id] })
              .catch(fail);
          }}
        >
          {t('remove')}
        </Button>
      </>
    );
    return (
      <div className="compare-message" role="alert">
        <EmptyState icon={<ImageOff />} title={t('openFailed', { name: photo.name })} actions={actions}>
          {errorText(opened.error)}
        </EmptyState>
      </div>
    );
  }
  if (tileError === null) return null;
  return (
    <div className="compare-badge compare-badge-error compare-badge-top" role="alert">
      <div>
        <strong>{t('tilesFailed')}</strong>
        <p>{errorText(tileError)}</p>
      </div>
      <Button size="small" onPress={onRetry}>
        {t('preview.retry')}
      </Button>
    </div>
  );
}
