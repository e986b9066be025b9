import { GraduationCap } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../elements/empty-state.js';

export default function TrainView(): React.JSX.Element {
  const { t } = useTranslation();
  return <EmptyState icon={<GraduationCap aria-hidden />} title={t('viewTrain')} />;
}
