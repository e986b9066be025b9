import { useTranslation } from 'react-i18next';
import { useTraining } from '../../state/training.js';
import { LeftOut } from './left-out.js';
import { NoisePlots } from './noise-plots.js';
import { RunCurves } from './run-curves.js';
import { RunHead } from './run-head.js';
import { SamplesView } from './samples-view.js';
import { VerdictView } from './verdict-view.js';

/** The run: where it is, how it goes, what came of it. */
export function RunView(): React.JSX.Element | null {
  const { t } = useTranslation('train');
  const run = useTraining((state) => state.run);
  if (run === null) return null;
  const { found, leftOut, result } = run;
  return (
    <div className="train-scroll" data-run={run.state} data-phase={run.phase}>
      <div className="train-run">
        <RunHead run={run} />
        {result === null || result.verdict === null ? null : <VerdictView verdict={result.verdict} />}
        <section className="train-panel" aria-label={t('curveScore')}>
          <RunCurves curves={run.curves} />
        </section>
        <section className="train-panel" aria-label={t('samples')}>
          <SamplesView samples={run.samples} />
        </section>
        <section className="train-panel" aria-label={t('noise')}>
          <NoisePlots cameras={run.cameras} />
          {found === null ? null : (
            <p className="train-muted">
              {t('found', { ...found, photos: t('summaryPhotos', { count: found.photos }) })}
            </p>
          )}
          <LeftOut photos={leftOut} />
        </section>
      </div>
    </div>
  );
}
