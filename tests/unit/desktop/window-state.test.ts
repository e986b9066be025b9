import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  placeWindow,
  readWindowState,
  writeWindowState,
  type WindowState,
} from '../../../main/desktop/window-state.js';
import { tempFolder } from '../../support/temp-folder.js';

const MAIN = { x: 0, y: 25, width: 1920, height: 1055 };
const SECOND = { x: 1920, y: 0, width: 1280, height: 1024 };
const saved = (changes: Partial<WindowState> = {}): WindowState => ({
  x: 100,
  y: 100,
  width: 1000,
  height: 700,
  maximized: false,
  fullScreen: false,
  ...changes,
});

describe('a window', () => {
  it('is in the middle of the main screen at first', () => {
    expect(placeWindow(null, [MAIN, SECOND])).toEqual({ x: 320, y: 152, width: 1280, height: 800 });
  });

  it('is as large as a small screen at first', () => {
    expect(placeWindow(null, [{ x: 0, y: 0, width: 1024, height: 700 }])).toEqual({
      x: 0,
      y: 0,
      width: 1024,
      height: 700,
    });
  });

  it('is where it was', () => {
    expect(placeWindow(saved(), [MAIN])).toEqual({ x: 100, y: 100, width: 1000, height: 700 });
    expect(placeWindow(saved({ x: 2000 }), [MAIN, SECOND])).toMatchObject({ x: 2000, y: 100 });
  });

  it.each([
    ['its screen is gone', { x: 2000 }],
    ['only a sliver of it is left on a screen', { x: 1850 }],
    ['its title bar is above the screen', { y: 0 }],
    ['its title bar is below the screen', { y: 1070 }],
    ['its place is absurd', { x: -1e9, y: 1e9 }],
  ])('comes back to the main screen when %s', (_, changes) => {
    expect(placeWindow(saved(changes), [MAIN])).toEqual({ x: 460, y: 202, width: 1000, height: 700 });
  });

  it('is neither larger than its screen nor too small to be used', () => {
    expect(placeWindow(saved({ width: 9000, height: 9000 }), [MAIN])).toMatchObject({ width: 1920, height: 1055 });
    expect(placeWindow(saved({ width: 10, height: 10 }), [MAIN])).toMatchObject({ width: 720, height: 480 });
  });
});

describe("the window's file", () => {
  it('keeps what was written, and leaves nothing else', () => {
    const file = path.join(tempFolder(), 'state/window.json');
    writeWindowState(file, saved());
    writeWindowState(file, saved({ maximized: true }));
    expect(readWindowState(file)).toEqual(saved({ maximized: true }));
    expect(readdirSync(path.dirname(file))).toEqual(['window.json']);
  });

  it.each([
    '',
    '{',
    '[]',
    '{"x":1}',
    JSON.stringify({ ...saved(), width: -5 }),
    JSON.stringify({ ...saved(), x: 'a' }),
  ])('is as good as missing when it holds %j', (text) => {
    const file = path.join(tempFolder(), 'window.json');
    writeFileSync(file, text);
    expect(readWindowState(file)).toBeNull();
  });

  it('may be impossible to write: the old one stays and nobody is told', () => {
    const folder = tempFolder();
    const file = path.join(folder, 'window.json');
    mkdirSync(file);
    writeWindowState(file, saved());
    expect(readdirSync(folder)).toEqual(['window.json']);
    writeFileSync(path.join(folder, 'plain'), 'x');
    writeWindowState(path.join(folder, 'plain/window.json'), saved());
    expect(readFileSync(path.join(folder, 'plain'), 'utf8')).toBe('x');
  });
});
