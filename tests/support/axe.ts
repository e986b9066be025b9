import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

/** Looks a page over with axe, and for what axe cannot see. */

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeWindow {
  readonly axe?: {
    run(
      options: object,
    ): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[] }>;
  };
}

/** What axe finds on a page as it is now, one line a finding. */
export async function axeFindings(page: Page): Promise<string[]> {
  // Not as a script element: the page's policy forbids those.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  // What fades in has its colours at the end of it.
  await page.evaluate(async () => {
    const ends = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ends.map((animation) => animation.finished));
  });
  const { violations } = await page.evaluate(() =>
    (window as unknown as AxeWindow).axe!.run({ resultTypes: ['violations'], preload: false, selectors: false }),
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id} (${help}): ${html.slice(0, 200)} ${failureSummary}`),
  );
}

/**
 * Texts of a page that a person sees or hears: text in view, names, titles, placeholders. Keys, file names and what is
 * marked as of another language aside.
 */
export function wordsOn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const texts: string[] = [];
    const isForeign = (element: Element): boolean =>
      element.closest('[lang]')?.getAttribute('lang') !== document.documentElement.lang;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      if (element === null || element.closest('script, style, kbd, [data-photo] .cell-name') !== null) continue;
      if (element.checkVisibility() && !isForeign(element)) texts.push(node.textContent ?? '');
    }
    for (const element of document.querySelectorAll('*')) {
      if (element.closest('html > head') !== null || isForeign(element)) continue;
      for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext', 'aria-roledescription']) {
        texts.push(element.getAttribute(name) ?? '');
      }
    }
    return texts.filter((text) => text.trim() !== '');
  });
}

/** Controls that are cut off or out of reach, and scrollbars of the page itself; one line each. */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth || root.scrollHeight > root.clientHeight) faults.push('the page scrolls');
    const scrolls = (element: Element): boolean => {
      for (let at = element.parentElement; at !== null; at = at.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(at);
        if (/auto|scroll/.test(overflowX + overflowY)) return true;
      }
      return false;
    };
    const controls =
      'button, input:not([type="range"], [type="radio"], [type="checkbox"], [type="file"]), [role="tab"], [role="option"]';
    for (const control of document.querySelectorAll<HTMLElement>(controls)) {
      if (!control.checkVisibility({ visibilityProperty: true }) || control.closest('[aria-hidden="true"]')) continue;
      const name = control.getAttribute('aria-label') ?? (control.textContent || control.tagName);
      const box = control.getBoundingClientRect();
      if (box.width <= 1) continue;
      const outside =
        box.left < -0.5 || box.top < -0.5 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5;
      if (outside && !scrolls(control)) faults.push(`"${name}" is cut off by the window`);
      const ellipsis = [control, ...control.querySelectorAll('*')].some(
        (part) => getComputedStyle(part).textOverflow === 'ellipsis',
      );
      if (control.tagName === 'BUTTON' && !ellipsis && control.scrollWidth > control.clientWidth + 1)
        faults.push(`"${name}" is wider than its button`);
    }
    return faults;
  });
}
