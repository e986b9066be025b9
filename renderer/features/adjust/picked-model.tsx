import { Camera } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelPick, PhotoId } from '../../../preload/contract.js';
import { Badge } from '../../elements/badge.js';
import { host } from '../../host.js';
import { useOwnModels } from '../../state/own-models.js';

/** What asks for each photo's own model. */
export const AUTO_MODEL = 'auto';

/** Which model a photo gets by its camera; null while the host looks, or where it is not left to it. */
export function usePick(photo: PhotoId | null): ModelPick | null {
  const [pick, setPick] = useState<ModelPick | null>(null);
  // Another version may be in use now.
  const models = useOwnModels((state) => state.models);
  useEffect(() => {
    if (photo === null) return undefined;
    const abort = new AbortController();
    host()
      .call('models.pick', { photo }, abort.signal)
      .then((next) => {
        if (!abort.signal.aborted) setPick(next);
      })
      // A photo that cannot be read says so itself.
      .catch(() => undefined);
    return () => {
      abort.abort();
    };
  }, [photo, models]);
  return pick?.photo === photo ? pick : null;
}

/** A model's name for people: those that ship in their language. */
export function useModelName(): (name: string) => string {
  const { t } = useTranslation('adjust');
  return (name) => (name === 'quality' ? t('modelQuality') : name === 'fast' ? t('modelFast') : name);
}

/** Says which model the photo got, below the choice. `photo` is null where there are several. */
export function PickedModel({ photo }: { readonly photo: PhotoId | null }): React.JSX.Element {
  const { t } = useTranslation('models');
  const pick = usePick(photo);
  const nameOf = useModelName();
  const text =
    photo === null
      ? t('autoMany')
      : pick === null
        ? t('autoLooking')
        : pick.camera === null
          ? t('autoDefault', { model: nameOf(pick.model) })
          : t('autoPicked', { model: pick.model, camera: pick.camera.model, iso: pick.camera.iso });
  return (
    <p className="adjust-help" role="status">
      {text}
    </p>
  );
}

/** The same in a word, beside a photo. */
export function PickedBadge({ photo }: { readonly photo: PhotoId }): React.JSX.Element | null {
  const { t } = useTranslation('models');
  const pick = usePick(photo);
  const nameOf = useModelName();
  if (pick === null) return null;
  return (
    <Badge tone={pick.camera === null ? 'neutral' : 'accent'} icon={<Camera aria-hidden />}>
      {t('autoBadge', { model: nameOf(pick.model) })}
    </Badge>
  );
}
