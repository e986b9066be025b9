import { useTranslation } from 'react-i18next';
import type { ImageId } from '../../../../preload/contract.js';
import { imageUrl } from '../../../host.js';

/** Photos and their reconstructions twice, then samples: the rows of the sheet, as the engine draws them. */
const ROWS = ['rowPhotos', 'rowRemade', 'rowPhotos', 'rowRemade', 'rowNew'] as const;

interface SheetViewProps {
  /** null: there is none. */
  readonly sheet: ImageId | null;
  /** What is said where there is none. */
  readonly empty: string;
}

/** Held-out photos, what the model makes of them, and new pictures. */
export function SheetView({ sheet, empty }: SheetViewProps): React.JSX.Element {
  const { t } = useTranslation('pictures');
  return (
    <>
      <div className="train-panel-head">
        <h3>{t('sheet')}</h3>
        <span className="train-muted">{t('sheetHelp')}</span>
      </div>
      {sheet === null ? (
        <p className="train-muted">{empty}</p>
      ) : (
        <div className="vae-sheet">
          <div className="vae-sheet-rows" aria-hidden>
            {ROWS.map((row, index) => (
              <span key={index}>{t(row)}</span>
            ))}
          </div>
          <img src={imageUrl(sheet)} draggable={false} alt={`${t('sheet')}. ${t('sheetHelp')}`} />
        </div>
      )}
    </>
  );
}
