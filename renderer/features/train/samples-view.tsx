import { useTranslation } from 'react-i18next';
import type { TrainingRun } from '../../../preload/contract.js';
import { imageUrl } from '../../host.js';

const SHOWN = [
  { key: 'noisy', title: 'sampleNoisy' },
  { key: 'parent', title: 'sampleBefore' },
  { key: 'current', title: 'sampleNow' },
] as const;

/** Parts that are never learnt from: as they are, as the model before made them, and as it does now. */
export function SamplesView({ samples }: { readonly samples: TrainingRun['samples'] }): React.JSX.Element {
  const { t } = useTranslation('train');
  return (
    <>
      <div className="train-panel-head">
        <h3>{t('samples')}</h3>
        <span className="train-muted">{t('samplesHelp')}</span>
      </div>
      {samples.length === 0 ? (
        <p className="train-muted">{t('samplesWaiting')}</p>
      ) : (
        <ul className="train-samples">
          {samples.map((sample, index) => (
            <li key={sample.noisy} className="train-sample">
              {SHOWN.map(({ key, title }) => (
                <figure key={key}>
                  <img
                    src={imageUrl(sample[key])}
                    width={256}
                    height={256}
                    draggable={false}
                    alt={t('samplePart', { part: index + 1, what: t(title) })}
                  />
                  <figcaption>{t(title)}</figcaption>
                </figure>
              ))}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
