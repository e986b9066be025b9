import type { PhotoView, PreviewPart, Region } from '../../../preload/contract.js';
import { LUT_SIZE, MAX_PREVIEW_SIDE_PX, NO_FALLBACK } from '../../../preload/vocabulary.js';
import { host } from '../../host.js';
import { fetchPixels } from '../compare/pixels.js';
import { covers } from '../compare/rects.js';
import { applyLut, denoised, opaque } from './pair-pixels.js';

/** Shows the same part of a photo as it is and as two models make it. */

export type PairPane = 'original' | 'a' | 'b';

export interface PairStatus {
  /** The model that is waited for; null: all of what is in view is there. */
  readonly waits: 'a' | 'b' | null;
  readonly error: unknown;
  /** Of the part in view, in pixels of the photo. */
  readonly region: Region | null;
}

/** What moves is asked for when it has rested this long. */
const SETTLE_MS = 160;
/** Pixels of parts that are kept. */
const MOST_PIXELS = 24e6;
/** Far from those of the compare view. */
let tickets = 2 ** 31;

interface Piece {
  readonly region: Region;
  readonly bitmap: OffscreenCanvas;
}

export class PairStage {
  #view: PhotoView | null = null;
  #models: Readonly<Record<'a' | 'b', string>> = { a: '', b: '' };
  #zoom = 1;
  /** The middle of what is in view, in pixels of the photo. */
  #centre = { x: 0, y: 0 };
  /** By what is in them: 'original', or the name of a model. */
  readonly #pieces = new Map<string, Piece[]>();
  #lut: Promise<Uint8Array> | null = null;
  #work: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #awaited: { readonly ticket: number; readonly model: string; readonly loads: Promise<void>[] } | null = null;
  readonly #leave: () => void;
  readonly #observer: ResizeObserver;

  constructor(
    private readonly canvases: Readonly<Record<PairPane, HTMLCanvasElement>>,
    private readonly onStatus: (status: PairStatus) => void,
  ) {
    this.#leave = host().on('preview.part', (part) => {
      this.#hear(part);
    });
    this.#observer = new ResizeObserver(() => {
      this.#refresh();
    });
    this.#observer.observe(canvases.original);
  }

  stop(): void {
    this.#leave();
    this.#observer.disconnect();
    clearTimeout(this.#timer);
    this.#work?.abort();
  }

  /** Says which photo and models are compared. */
  show(view: PhotoView | null, a: string, b: string): void {
    if (view?.photo !== this.#view?.photo) {
      this.#pieces.clear();
      this.#lut = view === null || view.lut === null ? null : fetchPixels(view.lut, LUT_SIZE ** 3);
      this.#centre = view === null ? { x: 0, y: 0 } : { x: view.width / 2, y: view.height / 2 };
    }
    this.#view = view;
    this.#models = { a, b };
    this.#refresh();
  }

  zoomTo(zoom: number): void {
    this.#zoom = zoom;
    this.#refresh();
  }

  /** Moves the picture by so many CSS pixels. */
  pan(dx: number, dy: number): void {
    this.#centre = { x: this.#centre.x - dx / this.#zoom, y: this.#centre.y - dy / this.#zoom };
    this.#refresh();
  }

  /** What is in view, kept inside the photo. */
  #region(): Region | null {
    const view = this.#view;
    const { clientWidth, clientHeight } = this.canvases.original;
    if (view === null || clientWidth === 0 || clientHeight === 0) return null;
    const side = (css: number, whole: number): number =>
      Math.max(1, Math.min(whole, MAX_PREVIEW_SIDE_PX, Math.round(css / this.#zoom)));
    const width = side(clientWidth, view.width);
    const height = side(clientHeight, view.height);
    const place = (middle: number, length: number, whole: number): number =>
      Math.round(Math.min(whole - length, Math.max(0, middle - length / 2)));
    const left = place(this.#centre.x, width, view.width);
    const top = place(this.#centre.y, height, view.height);
    this.#centre = { x: left + width / 2, y: top + height / 2 };
    return { left, top, width, height };
  }

  #refresh(): void {
    this.#work?.abort();
    this.#work = null;
    this.#paint();
    clearTimeout(this.#timer);
    if (this.#view === null) return;
    this.#tell(this.#missing(), null);
    this.#timer = setTimeout(() => void this.#ask(), SETTLE_MS);
  }

  /** The first model of which something in view is not there. */
  #missing(): 'a' | 'b' | null {
    const region = this.#region();
    if (region === null) return null;
    const isThere = (model: string): boolean =>
      covers(
        (this.#pieces.get(model) ?? []).map((piece) => piece.region),
        region,
      );
    return (['a', 'b'] as const).find((pane) => !isThere(this.#models[pane])) ?? null;
  }

  /** Has what is missing denoised, one model after the other: the host works on one region at a time. */
  async #ask(): Promise<void> {
    const work = new AbortController();
    this.#work = work;
    try {
      for (let pane = this.#missing(); pane !== null; pane = this.#missing()) {
        const [view, region] = [this.#view, this.#region()];
        if (view === null || region === null) return;
        this.#tell(pane, null);
        const model = this.#models[pane];
        const awaited = { ticket: ++tickets, model, loads: [] as Promise<void>[] };
        this.#awaited = awaited;
        const request = {
          photo: view.photo,
          ticket: awaited.ticket,
          level: 0,
          region,
          model,
          fallback: NO_FALLBACK,
          sigma: null,
        };
        await host().call('photo.preview', { ...request, secondPass: false }, work.signal);
        await Promise.all(awaited.loads);
        if (work.signal.aborted) return;
        if (this.#missing() === pane) throw new Error('parts of the picture did not arrive');
      }
      this.#tell(null, null);
    } catch (error) {
      if (!work.signal.aborted) this.#tell(null, error);
    }
  }

  #hear(part: PreviewPart): void {
    const awaited = this.#awaited;
    // The fast model's draft would be taken for what the chosen one makes.
    if (awaited === null || part.ticket !== awaited.ticket || part.draft) return;
    const photo = this.#view?.photo;
    const load = this.#load(part, awaited.model, photo);
    // A part that is lost is noticed when the request has ended.
    awaited.loads.push(load.catch(() => undefined));
  }

  async #load({ region, image, first }: PreviewPart, model: string, photo: string | undefined): Promise<void> {
    const pixels = region.width * region.height;
    const lut = this.#lut === null ? null : await this.#lut;
    const [own, removed] = await Promise.all([fetchPixels(image, pixels), fetchPixels(first, pixels)]);
    if (this.#view?.photo !== photo) return;
    for (const [name, data] of [
      ['original', opaque(own)],
      [model, denoised(own, removed)],
    ] as const) {
      if (lut !== null) applyLut(data, lut);
      const bitmap = new OffscreenCanvas(region.width, region.height);
      bitmap.getContext('2d')!.putImageData(new ImageData(data, region.width, region.height), 0, 0);
      this.#keep(name, { region, bitmap });
    }
    this.#paint();
  }

  #keep(name: string, piece: Piece): void {
    const pieces = [...(this.#pieces.get(name) ?? []), piece];
    let pixels = pieces.reduce((sum, { region }) => sum + region.width * region.height, 0);
    while (pixels > MOST_PIXELS) {
      const oldest = pieces.shift()!;
      pixels -= oldest.region.width * oldest.region.height;
    }
    this.#pieces.set(name, pieces);
  }

  #paint(): void {
    const region = this.#region();
    const names = { original: 'original', ...this.#models };
    for (const pane of ['original', 'a', 'b'] as const) {
      const canvas = this.canvases[pane];
      const { clientWidth, clientHeight } = canvas;
      const ratio = window.devicePixelRatio;
      canvas.width = Math.max(1, Math.round(clientWidth * ratio));
      canvas.height = Math.max(1, Math.round(clientHeight * ratio));
      const context = canvas.getContext('2d');
      if (context === null || region === null) continue;
      const scale = this.#zoom * ratio;
      // A photo that is smaller than the pane lies in its middle.
      const [x, y] = [(canvas.width - region.width * scale) / 2, (canvas.height - region.height * scale) / 2];
      context.imageSmoothingEnabled = false;
      for (const { region: at, bitmap } of this.#pieces.get(names[pane]) ?? []) {
        const [left, top] = [x + (at.left - region.left) * scale, y + (at.top - region.top) * scale];
        context.drawImage(bitmap, left, top, at.width * scale, at.height * scale);
      }
    }
  }

  #tell(waits: PairStatus['waits'], error: unknown): void {
    this.onStatus({ waits, error, region: this.#region() });
  }
}
