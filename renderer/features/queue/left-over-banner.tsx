import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { Notice } from '../../elements/notice.js';
import { discardLeftOver, resumeQueue, useQueue } from '../../state/queue.js';

/** Asks what is to become of work that an earlier session left. */
export function LeftOverBanner(): React.JSX.Element | null {
  const { t } = useTranslation('queue');
  const count = useQueue((state) => state.leftOver);
  if (count === 0) return null;
  return (
    <div className="left-over">
      <Notice
        level="info"
        action={
          <span className="queue-buttons">
            <Button size="small" variant="primary" onPress={() => void resumeQueue()}>
              {t('leftOverContinue')}
            </Button>
            <Button size="small" onPress={() => void discardLeftOver()}>
              {t('leftOverDiscard')}
            </Button>
          </span>
        }
      >
        {t('leftOver', { count })}
      </Notice>
    </div>
  );
}
