import { useTranslation } from 'react-i18next';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { Select } from '../../elements/select.js';
import { changeOnce } from '../../state/adjust.js';
import { useSession } from '../../state/session.js';
import type { Adjusted } from './use-adjusted.js';

/** More models than this are a list that opens. */
const MAX_SEGMENTS = 3;

/** What a model does, in plain words: ours are described in the person's language. */
export function useModelText(): (name: string) => string {
  const { t } = useTranslation('adjust');
  const models = useSession((state) => state.info.models);
  return (name) => {
    if (name === 'quality') return t('modelQuality');
    if (name === 'fast') return t('modelFast');
    return models.find((model) => model.name === name)?.description ?? name;
  };
}

/** Which model removes the noise. */
export function ModelControl({ adjusted: { settings } }: { readonly adjusted: Adjusted }): React.JSX.Element {
  const { t } = useTranslation('adjust');
  const models = useSession((state) => state.info.models);
  const describe = useModelText();
  const onChange = (model: string): void => {
    changeOnce({ model }, 'model');
  };
  const known = models.some(({ name }) => name === settings.model);
  if (models.length > MAX_SEGMENTS || (settings.model !== undefined && !known)) {
    return (
      <Select
        label={t('model')}
        value={settings.model ?? ''}
        placeholder={settings.model ?? t('mixed')}
        options={models.map(({ name, title }) => ({ value: name, label: title, detail: describe(name) }))}
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
        segments={models.map(({ name, title }) => ({ value: name, label: title }))}
        onChange={onChange}
        stretch
      />
      <p className="adjust-help">{settings.model === undefined ? t('modelMixed') : describe(settings.model)}</p>
    </div>
  );
}
