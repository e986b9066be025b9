import { useTranslation } from 'react-i18next';
import { MAX_TRAINING_MINUTES, MIN_TRAINING_MINUTES } from '../../../preload/vocabulary.js';
import { NumberField } from '../../elements/field.js';
import { SegmentedControl } from '../../elements/segmented-control.js';

export interface TimeFieldProps {
  /** null: nothing that is a number. */
  readonly minutes: number | null;
  /** Offered besides what can be typed. */
  readonly times: readonly number[];
  readonly help: string;
  readonly onChange: (minutes: number | null) => void;
}

/** How long a run may take. */
export function TimeField({ minutes, times, help, onChange }: TimeFieldProps): React.JSX.Element {
  const { t } = useTranslation('train');
  return (
    <div className="field">
      <span className="field-label" aria-hidden>
        {t('time')}
      </span>
      <div className="train-time">
        <SegmentedControl
          label={t('time')}
          value={String(minutes)}
          segments={times.map((time) => ({ value: String(time), label: t('minutes', { count: time }) }))}
          onChange={(next) => {
            onChange(Number(next));
          }}
        />
        <div className="train-minutes">
          <NumberField
            label={t('minutesTyped')}
            value={minutes}
            min={MIN_TRAINING_MINUTES}
            max={MAX_TRAINING_MINUTES}
            step={0.05}
            onChange={onChange}
          />
        </div>
      </div>
      <span className="field-description">{help}</span>
    </div>
  );
}
