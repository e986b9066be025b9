import { useTranslation } from 'react-i18next';
import { Select } from '../../elements/select.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useOwnVaes } from '../../state/own-vaes.js';
import { formatDay } from '../train/dates.js';
import { chooseVae } from './choose-vae.js';
import { useGenerate } from './generate-state.js';

/** No VAE of one's own has this id. */
const SHIPPED = 'shipped';

/** What pictures are generated with, where there is a choice. */
export function VaeChoice(): React.JSX.Element | null {
  const { t } = useTranslation('pictures');
  const language = useLanguage();
  const chosen = useGenerate((state) => state.vae);
  const own = useOwnVaes((state) => state.vaes)?.versions ?? [];
  if (own.length === 0) return null;
  return (
    <div className="generate-vae">
      <Select
        label={t('choose')}
        hideLabel
        value={chosen ?? SHIPPED}
        options={[
          { value: SHIPPED, label: t('shipped') },
          ...own.map(({ id, card }) => ({
            value: id,
            label: card.name,
            detail: `${card.method === 'vae' ? t('kindVae') : t('kindGan')} · ${formatDay(card.created, language)}`,
          })),
        ]}
        onChange={(next) => {
          chooseVae(next === SHIPPED ? null : next);
        }}
      />
    </div>
  );
}
