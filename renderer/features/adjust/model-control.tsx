import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { Select, type Option } from '../../elements/select.js';
import { changeOnce } from '../../state/adjust.js';
import { useSession } from '../../state/session.js';
import { sameShown, type ShownSettings } from './use-adjusted.js';

/** More models than this are a list that opens. */
const MAX_SEGMENTS = 3;

/** Until the engine has said what it has. */
const SHIPPED = ['quality', 'fast'].map((name) => ({ name, title: name, description: '' }));

/** The models with what they are called and what they do: ours in the person's language, others as they say themselves. */
export function useModelOptions(): readonly (Option<string> & { readonly detail: string })[] {
  const { t } = useTranslation('adjust');
  const models = useSession((state) => state.models);
  return (models ?? SHIPPED).map(({ name, title, description }) => {
    if (name === 'quality') return { value: name, label: t('modelQuality'), detail: t('modelQualityHelp') };
    if (name === 'fast') return { value: name, label: t('modelFast'), detail: t('modelFastHelp') };
    return { value: name, label: title, detail: description };
  });
}

/** Which model removes the noise. */
export const ModelControl = memo(function ModelControl({ shown: { settings } }: { readonly shown: ShownSettings }) {
  const { t } = useTranslation('adjust');
  const options = useModelOptions();
  const onChange = (model: string): void => {
    changeOnce({ model }, 'model');
  };
  const chosen = options.find(({ value }) => value === settings.model);
  if (options.length > MAX_SEGMENTS || (settings.model !== undefined && chosen === undefined)) {
    return (
      <Select
        label={t('model')}
        value={settings.model ?? ''}
        placeholder={settings.model ?? t('mixed')}
        options={options}
        onChange={onChange}
      />
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
