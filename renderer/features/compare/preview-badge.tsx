import { Check, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { Spinner } from '../../elements/progress.js';
import { errorText } from '../../i18n/error-text.js';
import { useCompare } from './compare-state.js';
import { zoomPercent } from './format.js';

/** How far the preview is, in a corner of the photo, or why there is none. */
export function PreviewBadge({ onRetry }: { readonly onRetry: () => void }): React.JSX.Element | null {
  const { t } = useTranslation('compare');
  const { state, error } = useCompare((compare) => compare.preview);
  const zoom = useCompare((compare) => compare.viewport?.zoom ?? 1);
  if (state === 'none') return null;
  if (state === 'error') {
    return (
      <div className="compare-badge compare-badge-error" role="alert">
        <TriangleAlert aria-hidden size={16} />
        <div>
          <strong>{t('preview.failed')}</strong>
          <p>{errorText(error)}</p>
        </div>
        <Button size="small" onPress={onRetry}>
          {t('preview.retry')}
        </Button>
      </div>
    );
  }
  return (
    <div className="compare-badge" role="status" data-state={state}>
      {state === 'done' ? <Check aria-hidden size={14} /> : <Spinner label={t('preview.waiting')} size={14} />}
      <span>{t(`preview.${state}`)}</span>
      {zoom < 1 && (
        <span className="compare-badge-hint" title={t('preview.approximateHelp')}>
          {t('preview.approximate', { percent: zoomPercent(zoom) })}
        </span>
      )}
    </div>
  );
}
