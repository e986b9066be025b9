import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportSettings, GeneratedExport } from '../../../../preload/contract.js';
import { Button } from '../../../elements/button.js';
import { chosenVae } from '../generate-state.js';
import { host, imageUrl } from '../../../host.js';
import { ExportPictures } from '../export-pictures.js';
import { nameOf } from './names.js';
import { stepsKey } from './tree.js';
import { togglePinned, unpinAll, useVariations } from './variations-state.js';

/** The variations that were pinned, from whichever sheet, and what becomes of them. */
export function Pins(): React.JSX.Element {
  const { t } = useTranslation('generate');
  const pinned = useVariations((state) => state.pinned);
  const [exporting, setExporting] = useState(false);
  if (pinned.size === 0) return <p className="pins pins-none">{t('pinHint')}</p>;
  return (
    <section className="pins" aria-label={t('pinned')}>
      <ul className="pins-list">
        {[...pinned.values()].map((variation) => {
          const name = nameOf(variation.recipe.steps, t);
          return (
            <li key={stepsKey(variation.recipe.steps)} className="pin">
              <button
                type="button"
                aria-label={t('unpin', { name })}
                title={t('unpin', { name })}
                onClick={() => {
                  togglePinned(variation);
                }}
              >
                <img src={imageUrl(variation.picture.image)} alt="" draggable={false} />
                <X aria-hidden />
              </button>
            </li>
          );
        })}
      </ul>
      <Button variant="ghost" size="small" onPress={unpinAll}>
        {t('unpinAll')}
      </Button>
      <Button
        variant="primary"
        onPress={() => {
          setExporting(true);
        }}
      >
        {t('exportCount', { count: pinned.size })}
      </Button>
      {exporting ? (
        <ExportPictures
          title={t('exportTitle', { count: pinned.size })}
          note={t('fullSize')}
          hasFormat
          onClose={() => {
            setExporting(false);
          }}
          run={exportPinned}
        />
      ) : null}
    </section>
  );
}

function exportPinned(ticket: number, signal: AbortSignal, settings: ExportSettings): Promise<GeneratedExport> {
  const { photo, pinned } = useVariations.getState();
  const items = [...pinned.values()].map(({ name, recipe }) => ({ name, steps: recipe.steps }));
  return host().call(
    'generate.exportVariations',
    { ticket, vae: chosenVae(), photo: photo!, items, export: settings },
    signal,
  );
}
