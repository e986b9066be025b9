import type { Page } from 'playwright-core';

/** What is written down in the page while it is driven; all times by the page's own clock, from its navigation on. */
export interface Probe {
  /** Of tasks that kept the page from answering: over 50 ms. */
  readonly longTasks: { readonly start: number; readonly ms: number }[];
  /** When the canvas was painted. */
  readonly draws: number[];
  /** When something of each kind was first there: the selector is the key. */
  readonly firstSeen: Record<string, number>;
  readonly keys: { readonly key: string; readonly at: number }[];
  /** Requests for previews, by ticket, as the page hears of their parts. */
  readonly parts: {
    readonly at: number;
    readonly ticket: number;
    readonly draft: boolean;
    readonly images: readonly string[];
  }[];
  /** What the compare view said of its preview, and when. */
  readonly states: { readonly at: number; readonly state: string }[];
}

declare global {
  interface Window {
    readonly probe: Probe;
  }
}

/** Installs the probe in every document that the page is going to load. */
export async function installProbe(page: Page, selectors: readonly string[]): Promise<void> {
  await page.addInitScript((wanted: readonly string[]) => {
    const probe: Probe = { longTasks: [], draws: [], firstSeen: {}, keys: [], parts: [], states: [] };
    Object.assign(window, { probe });
    performance.setResourceTimingBufferSize(100_000);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) probe.longTasks.push({ start: entry.startTime, ms: entry.duration });
    }).observe({ type: 'longtask', buffered: true });
    addEventListener('keydown', ({ key, timeStamp }) => probe.keys.push({ key, at: timeStamp }), { capture: true });
    // oxlint-disable-next-line typescript/unbound-method -- called with its own object below
    const { drawArrays } = WebGL2RenderingContext.prototype;
    WebGL2RenderingContext.prototype.drawArrays = function (...args) {
      probe.draws.push(performance.now());
      drawArrays.apply(this, args);
    };
    let state = '';
    const look = (): void => {
      for (const selector of wanted) {
        if (!(selector in probe.firstSeen) && document.querySelector(selector) !== null) {
          probe.firstSeen[selector] = performance.now();
        }
      }
      const now = document.querySelector<HTMLElement>('.compare')?.dataset['preview'] ?? '';
      if (now !== state) probe.states.push({ at: performance.now(), state: now });
      state = now;
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
    addEventListener('load', () => {
      // Announced by the bridge, which is there before the page's own scripts.
      const { stillgrain } = window as unknown as {
        stillgrain?: { on: Record<string, (listener: (part: never) => void) => void> };
      };
      stillgrain?.on['preview.part']?.(
        (part: { ticket: number; draft: boolean; image: string; first: string; second: string | null }) => {
          const images = [part.image, part.first, ...(part.second === null ? [] : [part.second])];
          probe.parts.push({ at: performance.now(), ticket: part.ticket, draft: part.draft, images });
        },
      );
    });
  }, selectors);
}

/** The page's clock. */
export const now = (page: Page): Promise<number> => page.evaluate(() => performance.now());

/** When an element was first there; waits for it, so many milliseconds at most. @throws when it does not come */
export async function seen(page: Page, selector: string, timeout = 300_000): Promise<number> {
  const handle = await page.waitForFunction((name) => window.probe.firstSeen[name], selector, { timeout });
  return (await handle.jsonValue()) ?? Number.NaN;
}

/** Presses a key, and tells when the page had it. */
export async function press(page: Page, key: string): Promise<number> {
  await page.keyboard.press(key);
  return page.evaluate(() => window.probe.keys.at(-1)?.at ?? Number.NaN);
}

/** The longest task that began after a time; 0 where none was long. */
export const longestTask = (page: Page, since: number): Promise<number> =>
  page.evaluate(
    (from) => Math.max(0, ...window.probe.longTasks.filter(({ start }) => start >= from).map(({ ms }) => ms)),
    since,
  );

/** When the canvas was first painted after a time; waits for it. */
export async function drawnAfter(page: Page, since: number): Promise<number> {
  const handle = await page.waitForFunction((from) => window.probe.draws.find((at) => at > from), since);
  return (await handle.jsonValue()) ?? Number.NaN;
}

/** When the compare view said `done` after a time; waits for it. */
export async function doneAfter(page: Page, since: number): Promise<number> {
  const handle = await page.waitForFunction(
    (from) => window.probe.states.find(({ at, state }) => at > from && state === 'done')?.at,
    since,
    { timeout: 300_000 },
  );
  return (await handle.jsonValue()) ?? Number.NaN;
}
