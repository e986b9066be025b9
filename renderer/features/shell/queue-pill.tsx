import { CircleAlert, CircleCheck, ListChecks, Pause } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { ProgressRing } from '../../elements/progress.js';
import { formatRemaining } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useQueue } from '../../state/queue.js';
import { toggleQueue, useView } from '../../state/view.js';

/** How far the queue is, in a few words; opens the list. */
export function QueuePill() {
  const { t } = useTranslation(['common', 'queue']);
  const language = useLanguage();
  const status = useQueue((state) => state.status);
  const open = useView((state) => state.queueOpen);
  const settled = status.done + status.skipped + status.failed + status.cancelled;
  let icon = <ListChecks aria-hidden />;
  let text: string = t('queueIdle');
  if (status.state === 'running') {
    icon = <ProgressRing label={t('queueIdle')} fraction={status.fraction} />;
    text = t('queueRunning', { done: settled, total: status.total });
    if (status.etaMs !== null) {
      text += ` · ${t('queue:remaining', { time: formatRemaining(status.etaMs, language) })}`;
    }
  } else if (status.state === 'paused') {
    icon = <Pause aria-hidden />;
    text = `${t('queuePaused')} · ${t('queueRunning', { done: settled, total: status.total })}`;
  } else if (status.failed > 0) {
    icon = <CircleAlert aria-hidden className="queue-pill-failed" />;
    text = t('queueFailed', { count: status.failed });
  } else if (status.done > 0) {
    icon = <CircleCheck aria-hidden />;
    text = t('queueDone');
  }
  return (
    <Button
      variant="ghost"
      icon={icon}
      aria-expanded={open}
      aria-label={`${open ? t('hideQueue') : t('showQueue')}: ${text}`}
      onPress={toggleQueue}
    >
      <span className="queue-pill-text">{text}</span>
    </Button>
  );
}
