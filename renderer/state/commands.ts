import { useEffect, useRef } from 'react';
import { create } from 'zustand';

/**
 * What the person can ask for by key, by the system's menu, or by name. Commands are declared once, where they belong,
 * so that the list of shortcuts is complete; the parts of the window that can carry one out take it while they are shown.
 */

export const COMMAND_GROUPS = ['general', 'library', 'compare', 'edit', 'queue'] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

export interface CommandDeclaration {
  /** Those of the contract's `COMMANDS` are also what a menu of the system asks for. */
  readonly id: string;
  readonly group: CommandGroup;
  /** Such as "Mod+Shift+Z", "ArrowLeft", "?"; Mod is Command on a Mac and Control elsewhere. The first is the one shown. */
  readonly keys: readonly string[];
  /** In the language in use. */
  readonly title: () => string;
}

export interface CommandHandler {
  /** Returns false where it does not apply now, which leaves the key to others. */
  readonly run: () => unknown;
  /** For a command that lasts as long as its key is held. */
  readonly release?: () => void;
}

const declared = new Map<string, CommandDeclaration>();

/** Those who can carry out a command, the one that came last in front. */
const useHandlers = create<{ readonly handlers: ReadonlyMap<string, readonly CommandHandler[]> }>(() => ({
  handlers: new Map(),
}));

/** Declares commands, at the top level of the module that they belong to. */
export function declareCommands(commands: readonly CommandDeclaration[]): void {
  for (const command of commands) declared.set(command.id, command);
}

/** Every command that there is, for the list of shortcuts. */
export const declaredCommands = (): readonly CommandDeclaration[] => [...declared.values()];

/** The shown key of a command, for tooltips and menus. */
export const shortcutOf = (id: string): string | undefined => declared.get(id)?.keys[0];

/** Takes a command for as long as the component is shown and `enabled`; the latest taker wins. */
export function useCommand(id: string, run: () => unknown, options: { enabled?: boolean; release?: () => void } = {}) {
  const { enabled = true, release } = options;
  const holds = release !== undefined;
  const latest = useRef({ run, release });
  useEffect(() => {
    latest.current = { run, release };
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const onRun = (): unknown => latest.current.run();
    return takeCommand(id, holds ? { run: onRun, release: () => latest.current.release?.() } : { run: onRun });
  }, [id, enabled, holds]);
}

/** Takes a command; what comes back gives it up. */
export function takeCommand(id: string, handler: CommandHandler): () => void {
  const change = (next: (takers: readonly CommandHandler[]) => readonly CommandHandler[]): void => {
    useHandlers.setState(({ handlers }) => ({ handlers: new Map(handlers).set(id, next(handlers.get(id) ?? [])) }));
  };
  change((takers) => [handler, ...takers]);
  return () => {
    change((takers) => takers.filter((taker) => taker !== handler));
  };
}

/** Carries out a command. False: nobody took it. */
export function runCommand(id: string): boolean {
  for (const handler of useHandlers.getState().handlers.get(id) ?? []) {
    if (handler.run() !== false) return true;
  }
  return false;
}

function releaseCommand(id: string): void {
  useHandlers.getState().handlers.get(id)?.[0]?.release?.();
}

/** What a key press says, as far as shortcuts care. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Whether a key press is the shortcut. Letters count by their place where another script is being typed (Hangul). */
export function pressed(shortcut: string, event: KeyPress, mac: boolean): boolean {
  const parts = shortcut.endsWith('+')
    ? [...shortcut.slice(0, -1).split('+').filter(Boolean), '+']
    : shortcut.split('+');
  const key = parts.at(-1) ?? '';
  const wants = (modifier: string): boolean => parts.slice(0, -1).includes(modifier);
  if ((mac ? event.metaKey : event.ctrlKey) !== wants('Mod')) return false;
  if (mac ? event.ctrlKey : event.metaKey) return false;
  if (event.altKey !== wants('Alt')) return false;
  const letter = /^[a-z]$/i.test(key);
  // Where a symbol lies (with or without Shift) depends on the keyboard.
  const symbol = key.length === 1 && !letter && !/^[0-9 ]$/.test(key);
  if (!symbol && event.shiftKey !== wants('Shift')) return false;
  if (event.key.toLowerCase() === key.toLowerCase()) return true;
  // oxlint-disable-next-line no-control-regex
  const otherScript = !/^[\u0000-\u007f]+$/.test(event.key) || event.altKey;
  return letter && otherScript && event.code === `Key${key.toUpperCase()}`;
}

/** Keys with Mod that belong to a text field while it is typed in. */
const EDITING_KEYS = new Set([
  'a',
  'c',
  'v',
  'x',
  'z',
  'y',
  'arrowleft',
  'arrowright',
  'backspace',
  'delete',
  'home',
  'end',
]);
const SLIDER_KEYS = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);

/** Whether a key press is for what has the focus, not for the window. */
function belongsToFocus(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (target === null) return false;
  if (target.closest('[role="dialog"], [role="alertdialog"], [role="menu"], .popover') !== null) return true;
  if (target instanceof HTMLInputElement && ['range', 'radio'].includes(target.type)) return SLIDER_KEYS.has(event.key);
  if (target instanceof HTMLInputElement && target.type === 'checkbox') return event.key === ' ';
  const typing = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  if (!typing) return false;
  const chord = event.ctrlKey || event.metaKey;
  return !chord || EDITING_KEYS.has(event.key.toLowerCase());
}

/** Listens to the keyboard for the whole window. What comes back stops. */
export function startKeyboard(mac: boolean): () => void {
  /** Commands that last as long as their key is held, by the code of the key. */
  const held = new Map<string, string>();
  const onDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || belongsToFocus(event)) return;
    for (const command of declared.values()) {
      if (!command.keys.some((keys) => pressed(keys, event, mac))) continue;
      if (held.get(event.code) === command.id) {
        event.preventDefault();
        return;
      }
      const [taker] = useHandlers.getState().handlers.get(command.id) ?? [];
      if (taker === undefined || !runCommand(command.id)) continue;
      event.preventDefault();
      if (taker.release !== undefined) held.set(event.code, command.id);
      return;
    }
  };
  const release = (code: string): void => {
    const id = held.get(code);
    held.delete(code);
    if (id !== undefined) releaseCommand(id);
  };
  const onUp = (event: KeyboardEvent): void => {
    release(event.code);
  };
  // A key that goes up while another window has the focus is never heard of.
  const onBlur = (): void => {
    for (const code of [...held.keys()]) release(code);
  };
  window.addEventListener('keydown', onDown);
  window.addEventListener('keyup', onUp);
  window.addEventListener('blur', onBlur);
  return () => {
    window.removeEventListener('keydown', onDown);
    window.removeEventListener('keyup', onUp);
    window.removeEventListener('blur', onBlur);
  };
}
