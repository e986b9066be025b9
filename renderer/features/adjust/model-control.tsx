import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { Select, type Option } from '../../elements/select.js';
import { changeOnce } from '../../state/adjust.js';
import { promotedOf, useOwnModels } from '../../state/own-models.js';
import { useSession } from '../../state/session.js';
import { FallbackSwitch } from './fallback-switch.js';
import { AUTO_MODEL, PickedModel } from './picked-model.js';
import { sameShown, useAdjusted, type ShownSettings } from './use-adjusted.js';

/** More models than this are a list that opens. */
const MAX_SEGMENTS = 3;

/** Until the engine has said what it has. */
const SHIPPED = ['quality', 'fast'].map((name) => ({ name, title: name, description: '' }));

/**
 * The models with what they are called and what they do: ours in the person's language, others as they say themselves, then
 * the person's own that are in use, each by its camera first.
 */
export function useModelOptions(): readonly (Option<string> & { readonly detail: string })[] {
  const { t } = useTranslation(['adjust', 'models']);
  const models = useSession((state) => state.models);
  const own = promotedOf(useOwnModels((state) => state.models));
  const shipped = (models ?? SHIPPED).map(({ name, title, description }) => {
    if (name === 'quality') return { value: name, label: t('modelQuality'), detail: t('modelQualityHelp') };
    if (name === 'fast') return { value: name, label: t('modelFast'), detail: t('modelFastHelp') };
    return { value: name, label: title, detail: description };
  });
  if (own.length === 0) return shipped;
  return [
    ...shipped,
    { value: AUTO_MODEL, label: t('models:auto'), detail: t('models:autoHelp') },
    ...own.map(({ id, card }) => ({
      value: card.name,
      label: card.name,
      detail: t('models:ownHelp', { id: id.slice(0, 6) }),
    })),
  ];
}

/** Which model the photo gets that the sliders are of. */
function AdjustedPick() {
  const { photos } = useAdjusted();
  return <PickedModel photo={photos.length === 1 ? photos[0]!.id : null} />;
}

/** Which model removes the noise. */
export const ModelControl = memo(function ModelControl({ shown }: { readonly shown: ShownSettings }) {
  const { settings } = shown;
  const { t } = useTranslation(['adjust', 'models']);
  const options = useModelOptions();
  const onChange = (model: string): void => {
    changeOnce({ model }, 'model');
  };
  const helpOf = (model: string | undefined): string => {
    if (model === undefined) return t('modelMixed');
    return options.find(({ value }) => value === model)?.detail ?? t('models:rolledBackBase', { name: model });
  };
  const chosen = options.find(({ value }) => value === settings.model);
  const shipped = useSession((state) => state.models) ?? SHIPPED;
  const mayFallBack = shown.all.some(({ model }) => !shipped.some(({ name }) => name === model));
  if (options.length > MAX_SEGMENTS || (settings.model !== undefined && chosen === undefined)) {
    return (
      <div className="adjust-group">
        <Select
          label={t('model')}
          value={settings.model ?? ''}
          placeholder={settings.model === AUTO_MODEL ? t('models:auto') : (settings.model ?? t('mixed'))}
          options={options}
          onChange={onChange}
        />
        {settings.model === AUTO_MODEL ? <AdjustedPick /> : <p className="adjust-help">{helpOf(settings.model)}</p>}
        {mayFallBack && <FallbackSwitch shown={shown} />}
      </div>
    );
  }
  return (
    <div className="adjust-group">
      <span className="adjust-label" aria-hidden>
        {t('model')}
      </span>
      <SegmentedControl
        label={t('model')}
        value={settings.model ?? ''}
        segments={options}
        onChange={onChange}
        stretch
      />
      <p className="adjust-help">{chosen === undefined ? t('modelMixed') : chosen.detail}</p>
    </div>
  );
}, sameShown);
