import { useRef } from 'react';
import { Check } from 'lucide-react';
import {
  Header,
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuSection as AriaMenuSection,
  MenuTrigger,
  Popover,
  Separator,
  type PopoverProps,
} from 'react-aria-components';
import { Keys } from './keys.js';
import './popover.css';

export interface MenuItemProps {
  readonly label: string;
  readonly icon?: React.ReactNode;
  readonly detail?: string | undefined;
  readonly shortcut?: string | undefined;
  readonly onAction: () => void;
  readonly isDisabled?: boolean;
  /** Loses something. */
  readonly isDanger?: boolean;
  /** Given: the item can be checked, and is. */
  readonly isChecked?: boolean;
  /** The pointer or the arrow keys come to rest on it, and go on. */
  readonly onPoint?: (on: boolean) => void;
}

/** One thing to do, in a menu. */
export function MenuItem(props: MenuItemProps) {
  const { label, icon, detail, shortcut, onAction, isDisabled = false, isDanger = false, isChecked, onPoint } = props;
  return (
    <AriaMenuItem
      textValue={label}
      isDisabled={isDisabled}
      onAction={onAction}
      className={`menu-item ${isDanger ? 'menu-item-danger' : ''}`}
      {...(onPoint === undefined ? {} : { onFocusChange: onPoint })}
      {...(isChecked === undefined ? {} : { 'aria-label': `${label}${isChecked ? ' ✓' : ''}` })}
    >
      {isChecked === undefined ? null : (
        <Check aria-hidden style={isChecked ? undefined : { visibility: 'hidden' as const }} />
      )}
      {icon}
      <span className="menu-text">
        <span>{label}</span>
        {detail === undefined ? null : <span className="menu-detail">{detail}</span>}
      </span>
      {shortcut === undefined ? null : <Keys keys={shortcut} />}
    </AriaMenuItem>
  );
}

/** A line between groups of items. */
export function MenuSeparator() {
  return <Separator className="menu-separator" />;
}

/** Items under a heading. */
export function MenuSection({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <AriaMenuSection>
      <Header className="menu-header">{title}</Header>
      {children}
    </AriaMenuSection>
  );
}

export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: React.ReactElement;
  readonly label: string;
  readonly placement?: PopoverProps['placement'];
  readonly onOpenChange?: (open: boolean) => void;
  /** `MenuItem`s and `MenuSeparator`s. */
  readonly children: React.ReactNode;
}

/** A menu that opens from a button. */
export function Menu({ trigger, label, placement = 'bottom start', onOpenChange, children }: MenuProps) {
  return (
    <MenuTrigger {...(onOpenChange === undefined ? {} : { onOpenChange })}>
      {trigger}
      <Popover className="popover" placement={placement} offset={6}>
        <AriaMenu aria-label={label} className="menu">
          {children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

export interface ContextMenuProps {
  readonly label: string;
  /** Where the pointer was, in the window; null: closed. */
  readonly at: { readonly x: number; readonly y: number } | null;
  readonly onClose: () => void;
  readonly children: React.ReactNode;
}

/** A menu at the pointer. */
export function ContextMenu({ label, at, onClose, children }: ContextMenuProps) {
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <>
      <span ref={anchor} className="context-anchor" style={{ left: at?.x ?? 0, top: at?.y ?? 0 }} />
      <Popover
        className="popover"
        aria-label={label}
        triggerRef={anchor}
        isOpen={at !== null}
        placement="bottom start"
        offset={2}
        onOpenChange={(open) => {
          if (!open) onClose();
        }}
      >
        <AriaMenu aria-label={label} className="menu" autoFocus="first" onClose={onClose}>
          {children}
        </AriaMenu>
      </Popover>
    </>
  );
}
