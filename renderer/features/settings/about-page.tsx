import { ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useSession } from '../../state/session.js';
import { useModelOptions } from '../adjust/model-control.js';

/** Which program this is, and what it does with what it is given. */
export function AboutPage(): React.JSX.Element {
  const { t } = useTranslation(['settings', 'common']);
  const language = useLanguage();
  const { version, host } = useSession((state) => state.info);
  const models = useSession((state) => state.models) ?? [];
  const titles = new Map(useModelOptions().map(({ value, label }) => [value, label]));
  return (
    <div className="settings-page">
      <div>
        <h3 className="settings-name">{t('common:appName')}</h3>
        <p className="settings-help">{t('version', { version })}</p>
      </div>
      <section className="settings-privacy">
        <ShieldCheck aria-hidden />
        <div>
          <h3>{t('privacyTitle')}</h3>
          <p>{host === 'web' ? t('privacyWeb') : t('privacy')}</p>
          <p>{t('originals')}</p>
        </div>
      </section>
      <section>
        <h3>{t('modelsTitle')}</h3>
        <ul className="settings-models">
          {models.map(({ name, parameters, licence }) => (
            <li key={name}>
              {t('modelLine', {
                title: titles.get(name) ?? name,
                parameters: formatCount(parameters, language),
                licence,
              })}
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3>{t('licenceTitle')}</h3>
        <p>{t('licence')}</p>
      </section>
    </div>
  );
}
