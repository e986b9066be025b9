import { useTranslation } from 'react-i18next';
import type { VaePoint } from '../../../../preload/contract.js';
import { Plot } from '../../../elements/plot.js';
import { formatCount } from '../../../i18n/format.js';
import { useLanguage } from '../../../i18n/use-language.js';
import { linesOf, type VaeCurve } from './curve-lines.js';

/** Reconstruction, KL and the two players, each in its own scale. */
export function VaeCurves({ points }: { readonly points: readonly VaePoint[] }): React.JSX.Element {
  const { t } = useTranslation(['pictures', 'train']);
  const language = useLanguage();
  const text = (key: VaeCurve, value: number): string =>
    key === 'kl' ? t('nats', { value: value.toFixed(value < 10 ? 1 : 0) }) : value.toPrecision(2);
  const lines = linesOf(points);
  const step = points.at(-1)?.step ?? 0;
  const says = lines.map(({ key, first, last }) =>
    t('curveSays', { name: t(key), first: text(key, first), last: text(key, last), step }),
  );
  return (
    <Plot
      title={t('curves')}
      unit={t('curvesUnit')}
      label={says.length === 0 ? t('train:curveWaiting') : says.join('; ')}
      xLabel={t('train:curveSteps')}
      x={points.map((point) => point.step)}
      lines={lines.map(({ key, colour, stroke, last, values }) => ({
        ...{ colour, stroke, values },
        label: t(key),
        detail: text(key, last),
      }))}
      fromZero
      formatX={(value) => (Number.isInteger(value) ? formatCount(value, language) : '')}
      formatY={(value) => String(Math.round(value))}
      empty={t('train:curveWaiting')}
    />
  );
}
