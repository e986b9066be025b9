import { useTranslation } from 'react-i18next';
import { NO_FALLBACK } from '../../../preload/vocabulary.js';
import { Switch } from '../../elements/checkbox.js';
import { changeOnce } from '../../state/adjust.js';
import type { ShownSettings } from './use-adjusted.js';

/** Whether a model of one's own makes way where it would do harm; on unless it is off for all photos. */
export function FallbackSwitch({ shown }: { readonly shown: ShownSettings }): React.JSX.Element {
  const { t } = useTranslation('models');
  return (
    <Switch
      value={!shown.all.every(({ fallback }) => fallback === NO_FALLBACK)}
      onChange={(isOn) => {
        changeOnce({ fallback: isOn ? undefined : NO_FALLBACK }, 'fallback');
      }}
    >
      {t('fallback')}
    </Switch>
  );
}
