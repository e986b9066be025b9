import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { TECHNICAL_LANGUAGE } from '../i18n/error-text.js';
import { IconButton } from './button.js';
import './notice.css';

export type NoticeLevel = 'info' | 'warning' | 'error';

const ICONS = { info: Info, warning: TriangleAlert, error: CircleAlert } as const;

export interface NoticeProps {
  readonly level: NoticeLevel;
  readonly children: React.ReactNode;
  /** A second, quieter line: the host's own words. */
  readonly detail?: string | null;
  /** A button that does something about it. */
  readonly action?: React.ReactNode;
  /** Given: it can be dismissed. */
  readonly onDismiss?: () => void;
}

/** A remark in a box: what happened, and what to do. */
export function Notice({ level, children, detail, action, onDismiss }: NoticeProps) {
  const { t } = useTranslation('common');
  const Icon = ICONS[level];
  return (
    <div className={`notice notice-${level}`} role={level === 'error' ? 'alert' : 'status'}>
      <Icon aria-hidden className="notice-icon" />
      <div className="notice-text">
        <div>{children}</div>
        {detail === undefined || detail === null ? null : (
          <div className="notice-detail" lang={TECHNICAL_LANGUAGE}>
            {detail}
          </div>
        )}
      </div>
      {action}
      {onDismiss === undefined ? null : (
        <IconButton label={t('dismiss')} size="small" onPress={onDismiss}>
          <X aria-hidden />
        </IconButton>
      )}
    </div>
  );
}
