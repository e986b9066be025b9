import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { EmptyState } from '../../elements/empty-state.js';
import { ErrorBoundary } from '../../elements/error-boundary.js';
import { host } from '../../host.js';

const MAX_MESSAGE = 2000;
const MAX_STACK = 20_000;

/** Tells the host's log of a fault of the window. */
export function reportFault(error: unknown, components = ''): void {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const message = error instanceof Error ? error.message : String(error);
  void host()
    .call('app.report', {
      message: message.slice(0, MAX_MESSAGE),
      stack: `${stack}\n${components}`.slice(0, MAX_STACK),
    })
    .catch(() => undefined);
}

/** A part of the window that may fail without the others. */
export function Part({ children }: { readonly children: React.ReactNode }) {
  return (
    <ErrorBoundary onError={reportFault} fallback={(_, retry) => <PartFailed retry={retry} />}>
      {children}
    </ErrorBoundary>
  );
}

function PartFailed({ retry }: { readonly retry: () => void }) {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={<CircleAlert aria-hidden />}
      title={t('partFailed')}
      actions={<Button onPress={retry}>{t('showAgain')}</Button>}
    >
      {t('partFailedText')}
    </EmptyState>
  );
}
