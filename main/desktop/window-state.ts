import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** Where the window was, so that it is there again: unless that screen is gone. Units are those of the system's desktop. */

const Bounds = z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() });
export type Bounds = z.infer<typeof Bounds>;

const WindowState = Bounds.extend({ maximized: z.boolean(), fullScreen: z.boolean() });
export type WindowState = z.infer<typeof WindowState>;

export const MIN_WIDTH = 720;
export const MIN_HEIGHT = 480;
const DEFAULT_WIDTH = 1280;
const DEFAULT_HEIGHT = 800;
/** So much of the title bar must be on a screen for the window to be caught with the mouse. */
const GRIP_WIDTH = 120;
const GRIP_HEIGHT = 24;

/**
 * Bounds for a new window.
 * @param workAreas of the screens that are there now, the main one first
 */
export function placeWindow(saved: WindowState | null, workAreas: readonly Bounds[]): Bounds {
  const home = saved === null ? undefined : workAreas.find((area) => canGrip(saved, area));
  if (saved !== null && home !== undefined) {
    const { width, height } = fit(saved, home);
    return { x: saved.x, y: saved.y, width, height };
  }
  const main = workAreas[0] ?? { x: 0, y: 0, width: DEFAULT_WIDTH, height: DEFAULT_HEIGHT };
  const { width, height } = fit(saved ?? { width: DEFAULT_WIDTH, height: DEFAULT_HEIGHT }, main);
  return {
    x: main.x + Math.max(0, Math.floor((main.width - width) / 2)),
    y: main.y + Math.max(0, Math.floor((main.height - height) / 2)),
    width,
    height,
  };
}

/** No larger than the screen, and no smaller than the window can be used. */
function fit(size: Pick<Bounds, 'width' | 'height'>, area: Bounds): Pick<Bounds, 'width' | 'height'> {
  return {
    width: Math.max(MIN_WIDTH, Math.min(size.width, area.width)),
    height: Math.max(MIN_HEIGHT, Math.min(size.height, area.height)),
  };
}

function canGrip(window: Bounds, area: Bounds): boolean {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const isTopVisible = window.y >= area.y && window.y + GRIP_HEIGHT <= area.y + area.height;
  return width >= GRIP_WIDTH && isTopVisible;
}

/** What was kept; null for the first start or a file that is damaged: a window must never fail to open over this. */
export function readWindowState(file: string): WindowState | null {
  try {
    return WindowState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Keeps it, whole or not at all. Synchronous: the program may be about to end. */
export function writeWindowState(file: string, state: WindowState): void {
  const temporary = `${file}.${process.pid}.tmp`;
  // Where a window was is not worth a word about a full disk.
  quietly(() => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, `${JSON.stringify(state)}\n`);
    renameSync(temporary, file);
  });
  quietly(() => {
    rmSync(temporary, { force: true });
  });
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // The caller has said why this may fail.
  }
}
