import { useTranslation } from 'react-i18next';
import type { TrainingRun } from '../../../preload/contract.js';
import { TECHNICAL_LANGUAGE } from '../../i18n/error-text.js';

/** Photos that could not be used, and why. */
export function LeftOut({ photos }: { readonly photos: TrainingRun['leftOut'] }): React.JSX.Element | null {
  const { t } = useTranslation('train');
  if (photos.length === 0) return null;
  return (
    <details className="train-left-out">
      <summary>{t('leftOut', { count: photos.length })}</summary>
      <ul lang={TECHNICAL_LANGUAGE}>
        {photos.map(({ name, message }) => (
          <li key={name}>
            {name}: {message}
          </li>
        ))}
      </ul>
    </details>
  );
}
