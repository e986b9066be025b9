import { Tooltip as AriaTooltip, TooltipTrigger, type TooltipProps as AriaTooltipProps } from 'react-aria-components';
import { Keys } from './keys.js';
import './tooltip.css';

const OPENS_AFTER_MS = 600;

export interface TooltipProps {
  readonly text: React.ReactNode;
  /** Keys that do the same: see `Keys`. */
  readonly shortcut?: string | undefined;
  readonly placement?: AriaTooltipProps['placement'];
  /** One control that can have the focus: a button of react-aria, or a `Focusable`. */
  readonly children: React.ReactElement;
}

/** A short text beside a control that the pointer rests on, or that has the focus. */
export function Tooltip({ text, shortcut, placement = 'bottom', children }: TooltipProps) {
  return (
    <TooltipTrigger delay={OPENS_AFTER_MS} closeDelay={0}>
      {children}
      <AriaTooltip className="tooltip" placement={placement} offset={6}>
        <span>{text}</span>
        {shortcut === undefined ? null : <Keys keys={shortcut} />}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
