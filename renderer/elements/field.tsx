import {
  Button as AriaButton,
  FieldError,
  Group,
  Input,
  Label,
  NumberField as AriaNumberField,
  Text,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components';
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import './field.css';

export interface NumberInputProps {
  readonly label: string;
  /** null: empty. */
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly format?: Intl.NumberFormatOptions;
  /** Once the number is complete: on Enter, on leaving the field, and for each step. */
  readonly onChange: (value: number) => void;
  readonly isDisabled?: boolean;
  /** What an empty field says. */
  readonly placeholder?: string;
}

/**
 * Digits after the point that a field lets people type; the step rounds them away. Without them the point of "12.4" is
 * not taken, and 124 is left.
 */
const TYPED_FRACTION_DIGITS = 2;

/** A bare field for a number whose label is elsewhere. */
export function NumberInput(props: NumberInputProps) {
  const { label, value, min, max, step, format, onChange, isDisabled = false, placeholder } = props;
  return (
    <AriaNumberField
      aria-label={label}
      className="number-input"
      value={value ?? Number.NaN}
      minValue={min}
      maxValue={max}
      step={step}
      isDisabled={isDisabled}
      formatOptions={{ maximumFractionDigits: TYPED_FRACTION_DIGITS, ...format }}
      onChange={(next) => {
        if (!Number.isNaN(next)) onChange(next);
      }}
    >
      <Input className="input" onFocus={selectAll} {...(placeholder === undefined ? {} : { placeholder })} />
    </AriaNumberField>
  );
}

export interface NumberFieldProps extends Omit<NumberInputProps, 'onChange'> {
  /** Takes null for an empty field. */
  readonly onChange: (value: number | null) => void;
  readonly description?: string;
}

/** A number with a label and small steps; it may be left empty. */
export function NumberField({ label, value, min, max, step, format, onChange, ...props }: NumberFieldProps) {
  return (
    <AriaNumberField
      className="field"
      value={value ?? Number.NaN}
      minValue={min}
      maxValue={max}
      step={step}
      isDisabled={props.isDisabled ?? false}
      formatOptions={{ maximumFractionDigits: TYPED_FRACTION_DIGITS, ...format }}
      onChange={(next) => {
        onChange(Number.isNaN(next) ? null : next);
      }}
    >
      <Label className="field-label">{label}</Label>
      <Group className="input number-group">
        <Input onFocus={selectAll} {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })} />
        <span className="steppers">
          <AriaButton slot="increment" className="stepper">
            <ChevronUp aria-hidden />
          </AriaButton>
          <AriaButton slot="decrement" className="stepper">
            <ChevronDown aria-hidden />
          </AriaButton>
        </span>
      </Group>
      <Description text={props.description} />
    </AriaNumberField>
  );
}

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'className' | 'style' | 'children'> {
  readonly label: string;
  /** Whether the label is for screen readers only. */
  readonly hideLabel?: boolean;
  readonly placeholder?: string;
  readonly description?: React.ReactNode;
  /** What is wrong with the text; shows the field as invalid. */
  readonly error?: string | null;
  /** Before the text. */
  readonly icon?: React.ReactNode;
  /** Shows a cross that empties the field, with this name. */
  readonly clearLabel?: string;
  readonly inputRef?: React.Ref<HTMLInputElement>;
}

/** One line of text. */
export function TextField(props: TextFieldProps) {
  const { label, hideLabel = false, placeholder, description, error, icon, clearLabel, inputRef, ...rest } = props;
  const wrong = error !== undefined && error !== null;
  return (
    <AriaTextField {...rest} {...(hideLabel ? { 'aria-label': label } : {})} isInvalid={wrong} className="field">
      {hideLabel ? null : <Label className="field-label">{label}</Label>}
      <span className="input text-group">
        {icon}
        <Input
          {...(placeholder === undefined ? {} : { placeholder })}
          {...(inputRef === undefined ? {} : { ref: inputRef })}
        />
        {clearLabel !== undefined && rest.value !== undefined && rest.value !== '' ? (
          <button type="button" className="clear" aria-label={clearLabel} onClick={() => rest.onChange?.('')}>
            <X aria-hidden />
          </button>
        ) : null}
      </span>
      {wrong ? <FieldError className="field-error">{error}</FieldError> : <Description text={description} />}
    </AriaTextField>
  );
}

function Description({ text }: { readonly text: React.ReactNode }) {
  if (text === undefined || text === null || text === '') return null;
  return (
    <Text slot="description" className="field-description">
      {text}
    </Text>
  );
}

function selectAll(event: React.FocusEvent<HTMLInputElement>): void {
  event.target.select();
}
