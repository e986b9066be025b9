import i18next from 'i18next';
import { memo } from 'react';
import { Check, CircleAlert, Clock, ShieldAlert, SkipForward, SlidersHorizontal } from 'lucide-react';
import type { PhotoEntry, QueueEntry } from '../../../preload/contract.js';
import { ProgressRing } from '../../elements/progress.js';
import { errorText } from '../../i18n/error-text.js';
import { noiseNumber, noiseShare, photoLabel, stateText, trustText } from './describe.js';
import { Thumbnail } from './thumbnail.js';
import type { ThumbnailSize } from './thumbnails.js';

export interface PhotoCellProps {
  readonly photo: PhotoEntry;
  /** Where it stands in the queue. */
  readonly entry: QueueEntry | undefined;
  readonly isSelected: boolean;
  readonly isActive: boolean;
  readonly index: number;
  readonly count: number;
  readonly thumbnailSize: ThumbnailSize;
  /** In use. */
  readonly language: string;
}

/** The id of the element of the photo that has the focus, for `aria-activedescendant`. */
export const cellId = (photo: string): string => `photo-${photo}`;

/**
 * One photo of the grid. What a click does, the grid decides; it also says what there is to show, since cells change
 * by the dozen while scrolling, and one that followed the window's state and texts by itself would take twice as long.
 */
export const PhotoCell = memo(function PhotoCell(props: PhotoCellProps) {
  const { photo, entry, isSelected, isActive, index, count, thumbnailSize, language } = props;
  return (
    <div
      // The others are not named anywhere.
      id={isActive ? cellId(photo.id) : undefined}
      role="option"
      aria-selected={isSelected}
      aria-setsize={count}
      aria-posinset={index + 1}
      aria-label={photoLabel(photo, entry)}
      className="cell"
      data-photo={photo.id}
      data-active={isActive || undefined}
    >
      <div className="cell-picture">
        <Thumbnail photo={photo} size={thumbnailSize} />
        <StateMark entry={entry} language={language} />
      </div>
      <div className="cell-name" title={photo.folder === '' ? photo.name : `${photo.folder}/${photo.name}`}>
        {photo.name}
      </div>{' '}
      <CellFacts photo={photo} language={language} />
    </div>
  );
});

/** Noise, trust and edits in a line; or why there are none. */
function CellFacts({ photo, language }: Pick<PhotoCellProps, 'photo' | 'language'>) {
  const t = i18next.getFixedT(language, 'library');
  if (photo.error !== null) {
    return (
      <div className="cell-facts cell-error" title={errorText(photo.error)}>
        <CircleAlert aria-hidden />
        <span>{t('cannotRead')}</span>
      </div>
    );
  }
  const trust = trustText(photo);
  return (
    <div className="cell-facts">
      {photo.noise === null ? (
        <span className="cell-noise" title={t('measuring')}>
          <span className="noise-meter" />
        </span>
      ) : (
        <span className="cell-noise" title={t('noiseHint', { level: noiseNumber(photo.noise) })}>
          <span className="noise-meter">
            <span style={{ width: `${100 * noiseShare(photo.noise)}%` }} />
          </span>
          {t('noise', { level: noiseNumber(photo.noise) })}
        </span>
      )}
      <span className="cell-marks">
        {trust === null ? null : (
          <span title={trust} className={`cell-trust-${photo.trust?.verdict ?? 'good'}`}>
            <ShieldAlert aria-hidden />
          </span>
        )}
        {photo.adjustments === null ? null : (
          <span title={t('edited')}>
            <SlidersHorizontal aria-hidden />
          </span>
        )}
      </span>
    </div>
  );
}

/** What became of the photo in the queue, in the corner of its picture. */
function StateMark({ entry, language }: { readonly entry: QueueEntry | undefined; readonly language: string }) {
  const text = stateText(entry);
  if (entry === undefined || text === null) return null;
  return (
    <span className={`cell-state cell-state-${entry.state}`} title={text}>
      <StateIcon entry={entry} language={language} />
    </span>
  );
}

function StateIcon({ entry, language }: { readonly entry: QueueEntry; readonly language: string }) {
  const t = i18next.getFixedT(language, 'library');
  switch (entry.state) {
    case 'waiting':
      return <Clock aria-hidden />;
    case 'running':
      return (
        <ProgressRing
          label={t('stateRunning', { percent: Math.round(100 * entry.fraction) })}
          fraction={entry.fraction}
        />
      );
    case 'done':
      return <Check aria-hidden />;
    case 'skipped':
      return <SkipForward aria-hidden />;
    case 'failed':
      return <CircleAlert aria-hidden />;
    case 'cancelled':
      return null;
  }
}
