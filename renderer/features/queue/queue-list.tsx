import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueEntry } from '../../../preload/contract.js';
import { formatCount } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import type { QueueGroup } from '../../state/queue.js';
import { QueueItem } from './queue-item.js';
import { queueRows, type QueueRow } from './queue-rows.js';

const GROUP_HEIGHT_PX = 28;
const ITEM_HEIGHT_PX = 40;
const OVERSCAN = 8;

interface QueueListProps {
  readonly groups: Readonly<Record<QueueGroup, readonly QueueEntry[]>>;
}

/** The photos of the queue in groups; only those in view are in the page. */
export function QueueList({ groups }: QueueListProps): React.JSX.Element {
  'use no memo'; // The virtualiser's functions give new answers without becoming new functions.
  const { t } = useTranslation('queue');
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => queueRows(groups), [groups]);
  // oxlint-disable-next-line react/incompatible-library -- see above
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'group' ? GROUP_HEIGHT_PX : ITEM_HEIGHT_PX),
    getItemKey: (index) => rowKey(rows[index]!),
    overscan: OVERSCAN,
  });
  return (
    <div className="queue-scroll" ref={scroller} tabIndex={0} role="region" aria-label={t('list')}>
      <div className="queue-list" role="list" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ key, index, start, size }) => {
          const row = rows[index]!;
          return (
            <div
              key={key}
              className="queue-place"
              role="listitem"
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start}px)`, height: size }}
            >
              {row.kind === 'group' ? <GroupHead group={row.group} count={row.count} /> : <QueueItem item={row.item} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const rowKey = (row: QueueRow): string => (row.kind === 'group' ? `group-${row.group}` : row.item.photo);

function GroupHead({ group, count }: { readonly group: QueueGroup; readonly count: number }) {
  const { t } = useTranslation('queue');
  const language = useLanguage();
  const texts = {
    running: t('groupRunning'),
    failed: t('groupFailed'),
    waiting: t('groupWaiting'),
    done: t('groupDone'),
  };
  return (
    <h3 className="queue-group">
      {texts[group]} <span>{formatCount(count, language)}</span>
    </h3>
  );
}
