import { useTranslation } from 'react-i18next';
import type { TrainingRun } from '../../../preload/contract.js';
import { Plot } from '../../elements/plot.js';
import { formatCount } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import { scoreColumns } from './curve-data.js';

/** Losses are mean squares of shares of full scale: thousandths are numbers that can be read. */
const LOSS_SCALE = 1000;
/** A tenth of a decibel is little: the axis shows no less than this. */
const LEAST_DB = 0.5;

/** How the loss falls and the quality on held-out parts rises, step by step. */
export function RunCurves({ curves }: { readonly curves: TrainingRun['curves'] }): React.JSX.Element {
  const { t } = useTranslation('train');
  const language = useLanguage();
  const { loss, heldOut, rounds } = curves;
  const steps = (step: number): string => (Number.isInteger(step) ? formatCount(step, language) : '');
  const decimals = (value: number): string => value.toFixed(2);
  const [firstLoss, lastLoss] = [loss[0], loss.at(-1)];
  const [firstScore, lastScore] = [heldOut[0], heldOut.at(-1)];
  const scores = scoreColumns(heldOut, rounds);
  return (
    <div className="train-plots">
      <Plot
        title={t('curveLoss')}
        unit={t('curveLossUnit')}
        label={
          firstLoss === undefined || lastLoss === undefined
            ? t('curveWaiting')
            : t('curveLossSays', {
                first: decimals(firstLoss.loss * LOSS_SCALE),
                last: decimals(lastLoss.loss * LOSS_SCALE),
                step: lastLoss.step,
              })
        }
        xLabel={t('curveSteps')}
        x={loss.map(({ step }) => step)}
        lines={[
          {
            label: t('curveLoss'),
            colour: '--chart-second',
            values: loss.map((point) => point.loss * LOSS_SCALE),
          },
        ]}
        marks={rounds}
        fromZero
        formatX={steps}
        formatY={decimals}
        empty={t('curveWaiting')}
      />
      <Plot
        title={t('curveScore')}
        unit={t('curveScoreUnit')}
        label={
          firstScore === undefined || lastScore === undefined
            ? t('curveWaiting')
            : t('curveScoreSays', {
                first: decimals(firstScore.psnr),
                last: decimals(lastScore.psnr),
                step: lastScore.step,
              })
        }
        xLabel={t('curveSteps')}
        x={scores.x}
        lines={[{ label: t('curveScore'), colour: '--chart-main', values: scores.y, points: true }]}
        marks={rounds}
        least={LEAST_DB}
        formatX={steps}
        formatY={decimals}
        empty={t('curveWaiting')}
      />
    </div>
  );
}
