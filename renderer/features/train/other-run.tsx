import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { Notice } from '../../elements/notice.js';
import { useOtherRun } from '../../state/training.js';
import { showPage } from './train-page.js';

/** Says that a run of the other kind is not over, where there is one, and leads to it. */
export function OtherRun({ kind }: { readonly kind: 'denoiser' | 'vae' }): React.JSX.Element | null {
  const { t } = useTranslation('pictures');
  if (!useOtherRun(kind)) return null;
  return (
    <Notice
      level="info"
      action={
        <Button
          size="small"
          onPress={() => {
            showPage(kind === 'vae' ? 'learn' : 'pictures');
          }}
        >
          {t('showOther')}
        </Button>
      }
    >
      {kind === 'vae' ? t('otherDenoiser') : t('otherPictures')}
    </Notice>
  );
}
