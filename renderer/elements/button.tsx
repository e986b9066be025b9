import {
  Button as AriaButton,
  ToggleButton as AriaToggleButton,
  type ButtonProps as AriaButtonProps,
  type ToggleButtonProps as AriaToggleButtonProps,
} from 'react-aria-components';
import { Tooltip } from './tooltip.js';
import './button.css';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger';
export type ControlSize = 'small' | 'medium' | 'large';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  /** `primary` is the one thing to press in a view. */
  readonly variant?: ButtonVariant;
  readonly size?: ControlSize;
  readonly icon?: React.ReactNode;
  readonly children: React.ReactNode;
}

/** A button with a text, and an icon before it if there is one. */
export function Button({ variant = 'secondary', size = 'medium', icon, children, ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className={`button button-${variant} size-${size}`}>
      {icon}
      <span className="button-text">{children}</span>
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children' | 'aria-label'> {
  /** What it does: its name for screen readers, and its tooltip. */
  readonly label: string;
  /** Keys that do the same, as shown in the tooltip. */
  readonly shortcut?: string | undefined;
  readonly variant?: ButtonVariant;
  readonly size?: ControlSize;
  /** The icon. */
  readonly children: React.ReactNode;
}

/** A button that is an icon, named by its tooltip. */
export function IconButton({
  label,
  shortcut,
  variant = 'ghost',
  size = 'medium',
  children,
  ...props
}: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <AriaButton {...props} aria-label={label} className={`button icon-button button-${variant} size-${size}`}>
        {children}
      </AriaButton>
    </Tooltip>
  );
}

export interface ToggleButtonProps extends Omit<AriaToggleButtonProps, 'className' | 'style' | 'children'> {
  readonly size?: ControlSize;
  readonly icon?: React.ReactNode;
  readonly children?: React.ReactNode;
  /** Name and tooltip of a button that shows an icon only. */
  readonly label?: string;
  readonly shortcut?: string | undefined;
}

/** A button that stays pressed. With `label` it is an icon with a tooltip, else it has a text. */
export function ToggleButton({ size = 'medium', icon, children, label, shortcut, ...props }: ToggleButtonProps) {
  const kind = label === undefined ? '' : 'icon-button';
  const button = (
    <AriaToggleButton
      {...props}
      {...(label === undefined ? {} : { 'aria-label': label })}
      className={`button toggle-button ${kind} button-ghost size-${size}`}
    >
      {icon}
      {children === undefined ? null : <span className="button-text">{children}</span>}
    </AriaToggleButton>
  );
  if (label === undefined) return button;
  return (
    <Tooltip text={label} shortcut={shortcut}>
      {button}
    </Tooltip>
  );
}
