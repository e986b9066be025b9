import { expect, it, vi } from 'vitest';
import { COMMANDS, LANGUAGES } from '../../../preload/contract.js';
import { menuTemplate, type MenuActions, type MenuOptions } from '../../../main/desktop/menu.js';
import { chooseLanguage, text } from '../../../main/desktop/texts.js';

type Item = ReturnType<typeof menuTemplate>[number];

const actions = () => ({ command: vi.fn(), checkForUpdates: vi.fn(), showLogs: vi.fn() }) satisfies MenuActions;

const flat = (items: readonly Item[]): Item[] =>
  items.flatMap((item) => [item, ...flat((item.submenu as Item[] | undefined) ?? [])]);

const menu = (options: Partial<MenuOptions> = {}, own: MenuActions = actions()) =>
  menuTemplate({ platform: 'linux', language: 'en', isDevelopment: false, hasUpdates: true, ...options }, own);

const click = (item: Item | undefined): void => {
  (item?.click as (() => void) | undefined)?.();
};

it.each(['darwin', 'win32', 'linux'])(
  'offers every command of the contract once on %s, and asks the window',
  (platform) => {
    const own = actions();
    const items = flat(menu({ platform }, own));
    for (const command of COMMANDS) {
      const matching = items.filter((item) => item.id === command);
      expect(matching, command).toHaveLength(1);
      click(matching[0]);
    }
    expect(own.command.mock.calls.map(([command]) => command as string)).toEqual([...COMMANDS]);
  },
);

it.each(LANGUAGES)('names everything in %s, roles included', (language) => {
  const items = flat(menu({ platform: 'darwin', language, isDevelopment: true }));
  expect(items.filter((item) => item.type !== 'separator' && (item.label ?? '') === '')).toEqual([]);
  const hangul = items.filter((item) => /[가-힣]/.test(item.label ?? '')).length;
  const words = items.filter((item) => item.type !== 'separator' && item.label !== 'Stillgrain').length;
  expect(hangul).toBe(language === 'ko' ? words : 0);
});

it('has the menu of the program where macOS wants it', () => {
  const labels = (platform: string) => menu({ platform }).map((item) => item.label);
  expect(labels('darwin')).toEqual(['Stillgrain', 'File', 'Edit', 'View', 'Window', 'Help']);
  expect(labels('win32')).toEqual(['File', 'Edit', 'View', 'Window', 'Help']);
});

it.each(['darwin', 'win32', 'linux'])('has no key twice on %s', (platform) => {
  const keys = flat(menu({ platform })).flatMap((item) => item.accelerator ?? []);
  expect(keys.length).toBeGreaterThan(5);
  expect(new Set(keys).size).toBe(keys.length);
});

it("leaves the window's keys to the window, except on macOS", () => {
  const registers = (platform: string) =>
    flat(menu({ platform })).flatMap((item) => (item.accelerator === undefined ? [] : [item.registerAccelerator]));
  expect(new Set(registers('linux'))).toEqual(new Set([false]));
  expect(new Set(registers('darwin'))).toEqual(new Set([true]));
});

it('shows tools for developers to developers', () => {
  const hasTools = (isDevelopment: boolean) =>
    flat(menu({ isDevelopment })).some((item) => item.role === 'toggleDevTools');
  expect(hasTools(true)).toBe(true);
  expect(hasTools(false)).toBe(false);
});

it.each(['darwin', 'linux'])('offers updates on %s where there are any', (platform) => {
  const own = actions();
  click(flat(menu({ platform }, own)).find((item) => item.id === 'updates'));
  expect(own.checkForUpdates).toHaveBeenCalledOnce();
  expect(flat(menu({ platform, hasUpdates: false })).some((item) => item.id === 'updates')).toBe(false);
});

it.each([
  ['system', 'ko-KR', 'ko'],
  ['system', 'ko', 'ko'],
  ['system', 'de-DE', 'en'],
  ['system', '', 'en'],
  ['ko', 'en-US', 'ko'],
  ['en', 'ko-KR', 'en'],
] as const)('with the language %s on a system in "%s" speaks %s', (choice, locale, language) => {
  expect(chooseLanguage(choice, locale)).toBe(language);
});

it.each(LANGUAGES)('puts values into texts (%s)', (language) => {
  expect(text(language, 'updateReady', { version: '1.2.3' })).toContain('1.2.3');
  expect(text(language, 'updateReady')).toContain('{version}');
});
