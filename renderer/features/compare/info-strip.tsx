import { useTranslation } from 'react-i18next';
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import type { CameraInfo, PhotoEntry, PhotoView, TrustReport } from '../../../preload/contract.js';
import { Badge, type Tone } from '../../elements/badge.js';
import { settingsOf } from '../../state/library.js';
import { useSession } from '../../state/session.js';
import { AUTO_MODEL, PickedBadge, useModelName } from '../adjust/picked-model.js';
import { useCompare } from './compare-state.js';
import { cameraName, exposureText, shortNumber } from './format.js';

/** What is known of the photo, in one line. */
export function InfoStrip({ photo }: { readonly photo: PhotoEntry }): React.JSX.Element {
  const { t } = useTranslation(['compare', 'models']);
  const opened = useCompare((state) => state.opened);
  const report = useCompare((state) => state.preview.report);
  const model = useSession(({ preferences }) => settingsOf(photo, preferences.adjustments).model);
  const view = opened.state === 'open' && opened.photo === photo.id ? opened.view : null;
  const width = view?.width ?? photo.width;
  const height = view?.height ?? photo.height;
  const noise = photo.noise ?? report?.noise.sigma ?? null;
  const trust = report?.trust ?? photo.trust;
  const fallback = report?.fit?.used === 'fallback' ? report.fit.fallback : null;
  const nameOf = useModelName();
  return (
    <div className="compare-info" role="group" aria-label={t('info.label')}>
      <strong className="compare-name" title={photo.folder === '' ? photo.name : `${photo.folder}/${photo.name}`}>
        {photo.name}
      </strong>
      {width !== null && height !== null && (
        <span>
          {t('info.size', { width, height })}
          <span className="compare-info-extra">
            {` · ${t('info.megapixels', { value: shortNumber((width * height) / 1e6) })}`}
          </span>
        </span>
      )}
      {view !== null && <span className="compare-info-extra">{fileText(view, t)}</span>}
      {view !== null && view.camera !== null && <CameraText camera={view.camera} />}
      <span className="compare-info-end">
        {noise !== null && (
          <span title={t('info.noiseHelp')}>{t('info.noise', { value: `σ ${shortNumber(noise)}` })}</span>
        )}
        {fallback !== null && <Badge tone="warning">{t('models:fallbackBadge', { model: nameOf(fallback) })}</Badge>}
        {model === AUTO_MODEL && fallback === null && <PickedBadge photo={photo.id} />}
        {trust !== null && <TrustButton trust={trust} instead={fallback === null ? null : nameOf(fallback)} />}
      </span>
    </div>
  );
}

type Translate = ReturnType<typeof useTranslation<'compare'>>['t'];

function fileText(view: PhotoView, t: Translate): string {
  const parts = [view.format.toUpperCase(), t('info.depth', { bits: view.depth })];
  if (view.neutral) parts.push(t('info.neutral'));
  if (view.hasAlpha) parts.push(t('info.alpha'));
  return parts.join(' · ');
}

function CameraText({ camera }: { readonly camera: CameraInfo }): React.JSX.Element {
  const { t } = useTranslation('compare');
  const name = cameraName(camera.make, camera.model);
  const exposure = [
    camera.iso === null ? null : t('info.iso', { iso: camera.iso }),
    camera.exposureTime === null ? null : t('info.seconds', { value: exposureText(camera.exposureTime) }),
    camera.aperture === null ? null : t('info.aperture', { value: shortNumber(camera.aperture) }),
    camera.focalLength === null ? null : t('info.focal', { value: shortNumber(camera.focalLength) }),
  ].filter((part) => part !== null);
  return (
    <>
      {name !== null && (
        <span className="compare-info-camera" title={camera.lens ?? name}>
          {name}
        </span>
      )}
      {exposure.length > 0 && <span>{exposure.join(' · ')}</span>}
    </>
  );
}

const TONES: Readonly<Record<TrustReport['verdict'], Tone>> = { good: 'good', fair: 'warning', poor: 'danger' };

interface TrustButtonProps {
  readonly trust: TrustReport;
  /** What the model is called that does the photo in the place of the one that was chosen; null: none does. */
  readonly instead: string | null;
}

/** Whether the model fits the photo; pressed, it says what that means. */
function TrustButton({ trust, instead }: TrustButtonProps): React.JSX.Element {
  const { t } = useTranslation(['compare', 'models']);
  return (
    <DialogTrigger>
      <AriaButton className="compare-trust" aria-label={`${t('trust.label')} ${t(`trust.${trust.verdict}`)}`}>
        <Badge tone={TONES[trust.verdict]}>{t(`trust.${trust.verdict}`)}</Badge>
      </AriaButton>
      <Popover className="popover compare-trust-popover" placement="top end" offset={6}>
        <Dialog aria-label={t('trust.label')}>
          <strong>{t(`trust.${trust.verdict}`)}</strong>
          <p>{t(`trust.${trust.verdict}Help`)}</p>
          {instead !== null && <p>{t('models:fallbackUsed', { model: instead })}</p>}
          <p className="compare-muted">{t('trust.score', { value: Math.round(trust.score * 100) })}</p>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
