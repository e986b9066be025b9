import { ToggleButton as AriaToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { ControlSize } from './button.js';
import { Tooltip } from './tooltip.js';
import './segmented-control.css';

export interface Segment<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly icon?: React.ReactNode;
  readonly shortcut?: string | undefined;
  readonly isDisabled?: boolean;
}

export interface SegmentedControlProps<T extends string> {
  /** What is chosen here, for screen readers. */
  readonly label: string;
  readonly value: T;
  readonly segments: readonly Segment<T>[];
  readonly onChange: (value: T) => void;
  readonly size?: ControlSize;
  /** Shows the icons without their texts, which become tooltips. */
  readonly iconsOnly?: boolean;
  /** Whether the segments share the whole width. */
  readonly stretch?: boolean;
  readonly isDisabled?: boolean;
}

/** One of a few choices, all in view. */
export function SegmentedControl<T extends string>(props: SegmentedControlProps<T>) {
  const { label, value, segments, onChange, size = 'medium', iconsOnly = false, stretch = false } = props;
  return (
    <ToggleButtonGroup
      aria-label={label}
      className={`segmented size-${size} ${stretch ? 'segmented-stretch' : ''}`}
      selectionMode="single"
      disallowEmptySelection
      isDisabled={props.isDisabled ?? false}
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [chosen] = keys;
        if (chosen !== undefined) onChange(chosen as T);
      }}
    >
      {segments.map((segment) => {
        const button = (
          <AriaToggleButton
            key={segment.value}
            id={segment.value}
            className="segment"
            isDisabled={segment.isDisabled ?? false}
            {...(iconsOnly ? { 'aria-label': segment.label } : {})}
          >
            {segment.icon}
            {iconsOnly ? null : <span>{segment.label}</span>}
          </AriaToggleButton>
        );
        if (!iconsOnly && segment.shortcut === undefined) return button;
        return (
          <Tooltip key={segment.value} text={segment.label} shortcut={segment.shortcut}>
            {button}
          </Tooltip>
        );
      })}
    </ToggleButtonGroup>
  );
}
