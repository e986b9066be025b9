import type { Command } from '../../../preload/contract.js';
import { runCommand } from '../../state/commands.js';

/** What the browser calls the editing of a text field. */
const TEXT_EDITS: Readonly<Partial<Record<Command, string>>> = {
  undo: 'undo',
  redo: 'redo',
  'select-all': 'selectAll',
};

const isTyping = (element: Element | null): boolean =>
  element instanceof HTMLTextAreaElement ||
  (element instanceof HTMLInputElement && !['range', 'radio', 'checkbox'].includes(element.type));

/**
 * Carries out what a menu of the system asks for. On a Mac the menu gets the keys first, so while a text is being
 * typed its undo, redo and select all are for that text.
 */
export function takeMenuCommand(command: Command): void {
  const edit = TEXT_EDITS[command];
  if (edit !== undefined && isTyping(document.activeElement)) {
    // Nothing else reaches the undo history of a text field.
    // oxlint-disable-next-line typescript/no-deprecated
    document.execCommand(edit);
    return;
  }
  runCommand(command);
}
