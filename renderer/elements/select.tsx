import { Check, ChevronsUpDown } from 'lucide-react';
import {
  Button as AriaButton,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
  Text,
} from 'react-aria-components';
import type { ControlSize } from './button.js';
import './select.css';

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  /** A second line. */
  readonly detail?: string | undefined;
  readonly isDisabled?: boolean;
}

export interface SelectProps<T extends string> {
  readonly label: string;
  /** Whether the label is for screen readers only. */
  readonly hideLabel?: boolean;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
  readonly description?: React.ReactNode;
  readonly size?: ControlSize;
  /** Shown when no option has the value. */
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
}

/** One of several choices, in a list that opens. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { label, hideLabel = false, value, options, onChange, description, size = 'medium' } = props;
  return (
    <AriaSelect
      className={`field select size-${size}`}
      {...(hideLabel ? { 'aria-label': label } : {})}
      {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
      isDisabled={props.isDisabled ?? false}
      value={options.some((option) => option.value === value) ? value : null}
      onChange={(chosen) => {
        if (chosen !== null) onChange(chosen as T);
      }}
    >
      {hideLabel ? null : <Label className="field-label">{label}</Label>}
      <AriaButton className="select-button">
        <SelectValue className="select-value">
          {({ selectedText, isPlaceholder, defaultChildren }) => (isPlaceholder ? defaultChildren : selectedText)}
        </SelectValue>
        <ChevronsUpDown aria-hidden />
      </AriaButton>
      {description === undefined ? null : (
        <Text slot="description" className="field-description">
          {description}
        </Text>
      )}
      <Popover className="popover select-popover" offset={4}>
        <ListBox className="menu">
          {options.map((option) => (
            <ListBoxItem
              key={option.value}
              id={option.value}
              textValue={option.label}
              isDisabled={option.isDisabled ?? false}
              className="menu-item"
            >
              <Check aria-hidden className="menu-check" />
              <span className="menu-text">
                <span>{option.label}</span>
                {option.detail === undefined ? null : <span className="menu-detail">{option.detail}</span>}
              </span>
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
