import { useTranslation } from 'react-i18next';
import type { TrainingRun } from '../../../../preload/contract.js';
import { LeftOut } from '../left-out.js';
import { RunHead } from '../run-head.js';
import { BalanceText } from './balance-text.js';
import { SheetView } from './sheet-view.js';
import { VaeCurves } from './vae-curves.js';
import { VaeScores } from './vae-scores.js';

/** The run of a picture model: where it is, how its parts stand to each other, what it draws by now. */
export function VaeRunView({ run }: { readonly run: TrainingRun }): React.JSX.Element {
  const { t } = useTranslation(['pictures', 'train']);
  const { vae, leftOut, sheet } = run;
  const found = vae?.found ?? null;
  const scores = vae?.scores ?? null;
  return (
    <div className="train-scroll" data-run={run.state} data-phase={run.phase}>
      <div className="train-run">
        <RunHead run={run} />
        <section className="train-panel" aria-label={t('curves')}>
          <VaeCurves points={vae?.curves ?? []} />
          <BalanceText parts={vae?.parts ?? {}} />
          <p className="train-muted">{run.method === 'vae' ? t('helpVae') : t('helpGan')}</p>
        </section>
        <section className="train-panel" aria-label={t('sheet')}>
          <SheetView sheet={sheet} empty={found?.heldOut === 0 ? t('sheetNone') : t('sheetWaiting')} />
          {scores === null ? null : <VaeScores scores={scores} latents={vae?.parts['latents'] ?? null} />}
          {found === null ? null : (
            <p className="train-muted">
              {t('found', {
                photos: t('train:summaryPhotos', { count: found.photos }),
                heldOut: found.heldOut,
              })}
            </p>
          )}
          <LeftOut photos={leftOut} />
        </section>
      </div>
    </div>
  );
}
