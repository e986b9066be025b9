import { describe, expect, it, vi } from 'vitest';
import {
  declareCommands,
  declaredCommands,
  pressed,
  runCommand,
  shortcutOf,
  takeCommand,
  type KeyPress,
} from '../../../../renderer/state/commands.js';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});

describe('a shortcut', () => {
  it('takes Control for Mod, and Command on a Mac', () => {
    expect(pressed('Mod+O', press('o', { ctrlKey: true }), false)).toBe(true);
    expect(pressed('Mod+O', press('o', { metaKey: true }), false)).toBe(false);
    expect(pressed('Mod+O', press('o', { metaKey: true }), true)).toBe(true);
    expect(pressed('Mod+O', press('o', { ctrlKey: true }), true)).toBe(false);
  });

  it('wants its modifiers, and no others', () => {
    expect(pressed('G', press('g'), false)).toBe(true);
    expect(pressed('G', press('g', { ctrlKey: true }), false)).toBe(false);
    expect(pressed('G', press('G', { shiftKey: true }), false)).toBe(false);
    expect(pressed('Mod+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
    expect(pressed('Mod+Shift+Z', press('z', { ctrlKey: true }), false)).toBe(false);
  });

  it('finds symbols wherever the keyboard has them', () => {
    expect(pressed('?', press('?', { shiftKey: true }), false)).toBe(true);
    expect(pressed('?', press('?'), false)).toBe(true);
    expect(pressed('+', press('+', { shiftKey: true }), false)).toBe(true);
    expect(pressed('Mod++', press('+', { ctrlKey: true }), false)).toBe(true);
    expect(pressed('Mod+,', press(',', { ctrlKey: true }), false)).toBe(true);
  });

  it('goes by the place of a letter while Hangul is typed, not on other Latin layouts', () => {
    expect(pressed('G', press('ㅎ', { code: 'KeyG' }), false)).toBe(true);
    expect(pressed('Q', press('a', { code: 'KeyQ' }), false)).toBe(false);
  });
});

describe('a command', () => {
  it('is declared once and carries its shortcut', () => {
    declareCommands([{ id: 'test.one', group: 'general', keys: ['Mod+1', 'F5'], title: () => 'One' }]);
    declareCommands([{ id: 'test.one', group: 'general', keys: ['Mod+1', 'F5'], title: () => 'One' }]);
    expect(declaredCommands().filter(({ id }) => id === 'test.one')).toHaveLength(1);
    expect(shortcutOf('test.one')).toBe('Mod+1');
    expect(shortcutOf('test.none')).toBeUndefined();
  });

  it('goes to the latest taker that wants it', () => {
    const first = vi.fn();
    const second = vi.fn<() => unknown>(() => false);
    const giveUp = [takeCommand('test.two', { run: first }), takeCommand('test.two', { run: second })];
    expect(runCommand('test.two')).toBe(true);
    expect(second).toHaveBeenCalledOnce();
    expect(first).toHaveBeenCalledOnce();
    for (const stop of giveUp) stop();
    expect(runCommand('test.two')).toBe(false);
    expect(first).toHaveBeenCalledOnce();
  });
});
