import { Ban, CircleAlert, CircleCheck, Clock, FolderOpen, Image, RotateCcw, SkipForward, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { QueueEntry } from '../../../preload/contract.js';
import { IconButton } from '../../elements/button.js';
import { ProgressBar, ProgressRing } from '../../elements/progress.js';
import { describeError } from '../../i18n/error-text.js';
import { formatShare } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useLibrary } from '../../state/library.js';
import { cancelPhotos, retryPhotos, revealResult } from '../../state/queue.js';
import { useSession } from '../../state/session.js';
import { openPhoto } from '../../state/view.js';
import { useModelName } from '../adjust/picked-model.js';

/** One photo of the queue: how far it is, or what became of it. */
export function QueueItem({ item }: { readonly item: QueueEntry }): React.JSX.Element {
  const { t } = useTranslation('queue');
  const photo = useLibrary((state) => state.photos.get(item.photo));
  const name = photo?.name ?? (item.output === '' ? t('unknownPhoto') : item.output);
  return (
    <div className="queue-item" data-state={item.state}>
      <StateIcon item={item} name={name} />
      <span className="queue-name" title={photo === undefined ? name : `${photo.folder}/${name}`}>
        {name}
      </span>
      <ItemState item={item} name={name} />
      <ItemButtons item={item} name={name} inLibrary={photo !== undefined} />
    </div>
  );
}

interface ItemProps {
  readonly item: QueueEntry;
  readonly name: string;
}

function StateIcon({ item, name }: ItemProps) {
  const { t } = useTranslation('queue');
  const icons = {
    waiting: <Clock aria-label={t('itemWaiting')} />,
    running: <ProgressRing label={t('itemProgress', { name })} fraction={item.fraction} />,
    done: <CircleCheck aria-label={t('itemDone')} />,
    skipped: <SkipForward aria-label={t('itemSkipped')} />,
    failed: <CircleAlert aria-label={t('itemFailed')} />,
    cancelled: <Ban aria-label={t('itemCancelled')} />,
  };
  return <span className="queue-icon">{icons[item.state]}</span>;
}

function ItemState({ item, name }: ItemProps) {
  const { t } = useTranslation('queue');
  const nameOf = useModelName();
  const language = useLanguage();
  if (item.state === 'running') {
    return (
      <span className="queue-progress">
        <ProgressBar label={t('itemProgress', { name })} fraction={item.fraction} />
        <span>{formatShare(item.fraction, language)}</span>
      </span>
    );
  }
  if (item.state === 'failed' && item.error !== null) {
    const { text, detail } = describeError(item.error);
    return (
      <span className="queue-text queue-bad" title={detail ?? text}>
        {text}
      </span>
    );
  }
  const skipped = {
    'already-done': t('skippedDone'),
    'done-elsewhere': t('skippedElsewhere'),
    exists: t('skippedExists'),
  };
  const remarks = [
    ...(item.fit?.used === 'fallback' ? [t('itemFallback', { model: nameOf(item.fit.fallback) })] : []),
    ...item.notes,
  ];
  const texts = {
    waiting: () => t('itemWaiting'),
    failed: () => t('itemFailed'),
    cancelled: () => t('itemCancelled'),
    skipped: () => (item.skipped === null ? t('itemSkipped') : skipped[item.skipped]),
    done: () => [item.output, ...remarks].filter((text) => text !== '').join(' · '),
  };
  const text = texts[item.state]();
  return (
    <span className="queue-text" title={text}>
      {text}
    </span>
  );
}

function ItemButtons({ item, name, inLibrary }: ItemProps & { readonly inLibrary: boolean }) {
  const { t } = useTranslation('queue');
  const desktop = useSession((state) => state.info.host === 'desktop');
  const again = item.state === 'failed' || item.state === 'cancelled';
  const ahead = item.state === 'waiting' || item.state === 'running';
  return (
    <span className="queue-actions">
      {again ? (
        <IconButton size="small" label={t('retryItem', { name })} onPress={() => void retryPhotos([item.photo])}>
          <RotateCcw aria-hidden />
        </IconButton>
      ) : null}
      {desktop && item.state === 'done' ? (
        <IconButton size="small" label={t('revealItem', { name })} onPress={() => void revealResult(item.photo)}>
          <FolderOpen aria-hidden />
        </IconButton>
      ) : null}
      {inLibrary ? (
        <IconButton
          size="small"
          label={t('openItem', { name })}
          onPress={() => {
            openPhoto(item.photo);
          }}
        >
          <Image aria-hidden />
        </IconButton>
      ) : null}
      {ahead ? (
        <IconButton size="small" label={t('cancelItem', { name })} onPress={() => void cancelPhotos([item.photo])}>
          <X aria-hidden />
        </IconButton>
      ) : null}
    </span>
  );
}
