import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { Notice as NoticeBox } from '../../elements/notice.js';
import { describeNotice } from '../../i18n/error-text.js';
import { dismissNotice, useSession, type Notice } from '../../state/session.js';
import './notices.css';

/** How long a remark stays that needs no answer. Errors stay until they are dismissed. */
const STAYS_MS = 8000;

/** Remarks in the corner, the latest last. */
export function Notices() {
  const { t } = useTranslation();
  const notices = useSession((state) => state.notices);
  return (
    <section className="notices" aria-label={t('notices')} aria-live="polite">
      {notices.map((notice) => (
        <Remark key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

function Remark({ notice }: { readonly notice: Notice }) {
  const { id, level, action } = notice;
  useEffect(() => {
    if (level === 'error') return undefined;
    const timer = setTimeout(() => {
      dismissNotice(id);
    }, STAYS_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [id, level]);
  const { text, detail } = notice.text === undefined ? describeNotice(notice) : { text: notice.text, detail: null };
  return (
    <NoticeBox
      level={level}
      detail={detail}
      onDismiss={() => {
        dismissNotice(id);
      }}
      action={
        action === undefined ? undefined : (
          <Button
            size="small"
            onPress={() => {
              action.run();
              dismissNotice(id);
            }}
          >
            {action.label}
          </Button>
        )
      }
    >
      {text}
    </NoticeBox>
  );
}
