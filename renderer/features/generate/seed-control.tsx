import { Dices } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { MAX_SEED } from '../../../preload/vocabulary.js';
import { IconButton } from '../../elements/button.js';
import { NumberField } from '../../elements/field.js';
import { cleanSeed, rollSeed } from './seed.js';

interface SeedControlProps {
  readonly seed: number;
  readonly onChange: (seed: number) => void;
}

/** The seed: shown, typed, rolled. */
export function SeedControl({ seed, onChange }: SeedControlProps): React.JSX.Element {
  const { t } = useTranslation('generate');
  return (
    <div className="generate-seed">
      <NumberField
        label={t('seed')}
        description={t('seedHelp')}
        value={seed}
        min={0}
        max={MAX_SEED}
        step={1}
        format={{ useGrouping: false, maximumFractionDigits: 0 }}
        onChange={(next) => {
          if (next !== null) onChange(cleanSeed(next));
        }}
      />
      <IconButton
        label={t('reroll')}
        variant="secondary"
        onPress={() => {
          onChange(rollSeed(seed));
        }}
      >
        <Dices aria-hidden />
      </IconButton>
    </div>
  );
}
