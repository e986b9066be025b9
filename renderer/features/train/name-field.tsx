import { useTranslation } from 'react-i18next';
import { TextField } from '../../elements/field.js';

export interface NameFieldProps {
  readonly value: string;
  /** Names that there are. */
  readonly known: readonly string[];
  readonly isWrong: boolean;
  readonly help: string;
  readonly onChange: (name: string) => void;
}

/** What a model is to be called. */
export function NameField({ value, known, isWrong, help, onChange }: NameFieldProps): React.JSX.Element {
  const { t } = useTranslation('train');
  const name = value.trim();
  return (
    <TextField
      label={t('name')}
      value={value}
      maxLength={64}
      error={isWrong && name !== '' ? t('nameWrong') : null}
      description={known.includes(name) ? t('nameVersion', { name }) : help}
      onChange={onChange}
    />
  );
}
