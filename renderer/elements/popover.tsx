import { Dialog as AriaDialog, DialogTrigger, Popover as AriaPopover, type PopoverProps } from 'react-aria-components';
import './popover.css';

export interface PopoverTriggerProps {
  /** The button that opens it. */
  readonly trigger: React.ReactElement;
  /** What is in it, for screen readers. */
  readonly label: string;
  readonly placement?: PopoverProps['placement'];
  /** Given: the popover is opened and closed by its owner. */
  readonly isOpen?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly children: React.ReactNode | ((close: () => void) => React.ReactNode);
}

/** A small panel beside the button that opens it. */
export function Popover(props: PopoverTriggerProps) {
  const { trigger, label, placement = 'bottom end', isOpen, onOpenChange, children } = props;
  return (
    <DialogTrigger
      {...(isOpen === undefined ? {} : { isOpen })}
      {...(onOpenChange === undefined ? {} : { onOpenChange })}
    >
      {trigger}
      <AriaPopover className="popover" placement={placement} offset={6}>
        <AriaDialog aria-label={label} className="popover-content">
          {({ close }) => (typeof children === 'function' ? children(close) : children)}
        </AriaDialog>
      </AriaPopover>
    </DialogTrigger>
  );
}
