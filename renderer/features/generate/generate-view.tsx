import { Sparkles } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../elements/empty-state.js';

export default function GenerateView(): React.JSX.Element {
  const { t } = useTranslation();
  return <EmptyState icon={<Sparkles aria-hidden />} title={t('viewGenerate')} />;
}
