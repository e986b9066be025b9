import { useTranslation } from 'react-i18next';
import { Notice } from '../../elements/notice.js';
import { useSession } from '../../state/session.js';
import './engine-banner.css';

/** Says across the window that the engine is down. */
export function EngineBanner() {
  const { t } = useTranslation();
  const { state, message } = useSession(({ engine }) => engine);
  if (state !== 'restarting' && state !== 'failed') return null;
  const failed = state === 'failed';
  return (
    <div className="engine-banner">
      <Notice level={failed ? 'error' : 'warning'} detail={failed ? message : null}>
        {failed ? t('engineFailedBanner') : t('engineRestartingBanner')}
      </Notice>
    </div>
  );
}
