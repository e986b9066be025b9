import type { PreviewPart, PreviewReport, PreviewRequest, Region } from '../../../preload/contract.js';
import type { Part, PartMap, PartStore } from './preview-parts.js';
import { compareNeeds, nextRequest, setKey, type PreviewNeed } from './preview-plan.js';
import { covers } from './rects.js';

/** How far what is on the screen is. `none`: nothing has to be computed for it. */
export type PreviewState = 'none' | 'waiting' | 'draft' | 'refining' | 'done' | 'error';

export interface PreviewStatus {
  readonly state: PreviewState;
  readonly error: unknown;
  /** What the last request said of its region. */
  readonly report: PreviewReport | null;
}

export interface PreviewPort<T> {
  readonly request: (request: PreviewRequest, signal: AbortSignal) => Promise<PreviewReport>;
  readonly loadPart: (part: PreviewPart) => Promise<Part<T>>;
  readonly loadMap: (report: PreviewReport, region: Region) => Promise<PartMap<T>>;
  readonly onChange: (status: PreviewStatus) => void;
}

/** A view that moved is asked for when it has rested this long. */
const SETTLE_MS = 120;
/** Parts that come late, from requests that were given up, are welcome for so many requests. */
const TICKETS_KEPT = 8;
/** Sets of parts that may be shown again. */
const REPORTS_KEPT = 64;
/** Shared by all runners: parts name nothing but their ticket. */
let tickets = 0;

interface Flight {
  readonly set: string;
  readonly request: PreviewRequest;
  readonly controller: AbortController;
  readonly loads: Promise<void>[];
}

/** Has what is on the screen denoised: only what is missing, one request at a time, the last one wins. */
export class PreviewRunner<T> {
  private need: PreviewNeed | null = null;
  private flight: Flight | null = null;
  private readonly flights = new Map<number, Flight>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private error: unknown = null;
  /** The last report of this photo, and those of each set that may be shown again without a request. */
  private report: PreviewReport | null = null;
  private readonly reports = new Map<string, PreviewReport>();

  constructor(
    private readonly store: PartStore<T>,
    private readonly port: PreviewPort<T>,
  ) {}

  /** Says what the screen needs from now on. */
  want(need: PreviewNeed | null): void {
    const before = this.need;
    if (need === null) {
      if (before === null) return;
      this.need = null;
      this.abort();
      this.tell();
      return;
    }
    const change = compareNeeds(before, need);
    if (change === 'same') return;
    this.need = need;
    this.error = null;
    if (before?.photo !== need.photo) this.report = null;
    if (this.flight !== null && !isUseful(this.flight, need)) this.abort();
    this.schedule(change === 'work' ? 0 : SETTLE_MS);
    this.tell();
  }

  /** Asks again after an error. */
  retry(): void {
    this.error = null;
    this.schedule(0);
    this.tell();
  }

  /** Takes a part that the host has announced. */
  part(part: PreviewPart): void {
    const flight = this.flights.get(part.ticket);
    if (flight === undefined) return;
    flight.loads.push(
      this.port.loadPart(part).then(
        (loaded) => {
          this.store.add(flight.set, loaded);
          this.tell();
        },
        // A part that is lost leaves a hole, which is noticed when the request has ended.
        () => undefined,
      ),
    );
  }

  stop(): void {
    this.need = null;
    this.abort();
    this.flights.clear();
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.start();
    }, delay);
  }

  private missing(need: PreviewNeed): Region | null {
    return nextRequest(need.region, this.store.coverage(setKey(need), need.secondPass));
  }

  private start(): void {
    const { need } = this;
    if (need === null || this.error !== null) return;
    const region = this.missing(need);
    if (region === null) {
      this.abort();
      this.tell();
      return;
    }
    if (this.flight !== null) {
      if (covers([this.flight.request.region], region)) return;
      this.abort();
    }
    const { photo, level, model, fallback, sigma, secondPass } = need;
    const request = { photo, ticket: ++tickets, level, region, model, fallback, sigma, secondPass };
    const flight = { set: setKey(need), request, controller: new AbortController(), loads: [] };
    this.flight = flight;
    this.flights.set(request.ticket, flight);
    for (const ticket of [...this.flights.keys()].slice(0, -TICKETS_KEPT)) this.flights.delete(ticket);
    this.tell();
    void this.run(flight);
  }

  private async run(flight: Flight): Promise<void> {
    try {
      const report = await this.port.request(flight.request, flight.controller.signal);
      const map = await this.port.loadMap(report, flight.request.region);
      this.store.addMap(flight.set, map);
      await Promise.all(flight.loads);
      if (this.flight !== flight) return;
      this.flight = null;
      this.keep(flight.set, report);
      const finished = this.store.coverage(flight.set, flight.request.secondPass);
      if (!covers(finished, flight.request.region)) throw new Error('parts of the preview did not arrive');
      this.start();
    } catch (error) {
      if (flight.controller.signal.aborted || (this.flight !== null && this.flight !== flight)) return;
      this.flight = null;
      this.error = error;
      this.tell();
    }
  }

  private keep(set: string, report: PreviewReport): void {
    this.report = report;
    this.reports.delete(set); // put back last: the first in the map is the oldest
    this.reports.set(set, report);
    if (this.reports.size > REPORTS_KEPT) this.reports.delete(this.reports.keys().next().value!);
  }

  private abort(): void {
    clearTimeout(this.timer);
    this.flight?.controller.abort();
    this.flight = null;
  }

  private tell(): void {
    const own = this.need === null ? undefined : this.reports.get(setKey(this.need));
    this.port.onChange({ state: this.state(), error: this.error, report: own ?? this.report });
  }

  private state(): PreviewState {
    const { need } = this;
    if (need === null) return 'none';
    if (this.error !== null) return 'error';
    if (this.missing(need) === null) return 'done';
    const { any, final } = this.store.presence(setKey(need), need.region, need.secondPass);
    if (!any) return 'waiting';
    return final ? 'refining' : 'draft';
  }
}

/** Whether a request under way still works on something of what is needed. */
function isUseful(flight: Flight, need: PreviewNeed): boolean {
  return flight.set === setKey(need) && flight.request.secondPass === need.secondPass;
}
