import { Download, FolderOpen, Pause, Play, RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueEntry, QueueStatus } from '../../../preload/contract.js';
import { Button, IconButton } from '../../elements/button.js';
import { ProgressBar } from '../../elements/progress.js';
import { formatDuration, formatRemaining, formatTenths } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import {
  cancelPhotos,
  clearQueue,
  downloadResults,
  failedPhotos,
  pauseQueue,
  resumeQueue,
  retryPhotos,
  revealResult,
  unsettled,
  useQueue,
  type QueueGroup,
} from '../../state/queue.js';
import { useSession } from '../../state/session.js';
import { useView } from '../../state/view.js';

type Groups = Readonly<Record<QueueGroup, readonly QueueEntry[]>>;

/** How far everything is, what can be done about all of it, and the summary at the end. */
export function QueueHeader({ groups }: { readonly groups: Groups }): React.JSX.Element {
  const { t } = useTranslation('queue');
  const status = useQueue((state) => state.status);
  const busy = status.state !== 'idle';
  return (
    <header className="queue-head">
      <div className="queue-row">
        <h2>{t('title')}</h2>
        <p className="queue-status" role="status">
          {busy ? <Progressing status={status} /> : <Summary groups={groups} status={status} />}
        </p>
        {busy ? <BusyButtons status={status} /> : <DoneButtons groups={groups} status={status} />}
        <IconButton
          label={t('close')}
          onPress={() => {
            useView.setState({ queueOpen: false });
          }}
        >
          <X aria-hidden />
        </IconButton>
      </div>
      {busy ? (
        <ProgressBar
          label={t('overall')}
          fraction={status.fraction}
          tone={status.state === 'paused' ? 'muted' : 'accent'}
        />
      ) : null}
    </header>
  );
}

const settled = (status: QueueStatus): number => status.total - unsettled(status);

function Progressing({ status }: { readonly status: QueueStatus }) {
  const { t } = useTranslation('queue');
  const language = useLanguage();
  const numbers = { done: settled(status), total: status.total };
  if (status.state === 'paused') return <strong>{t('paused', numbers)}</strong>;
  const { etaMs, megapixelsPerSecond: speed } = status;
  return (
    <>
      <strong>{t('running', numbers)}</strong>
      <span>{etaMs === null ? t('remainingUnknown') : t('remaining', { time: formatRemaining(etaMs, language) })}</span>
      {speed === null ? null : (
        <span title={t('speed', { speed: formatTenths(speed, language) })}>
          {t('speedShort', { speed: formatTenths(speed, language) })}
        </span>
      )}
    </>
  );
}

function Summary({ groups, status }: { readonly groups: Groups; readonly status: QueueStatus }) {
  const { t } = useTranslation('queue');
  const language = useLanguage();
  const run = useQueue((state) => state.run);
  if (status.total === 0) return null;
  const notes = groups.done.filter((item) => item.notes.length > 0).length;
  const took = run === null || run.ended === null ? null : run.ended - run.began;
  return (
    <>
      <strong>{took === null ? t('finished') : t('doneIn', { time: formatDuration(took, language) })}</strong>
      {status.done > 0 ? <span>{t('sumDone', { count: status.done })}</span> : null}
      {status.skipped > 0 ? <span>{t('sumSkipped', { count: status.skipped })}</span> : null}
      {status.failed > 0 ? <span className="queue-bad">{t('sumFailed', { count: status.failed })}</span> : null}
      {status.cancelled > 0 ? <span>{t('sumCancelled', { count: status.cancelled })}</span> : null}
      {notes > 0 ? <span>{t('sumNotes', { count: notes })}</span> : null}
    </>
  );
}

function BusyButtons({ status }: { readonly status: QueueStatus }) {
  const { t } = useTranslation('queue');
  return (
    <div className="queue-buttons">
      {status.state === 'paused' ? (
        <Button size="small" variant="primary" icon={<Play aria-hidden />} onPress={() => void resumeQueue()}>
          {t('resume')}
        </Button>
      ) : (
        <Button size="small" icon={<Pause aria-hidden />} onPress={() => void pauseQueue()}>
          {t('pause')}
        </Button>
      )}
      <Button size="small" onPress={() => void cancelPhotos(null)}>
        {t('cancelAll')}
      </Button>
    </div>
  );
}

function DoneButtons({ groups, status }: { readonly groups: Groups; readonly status: QueueStatus }) {
  const { t } = useTranslation('queue');
  const web = useSession((state) => state.info.host === 'web');
  const failed = failedPhotos(groups.failed);
  return (
    <div className="queue-buttons">
      {failed.length > 0 ? (
        <Button size="small" icon={<RotateCcw aria-hidden />} onPress={() => void retryPhotos(failed)}>
          {t('retryFailed', { count: failed.length })}
        </Button>
      ) : null}
      {web && status.downloadable ? <DownloadButton /> : null}
      {!web && status.done > 0 ? (
        <Button size="small" icon={<FolderOpen aria-hidden />} onPress={() => void revealResult(null)}>
          {t('showFolder')}
        </Button>
      ) : null}
      {status.total > 0 ? (
        <Button size="small" variant="ghost" onPress={() => void clearQueue()}>
          {t('clear')}
        </Button>
      ) : null}
    </div>
  );
}

/** Downloads all results as a zip. */
function DownloadButton() {
  const { t } = useTranslation('queue');
  const [packing, setPacking] = useState(false);
  const download = async (): Promise<void> => {
    setPacking(true);
    await downloadResults(null);
    setPacking(false);
  };
  return (
    <Button
      size="small"
      variant="primary"
      icon={<Download aria-hidden />}
      isDisabled={packing}
      onPress={() => void download()}
    >
      {packing ? t('downloading') : t('download')}
    </Button>
  );
}
