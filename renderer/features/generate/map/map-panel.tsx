import { useTranslation } from 'react-i18next';
import type { PhotoId } from '../../../../preload/contract.js';
import { MOST_MAPPED } from '../../../../preload/vocabulary.js';
import { Button } from '../../../elements/button.js';
import { imageUrl } from '../../../host.js';
import { formatShare } from '../../../i18n/format.js';
import { useLanguage } from '../../../i18n/use-language.js';
import { useLibrary } from '../../../state/library.js';
import { openPhoto } from '../../../state/view.js';
import { JobBar } from '../job-bar.js';
import { Panel, PanelPart } from '../panel.js';
import { PhotoThumb, useName } from '../photo-thumb.js';
import { hover, retryFinding, similarTo, stopFinding, useMap } from './map-state.js';

interface MapPanelProps {
  /** Brings a photo into the middle of the map. */
  readonly onShow: (photo: PhotoId) => void;
}

/** What was found on the map: pictures of its points, and photos that are alike. */
export function MapPanel({ onShow }: MapPanelProps): React.JSX.Element {
  const { t } = useTranslation('generate');
  const map = useMap((state) => state.map);
  const job = useMap((state) => state.foundJob);
  return (
    <Panel foot={map === null ? undefined : <Facts />}>
      <PanelPart title={t('here')}>
        <FoundPicture />
        <Walk />
        <JobBar job={job} label={t('working')} onStop={stopFinding} onRetry={retryFinding} />
      </PanelPart>
      <Similar onShow={onShow} />
    </Panel>
  );
}

function FoundPicture(): React.JSX.Element {
  const { t } = useTranslation('generate');
  const found = useMap((state) => state.found);
  const picture = found?.picture ?? null;
  const walking = useMap((state) => state.walk.length > 0);
  const name = useName(found?.nearest ?? null);
  if (found === null && !walking) return <p className="generate-help">{t('hereHint')}</p>;
  return (
    <figure className="map-found" data-ready={picture !== null || undefined}>
      <div className="map-found-picture">
        {picture === null ? null : <img src={imageUrl(picture.image)} alt={t('here')} draggable={false} />}
      </div>
      <figcaption className="generate-help">{name === '' ? '\u00a0' : t('nearest', { name })}</figcaption>
    </figure>
  );
}

/** The pictures along a walk; each can be looked at. */
function Walk(): React.JSX.Element | null {
  const { t } = useTranslation('generate');
  const walk = useMap((state) => state.walk);
  const found = useMap((state) => state.found);
  if (walk.length === 0) return null;
  return (
    <div className="map-walk" role="group" aria-label={t('walk')}>
      {walk.map((step, index) => (
        <button
          key={index}
          type="button"
          className="map-step"
          disabled={step.picture === null}
          aria-label={t('walkStep', { number: index + 1 })}
          aria-current={step === found}
          onClick={() => {
            useMap.setState({ found: step });
          }}
        >
          {step.picture === null ? null : <img src={imageUrl(step.picture.image)} alt="" draggable={false} />}
        </button>
      ))}
    </div>
  );
}

function Similar({ onShow }: MapPanelProps): React.JSX.Element {
  const { t } = useTranslation('generate');
  const map = useMap((state) => state.map);
  const photo = useMap((state) => state.hovered ?? state.focused);
  const name = useName(photo);
  if (map === null || photo === null || name === '') {
    return <p className="generate-help">{t('similarHint')}</p>;
  }
  return (
    <PanelPart title={t('similar', { name })}>
      <div className="similar">
        {similarTo(map, photo).map((other) => (
          <SimilarPhoto key={other} photo={other} onShow={onShow} />
        ))}
      </div>
      <Button
        size="small"
        onPress={() => {
          openPhoto(photo);
        }}
      >
        {t('openPhoto')}
      </Button>
    </PanelPart>
  );
}

function SimilarPhoto({ photo, onShow }: MapPanelProps & { readonly photo: PhotoId }): React.JSX.Element {
  const { t } = useTranslation('generate');
  const name = useName(photo);
  return (
    <button
      type="button"
      className="similar-photo"
      title={name}
      aria-label={t('focusOn', { name })}
      onClick={() => {
        useMap.setState({ focused: photo });
        hover(null);
        onShow(photo);
      }}
    >
      <PhotoThumb photo={photo} />
    </button>
  );
}

/** What the map has of the library, and what it shows of the differences. */
function Facts(): React.JSX.Element | null {
  const { t } = useTranslation('generate');
  const language = useLanguage();
  const map = useMap((state) => state.map);
  const photos = useLibrary((state) => state.photos);
  const asked = useMap((state) => state.photos.length);
  if (map === null) return null;
  const [first, second] = map.explained;
  const all = [...photos.values()].filter(({ error }) => error === null).length;
  return (
    <p className="generate-help">
      {t('explained', { first: formatShare(first, language), second: formatShare(second, language) })}
      {map.problems.length > 0 ? ` ${t('notOnMap', { count: map.problems.length })}` : ''}
      {asked >= MOST_MAPPED && asked < all ? ` ${t('mapSome', { used: map.points.length, all })}` : ''}
    </p>
  );
}
