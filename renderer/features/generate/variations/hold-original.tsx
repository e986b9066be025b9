import { useTranslation } from 'react-i18next';
import type { ImageId } from '../../../../preload/contract.js';
import { imageUrl } from '../../../host.js';
import { setHolding, useVariations } from './variations-state.js';

const show = (): void => {
  setHolding(true);
};
const hide = (): void => {
  setHolding(false);
};

/** What a button needs that shows the original for as long as it is held, by pointer or key. */
export const HOLDING = {
  onPointerDown: show,
  onPointerUp: hide,
  onPointerLeave: hide,
  onPointerCancel: hide,
  onBlur: hide,
  onKeyDown: (event: React.KeyboardEvent): void => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    show();
  },
  onKeyUp: hide,
  onContextMenu: (event: React.MouseEvent): void => {
    // A long touch.
    event.preventDefault();
  },
} as const;

/** The photo itself beside its variations; while it is held, it is seen in their places. */
export function HoldOriginal({ image }: { readonly image: ImageId }): React.JSX.Element {
  const { t } = useTranslation('generate');
  const holding = useVariations((state) => state.holding);
  return (
    <div className="variation variation-own">
      <button
        type="button"
        className="variation-picture"
        aria-label={t('holdOriginal')}
        aria-pressed={holding}
        {...HOLDING}
      >
        <img src={imageUrl(image)} alt="" draggable={false} />
      </button>
      <div className="variation-bar">
        <span className="variation-name">{t('original')}</span>
      </div>
    </div>
  );
}
