import { CircleCheck, CircleX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { TECHNICAL_LANGUAGE } from '../../i18n/error-text.js';

/** A measure of the gate, of a run that has just ended or of a card. */
export interface ShownMeasure {
  readonly name: string;
  readonly parent: number;
  readonly child: number;
  readonly ok: boolean;
}

/** Measures that the window has words for; others are shown as the engine calls them. */
const MEASURES = {
  'self-supervised error': { title: 'measureError', help: 'measureErrorHelp', alone: false, share: false },
  'error against other frames': { title: 'measureFrames', help: 'measureErrorHelp', alone: false, share: false },
  'PSNR of held-out pairs': { title: 'measurePairs', help: 'measurePairsHelp', alone: false, share: false },
  significance: { title: 'measureSure', help: 'measureSureHelp', alone: true, share: false },
  'ordinary noise': { title: 'measureOrdinary', help: 'measureOrdinaryHelp', alone: false, share: false },
  'fine detail': { title: 'measureDetail', help: 'measureDetailHelp', alone: true, share: true },
  'brightness drift': { title: 'measureDrift', help: 'measureDriftHelp', alone: true, share: false },
} as const;

const wordsOf = (name: string) => (name in MEASURES ? MEASURES[name as keyof typeof MEASURES] : null);

export interface VerdictProps {
  /** What it comes to; absent: said of a run that has just ended. */
  readonly headline?: string;
  readonly verdict: {
    readonly passed: boolean;
    readonly reasons: readonly string[];
    readonly measures: readonly ShownMeasure[];
  };
}

/** Whether the new model is better, measure by measure. */
export function VerdictView({ headline, verdict: { passed, measures, reasons } }: VerdictProps): React.JSX.Element {
  const { t } = useTranslation('train');
  const unknown = measures.some(({ name, ok }) => !ok && wordsOf(name) === null);
  return (
    <section className="train-panel train-verdict" aria-label={t('verdict')} data-passed={passed}>
      <p className="train-verdict-head">
        {passed ? <CircleCheck aria-hidden /> : <CircleX aria-hidden />}
        <strong>{headline ?? (passed ? t('verdictBetter') : t('verdictWorse'))}</strong>
      </p>
      <Measures measures={measures} />
      {unknown ? <p lang={TECHNICAL_LANGUAGE}>{reasons.join('; ')}</p> : null}
    </section>
  );
}

/** The measures as a table. */
export function Measures({ measures }: { readonly measures: readonly ShownMeasure[] }): React.JSX.Element {
  const { t } = useTranslation('train');
  return (
    <table className="train-measures">
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{t('verdict')}</th>
          <th scope="col">{t('verdictBefore')}</th>
          <th scope="col">{t('verdictAfter')}</th>
        </tr>
      </thead>
      <tbody>
        {measures.map(({ name, parent, child, ok }) => {
          const words = wordsOf(name);
          const text = (value: number): string =>
            words?.share === true ? `${Math.round(100 * value)} %` : value.toFixed(2);
          return (
            <tr key={name}>
              <th scope="row">
                {words === null ? <span lang={TECHNICAL_LANGUAGE}>{name}</span> : t(words.title)}
                {words === null ? null : <span className="train-muted">{t(words.help)}</span>}
              </th>
              <td className="train-before">{words?.alone === true ? '' : `${text(parent)} →`}</td>
              <td className="train-after" data-ok={ok}>
                <strong>{text(child)}</strong>
                {ok ? (
                  <CircleCheck role="img" aria-label={t('measurePassed')} />
                ) : (
                  <CircleX role="img" aria-label={t('measureFailed')} />
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
