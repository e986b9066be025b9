import type { Browser, BrowserContextOptions, Locator, Page, WebSocket } from 'playwright-core';
import type { CallName, CompareMode } from '../../preload/contract.js';
import { openPage } from './browser.js';
import { readPicture, type Picture } from './pixels.js';
import type { WebApp } from './web-app.js';

/** The window with photos in it, as tests of the compare view and the controls drive it. */

/** A call as the page sent it. */
export interface SentCall {
  readonly name: CallName;
  readonly params: unknown;
}

/** How long to wait for what the engine computes, on a machine that has other things to do. */
export const PATIENCE_MS = 150_000;

const MODE_KEYS: Readonly<Record<CompareMode, string>> = {
  split: 's',
  side: 'd',
  original: 'o',
  result: 'r',
  removed: 'n',
  noise: 'm',
  risk: 'k',
};

/** One window of a running program. */
export class PhotoWindow {
  private constructor(
    readonly page: Page,
    /** Every call since the window was opened. */
    readonly calls: SentCall[],
  ) {}

  /** Opens a window and waits until it shows its photos, or the welcome. */
  static async open(browser: Browser, app: WebApp, options: BrowserContextOptions = {}): Promise<PhotoWindow> {
    const calls: SentCall[] = [];
    const listen = (socket: WebSocket): void => {
      socket.on('framesent', ({ payload }) => {
        const message = JSON.parse(payload.toString()) as { type: string } & SentCall;
        if (message.type === 'call') calls.push({ name: message.name, params: message.params });
      });
    };
    const page = await openPage(browser, app.url, options, (opened) => opened.on('websocket', listen));
    await page.locator('.photo-grid, .welcome').first().waitFor({ timeout: PATIENCE_MS });
    return new PhotoWindow(page, calls);
  }

  /** Makes a call as the page does, and gives its result. */
  call(name: CallName, params: unknown): Promise<unknown> {
    return this.page.evaluate(
      async ([call, given]) => {
        // Far from the tickets of the page itself.
        const reply = await window.stillgrain!.calls[call](2 ** 30 + Math.floor(Math.random() * 2 ** 20), given);
        if (!reply.ok) throw new Error(`${call}: ${reply.error.code} ${reply.error.message}`);
        return reply.result;
      },
      [name, params] as const,
    );
  }

  /** Adds all photos of the folders that the server was started with; resolves when so many are shown. */
  async addRoots(count: number): Promise<void> {
    const { folders } = (await this.call('places.list', { place: null })) as { folders: { id: string }[] };
    await this.call('library.addPlaces', { places: folders.map(({ id }) => id) });
    await this.page.getByText(new RegExp(`^${count} photos?$`)).waitFor({ timeout: PATIENCE_MS });
  }

  cell(name: string): Locator {
    return this.page.locator('[data-photo]', { has: this.page.getByText(name, { exact: true }) });
  }

  /** Goes to the library. */
  async toLibrary(): Promise<void> {
    if ((await this.page.locator('.photo-grid').count()) === 0) await this.page.keyboard.press('g');
    await this.page.locator('.photo-grid').waitFor();
  }

  /** Opens a photo in the compare view, in a mode, without waiting for its preview. */
  async openPhoto(name: string, mode: CompareMode): Promise<void> {
    await this.toLibrary();
    await this.cell(name).dblclick();
    await this.compare().waitFor();
    await this.setMode(mode);
    await this.page.locator('.compare-name', { hasText: name }).waitFor();
  }

  compare(): Locator {
    return this.page.locator('.compare');
  }

  stage(): Locator {
    return this.page.locator('.compare-stage');
  }

  async setMode(mode: CompareMode): Promise<void> {
    await this.press(MODE_KEYS[mode]);
    await this.page.locator(`.compare[data-mode="${mode}"]`).waitFor();
  }

  /** Presses a key while the photo has the focus. */
  async press(key: string): Promise<void> {
    await this.stage().focus();
    await this.page.keyboard.press(key);
  }

  /** Waits until what is shown is complete, and its preview too where there is one. */
  async settled(preview: 'done' | 'none' = 'done'): Promise<void> {
    await this.page
      .locator(`.compare[data-state="open"][data-drawn="all"][data-preview="${preview}"]`)
      .waitFor({ timeout: PATIENCE_MS });
  }

  /** The pixels of the canvas as they are on the screen, without what lies over it. */
  async pixels(): Promise<Picture> {
    await this.#showOverlays(false);
    const shot = await this.page.locator('.compare-canvas').screenshot();
    await this.#showOverlays(true);
    return readPicture(shot);
  }

  async #showOverlays(shown: boolean): Promise<void> {
    await this.page.evaluate((visible) => {
      const over = document.querySelectorAll<HTMLElement>('.compare-stage > :not(canvas), .notices, .lesson');
      // Through the object model: the page's policy forbids style elements.
      for (const element of over) element.style.visibility = visible ? '' : 'hidden';
      // The ring of the focus lies over the edge of the photo.
      document.querySelector<HTMLElement>('.compare-stage')!.style.outline = visible ? '' : 'none';
    }, shown);
  }

  /** The field beside a slider of the panel. */
  number(label: string): Locator {
    return this.page.locator('.adjust').getByRole('textbox', { name: label, exact: true });
  }

  /** The slider itself, for the keyboard. */
  slider(label: string): Locator {
    return this.page.locator('.adjust').getByRole('slider', { name: label, exact: true });
  }

  /** Types a number into the field of a slider. */
  async type(label: string, text: string): Promise<void> {
    await this.number(label).selectText();
    await this.page.keyboard.press('Delete');
    await this.page.keyboard.type(text);
    await this.number(label).press('Enter');
  }

  /** The parameters of every call of a name. */
  sent(name: CallName): readonly unknown[] {
    return this.calls.filter((call) => call.name === name).map(({ params }) => params);
  }
}
