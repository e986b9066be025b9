import { useId, useRef } from 'react';
import { Slider as AriaSlider, Label, SliderThumb, SliderTrack } from 'react-aria-components';
import { NumberInput } from './field.js';
import './slider.css';

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Marked on the track; a double click or an Alt-click goes back to it. */
  readonly defaultValue: number;
  /** How the number is written, such as `{ style: 'percent' }`. */
  readonly format?: Intl.NumberFormatOptions;
  /** While it moves. */
  readonly onChange: (value: number) => void;
  /** When it has come to rest: the pointer is up, the key was pressed, the number was typed, the default was restored. */
  readonly onChangeEnd?: (value: number) => void;
  readonly isDisabled?: boolean;
  /** Said in place of the number where it stands for several that differ, `value` lying between them. */
  readonly mixed?: string | undefined;
  /** Beside the label: a badge, or a word on where the value comes from. */
  readonly note?: React.ReactNode;
  /** A longer explanation for screen readers. */
  readonly description?: string;
}

/** A number on a track, with a field beside it to type it in. */
export function Slider(props: SliderProps) {
  const {
    label,
    value,
    min,
    max,
    step,
    defaultValue,
    format,
    onChange,
    onChangeEnd,
    isDisabled = false,
    mixed,
  } = props;
  const described = useId();
  // React Aria's own handler would move the thumb to where an Alt-click landed.
  const resetting = useRef(false);
  const settle = (next: number): void => {
    onChange(next);
    onChangeEnd?.(next);
  };
  const place = (at: number): string => `${(100 * (at - min)) / (max - min)}%`;
  return (
    <div className="slider" data-disabled={isDisabled || undefined} data-mixed={mixed !== undefined || undefined}>
      <AriaSlider<number>
        className="slider-body"
        value={value}
        minValue={min}
        maxValue={max}
        step={step}
        isDisabled={isDisabled}
        {...(format === undefined ? {} : { formatOptions: format })}
        onChange={onChange}
        onChangeEnd={(next) => onChangeEnd?.(next)}
      >
        <span className="slider-head">
          <Label className="slider-label">{label}</Label>
          {props.note}
        </span>
        <div
          className="slider-hit"
          onPointerDownCapture={(event) => {
            if (!event.altKey || isDisabled) return;
            event.preventDefault();
            event.stopPropagation();
            resetting.current = true;
            settle(defaultValue);
          }}
          onClickCapture={(event) => {
            if (resetting.current) event.stopPropagation();
            resetting.current = false;
          }}
          onDoubleClick={() => {
            if (!isDisabled) settle(defaultValue);
          }}
        >
          <SliderTrack className="slider-track">
            <div className="slider-rail" />
            <div className="slider-fill" style={{ width: place(value) }} />
            <div className="slider-default" style={{ left: place(defaultValue) }} />
            <SliderThumb className="slider-thumb" {...(props.description && { 'aria-describedby': described })} />
          </SliderTrack>
        </div>
      </AriaSlider>
      <NumberInput
        label={label}
        value={mixed === undefined ? value : null}
        {...(mixed === undefined ? {} : { placeholder: mixed })}
        min={min}
        max={max}
        step={step}
        isDisabled={isDisabled}
        {...(format === undefined ? {} : { format })}
        onChange={settle}
      />
      {props.description && (
        <span id={described} hidden>
          {props.description}
        </span>
      )}
    </div>
  );
}
