import { Sparkles, Upload } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { OwnVae } from '../../../../preload/contract.js';
import { Button } from '../../../elements/button.js';
import { formatBytes, formatDuration } from '../../../i18n/format.js';
import { useLanguage } from '../../../i18n/use-language.js';
import { formatDay } from '../dates.js';
import { shortId } from '../model-actions.js';
import { SheetView } from './sheet-view.js';
import { exportVae, generateWith } from './vae-actions.js';
import { VaeCurves } from './vae-curves.js';
import { VaeScores } from './vae-scores.js';
import './pictures.css';
import { FactList } from '../fact-list.js';

/** What is known of a picture model, and what can be done with it. */
export function VaeCardView({ vae }: { readonly vae: OwnVae }): React.JSX.Element {
  const { t } = useTranslation(['pictures', 'models']);
  const { id, card, sheet } = vae;
  return (
    <article className="models-card" aria-label={`${card.name}, ${t('version', { id: shortId(id) })}`}>
      <header className="models-card-head">
        <div>
          <h2>{card.name}</h2>
          <p className="train-muted">{t('version', { id: shortId(id) })}</p>
        </div>
        <div className="train-buttons">
          <Button icon={<Upload aria-hidden />} onPress={() => void exportVae(vae)}>
            {t('models:export')}
          </Button>
          <Button
            variant="primary"
            icon={<Sparkles aria-hidden />}
            onPress={() => {
              generateWith(id);
            }}
          >
            {t('generate')}
          </Button>
        </div>
      </header>
      <Facts vae={vae} />
      <section className="train-panel" aria-label={t('sheet')}>
        <SheetView sheet={sheet} empty={t('sheetNone')} />
        <VaeScores scores={card.scores.after} latents={card.latents} />
      </section>
      {card.curves.length < 2 ? null : (
        <section className="train-panel" aria-label={t('curves')}>
          <VaeCurves points={card.curves} />
        </section>
      )}
    </article>
  );
}

function Facts({ vae: { card } }: { readonly vae: OwnVae }) {
  const { t } = useTranslation(['pictures', 'models', 'train']);
  const language = useLanguage();
  const { created, method, parent, photos, heldOut, steps, seconds, side, latents, files } = card;
  const rows: readonly (readonly [string, string])[] = [
    [t('models:created'), formatDay(created, language)],
    [t('models:recipe'), method === 'vae' ? t('kindVae') : t('kindGan')],
    [t('models:parent'), parent === null ? t('parentNone') : `${parent.name}, ${shortId(parent.id)}`],
    [t('models:data'), t('found', { photos: t('train:summaryPhotos', { count: photos }), heldOut })],
    [t('models:steps'), t('models:stepsIn', { steps, time: formatDuration(seconds * 1000, language) })],
    [t('size'), t('sizeText', { side, latents })],
    [t('models:size'), formatBytes(files.encoder.bytes + files.decoder.bytes, language)],
  ];
  return <FactList label={t('models:facts')} rows={rows} />;
}
