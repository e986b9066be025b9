import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhotoId } from '../../../../preload/contract.js';
import { MOST_INTERPOLATED } from '../../../../preload/vocabulary.js';
import { Button, IconButton } from '../../../elements/button.js';
import { useSelection } from '../../../state/selection.js';
import { useShown } from '../../../state/shown.js';
import { PhotoThumb, useName } from '../photo-thumb.js';
import { addStops, moveStop, removeStop, useBetween } from './between-state.js';

/** The photos that the way leads along, in its order: dragged, or moved by buttons. */
export function Stops(): React.JSX.Element {
  const { t } = useTranslation('generate');
  const photos = useBetween((state) => state.photos);
  const [dragged, setDragged] = useState<number | null>(null);
  const order = useShown((state) => state.order);
  const selected = useSelection((state) => state.selected);
  const more = order.filter((photo) => selected.has(photo) && !photos.includes(photo));
  const isFull = photos.length >= MOST_INTERPOLATED;
  return (
    <>
      {photos.length === 0 ? null : (
        <ol className="stops">
          {photos.map((photo, index) => (
            <Stop
              key={photo}
              photo={photo}
              index={index}
              count={photos.length}
              isDragged={dragged === index}
              onDrag={setDragged}
              onDropOn={() => {
                if (dragged !== null && dragged !== index) moveStop(dragged, index);
                setDragged(null);
              }}
            />
          ))}
        </ol>
      )}
      {isFull ? <p className="generate-help">{t('stopsFull')}</p> : null}
      {more.length > 0 && !isFull ? (
        <Button
          size="small"
          onPress={() => {
            addStops(more);
          }}
        >
          {photos.length === 0 ? t('startWithSelected') : t('addSelected', { count: more.length })}
        </Button>
      ) : null}
    </>
  );
}

interface StopProps {
  readonly photo: PhotoId;
  readonly index: number;
  readonly count: number;
  readonly isDragged: boolean;
  /** null: let go of. */
  readonly onDrag: (index: number | null) => void;
  readonly onDropOn: () => void;
}

function Stop({ photo, index, count, isDragged, onDrag, onDropOn }: StopProps): React.JSX.Element {
  const { t } = useTranslation('generate');
  const name = useName(photo);
  return (
    <li
      className="stop"
      aria-label={t('stop1', { number: index + 1, name })}
      data-dragged={isDragged || undefined}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', name);
        onDrag(index);
      }}
      onDragEnd={() => {
        onDrag(null);
      }}
      onDragOver={(event) => {
        event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        onDropOn();
      }}
    >
      <PhotoThumb photo={photo} />
      <span className="stop-name" title={name}>
        {name}
      </span>
      <IconButton
        label={t('earlier', { name })}
        size="small"
        isDisabled={index === 0}
        onPress={() => {
          moveStop(index, index - 1);
        }}
      >
        <ArrowUp aria-hidden />
      </IconButton>
      <IconButton
        label={t('later', { name })}
        size="small"
        isDisabled={index === count - 1}
        onPress={() => {
          moveStop(index, index + 1);
        }}
      >
        <ArrowDown aria-hidden />
      </IconButton>
      <IconButton
        label={t('remove', { name })}
        size="small"
        onPress={() => {
          removeStop(photo);
        }}
      >
        <X aria-hidden />
      </IconButton>
    </li>
  );
}
