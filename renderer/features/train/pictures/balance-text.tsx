import { CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { balanceFigures, balanceOf, isCollapse } from '../../../../preload/vocabulary.js';
import { formatShare } from '../../../i18n/format.js';
import { useLanguage } from '../../../i18n/use-language.js';

/** What the curves mean now, in a sentence. */
export function BalanceText({ parts }: { readonly parts: Readonly<Record<string, number>> }): React.JSX.Element {
  const { t } = useTranslation('pictures');
  const language = useLanguage();
  const figures = balanceFigures(parts);
  if (figures === null) return <p className="vae-balance train-muted">{t('balanceWaiting')}</p>;
  const { kl, active, latents, warmup, accuracy = 0, begins = 0 } = figures;
  const balance = balanceOf(figures);
  const bad = isCollapse(balance);
  const good = balance === 'players-even' || balance === 'code-in-use';
  const Icon = bad ? TriangleAlert : good ? CircleCheck : Info;
  const text = t(`balance.${balance}`, {
    nats: kl.toFixed(kl < 10 ? 1 : 0),
    active: Math.round(active),
    latents,
    warmup: formatShare(warmup, language),
    accuracy: formatShare(accuracy, language),
    begins: formatShare(begins, language),
  });
  return (
    <p className="vae-balance" role="status" data-balance={balance} data-bad={bad || undefined}>
      <Icon aria-hidden />
      <span>{text}</span>
    </p>
  );
}
