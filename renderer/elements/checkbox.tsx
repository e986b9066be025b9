import { Check, Minus } from 'lucide-react';
import { CheckboxButton, CheckboxField, SwitchButton, SwitchField } from 'react-aria-components';
import './checkbox.css';

export interface CheckboxProps {
  readonly children: React.ReactNode;
  /** `mixed`: the photos it speaks of differ. */
  readonly value: boolean | 'mixed';
  readonly onChange: (value: boolean) => void;
  readonly isDisabled?: boolean;
}

/** A choice that is on or off, with its text. */
export function Checkbox({ children, value, onChange, isDisabled = false }: CheckboxProps) {
  return (
    <CheckboxField
      isSelected={value === true}
      isIndeterminate={value === 'mixed'}
      isDisabled={isDisabled}
      onChange={onChange}
    >
      <CheckboxButton className="checkbox">
        <span className="checkbox-box">{value === 'mixed' ? <Minus aria-hidden /> : <Check aria-hidden />}</span>
        <span>{children}</span>
      </CheckboxButton>
    </CheckboxField>
  );
}

export interface SwitchProps {
  readonly children: React.ReactNode;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
  readonly isDisabled?: boolean;
}

/** A setting that acts at once. */
export function Switch({ children, value, onChange, isDisabled = false }: SwitchProps) {
  return (
    <SwitchField isSelected={value} isDisabled={isDisabled} onChange={onChange}>
      <SwitchButton className="switch">
        <span className="switch-text">{children}</span>
        <span className="switch-track">
          <span className="switch-thumb" />
        </span>
      </SwitchButton>
    </SwitchField>
  );
}
