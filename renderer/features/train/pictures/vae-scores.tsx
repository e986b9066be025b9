import { useTranslation } from 'react-i18next';
import { formatShare } from '../../../i18n/format.js';
import { useLanguage } from '../../../i18n/use-language.js';
import { FactList } from '../fact-list.js';

interface VaeScoresProps {
  readonly scores: Readonly<Record<string, number>>;
  /** Numbers of a code; null: not known yet. */
  readonly latents: number | null;
}

/** How good it is on photos that it never learnt from. */
export function VaeScores({ scores, latents }: VaeScoresProps): React.JSX.Element | null {
  const { t } = useTranslation('pictures');
  const language = useLanguage();
  const { psnr, kl, active, sharpness } = scores;
  if (psnr === undefined || kl === undefined || active === undefined || sharpness === undefined) return null;
  const rows = [
    [t('scorePsnr'), t('decibels', { value: psnr.toFixed(2) })],
    [t('scoreKl'), t('nats', { value: kl.toFixed(1) })],
    [t('scoreActive'), latents === null ? String(active) : t('ofLatents', { active, latents })],
    [t('scoreSharpness'), t('ofPhotos', { share: formatShare(sharpness, language) })],
  ] as const;
  return <FactList label={t('scores')} rows={rows} />;
}
