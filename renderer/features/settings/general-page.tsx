import { Keyboard } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES } from '../../../preload/vocabulary.js';
import { Button } from '../../elements/button.js';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { Select } from '../../elements/select.js';
import { chooseLanguage } from '../../i18n/index.js';
import { setPreferences, useSession } from '../../state/session.js';
import { openOverlay } from '../../state/view.js';
import { useModelOptions } from '../adjust/model-control.js';

/** Languages by their own names. */
const LANGUAGE_NAMES = { en: 'English', ko: '한국어' } as const satisfies Record<(typeof LANGUAGES)[number], string>;

/** Language, appearance, model. */
export function GeneralPage(): React.JSX.Element {
  const { t } = useTranslation('settings');
  const { language, theme, adjustments } = useSession((state) => state.preferences);
  const locale = useSession((state) => state.info.locale);
  const models = useModelOptions();
  const system = LANGUAGE_NAMES[chooseLanguage('system', locale)];
  return (
    <div className="settings-page">
      <Select
        label={t('language')}
        value={language}
        options={[
          { value: 'system', label: t('languageSystem', { language: system }) },
          ...LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] })),
        ]}
        onChange={(value) => void setPreferences({ language: value })}
      />
      <div className="settings-group">
        <span className="field-label" aria-hidden>
          {t('theme')}
        </span>
        <SegmentedControl
          label={t('theme')}
          value={theme}
          segments={[
            { value: 'system', label: t('themeSystem') },
            { value: 'dark', label: t('themeDark') },
            { value: 'light', label: t('themeLight') },
          ]}
          onChange={(value) => void setPreferences({ theme: value })}
          stretch
        />
      </div>
      <Select
        label={t('model')}
        value={adjustments.model}
        description={t('modelHelp')}
        options={models}
        onChange={(model) => void setPreferences({ adjustments: { ...adjustments, model } })}
      />
      <div>
        <Button
          icon={<Keyboard aria-hidden />}
          onPress={() => {
            openOverlay('shortcuts');
          }}
        >
          {t('shortcuts')}
        </Button>
      </div>
      <p className="settings-help">{t('lesson')}</p>
    </div>
  );
}
