import type { DenoiseSettings, PhotoId } from '../../preload/contract.js';

/** Sends changes of settings to the host, not too often, and takes them back when it refuses. */

/** The settings that new photos start with: kept in the preferences, not with a photo. */
export const DEFAULTS = 'defaults';
/** What has settings: a photo, or the defaults. */
export type Slot = PhotoId | typeof DEFAULTS;
/** Settings by slot; null: a photo without its own. */
export type Changes = ReadonlyMap<Slot, DenoiseSettings | null>;

/** How often a drag is sent. The window itself redraws at once. */
export const SEND_INTERVAL_MS = 200;

export interface SenderHooks {
  /** Hands changes to the host. @throws when it refuses */
  readonly send: (changes: Changes) => Promise<void>;
  /** The host has these; nothing newer waits. */
  readonly confirmed: (slots: readonly Slot[]) => void;
  /** The host has none of what was sent since it last confirmed: put these back. */
  readonly refused: (before: Changes, error: unknown) => void;
}

/** One send at a time; what changes meanwhile is sent after it, only the newest value of each slot. */
export class AdjustSender {
  /** Not sent yet. */
  private waiting = new Map<Slot, DenoiseSettings | null>();
  /** What the host is known to have, of every slot that waits or is on its way. */
  private readonly known = new Map<Slot, DenoiseSettings | null>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending = false;

  constructor(private readonly hooks: SenderHooks) {}

  /** Whether the host has everything. */
  get idle(): boolean {
    return this.known.size === 0;
  }

  /** Whether the host has yet to confirm something of a slot. */
  holds(slot: Slot): boolean {
    return this.known.has(slot);
  }

  /** Notes changes with the values they replace, and sends them soon; `now` does not wait for more. */
  push(changes: Changes, before: Changes, now: boolean): void {
    for (const [slot, settings] of changes) {
      if (!this.known.has(slot)) this.known.set(slot, before.get(slot) ?? null);
      this.waiting.set(slot, settings);
    }
    if (now) this.flush();
    else this.timer ??= setTimeout(this.flush, SEND_INTERVAL_MS);
  }

  /** Sends what waits, as soon as the send under way is over. */
  readonly flush = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.sending && this.waiting.size > 0) void this.sendWaiting();
  };

  private async sendWaiting(): Promise<void> {
    const sent = this.waiting;
    this.waiting = new Map();
    this.sending = true;
    try {
      await this.hooks.send(sent);
      this.confirm(sent);
    } catch (error) {
      const before = new Map(this.known);
      this.known.clear();
      this.waiting.clear();
      this.hooks.refused(before, error);
    }
    this.sending = false;
    this.flush();
  }

  private confirm(sent: Changes): void {
    const settled: Slot[] = [];
    for (const [slot, settings] of sent) {
      if (this.waiting.has(slot)) {
        this.known.set(slot, settings);
      } else {
        this.known.delete(slot);
        settled.push(slot);
      }
    }
    this.hooks.confirmed(settled);
  }
}
