import type { Page } from 'playwright-core';
import { unwrap, type Bridge, type CallName, type CallParams, type CallResult } from '../../preload/contract.js';

/** Asks the window's host from a script, by the page's own bridge. */

/** The window counts its own requests from 1: these never meet. */
let tickets = 1_000_000;

/** Makes one request. @throws CallError for a refusal */
export async function callHost<N extends CallName>(page: Page, name: N, params: CallParams<N>): Promise<CallResult<N>> {
  const reply = await page.evaluate(
    ([call, ticket, given]) => {
      const { stillgrain } = window as unknown as { stillgrain: Bridge };
      return stillgrain.calls[call](ticket, given);
    },
    [name, ++tickets, params] as const,
  );
  return unwrap(reply) as CallResult<N>;
}
