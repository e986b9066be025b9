import type { PhotoView } from '../../../preload/contract.js';
import { LUT_SIZE } from '../../../preload/vocabulary.js';
import { visibleBox, type Size } from '../../elements/pan-zoom/viewport.js';
import { host } from '../../host.js';
import { currentSettings, useLibrary } from '../../state/library.js';
import { useOwnModels } from '../../state/own-models.js';
import { useSession } from '../../state/session.js';
import { ByteLru } from './byte-lru.js';
import { NO_PREVIEW, setPane, useCompare, type CompareState } from './compare-state.js';
import { themeColours } from './gl/colours.js';
import { Painter, type Texture } from './gl/painter.js';
import { drawScene } from './gl/scene.js';
import { tileKey, tilesToFetch, type Tile } from './levels.js';
import { paneSize, panesOf } from './panes.js';
import { fetchPixels } from './pixels.js';
import { PartStore, uncovered } from './preview-parts.js';
import { planNeed, setKey, type PreviewNeed } from './preview-plan.js';
import { PreviewRunner, type PreviewStatus } from './preview-runner.js';
import { noiseScaleTop, rampTable } from './ramp.js';
import { TileLoader } from './tile-loader.js';

const TILE_BYTES = 256 * 2 ** 20;
const PART_BYTES = 256 * 2 ** 20;
const LUT_BYTES = 4 * 2 ** 20;

/** Parts of a preview are painted at this pace: each draws the whole canvas, a long work where there is no graphics card. */
const PARTS_PACE_MS = 120;

/** What of the view's state is in the picture; the rest is what is said of the picture, which may not paint it again. */
const PAINTED = [
  'opened',
  'viewport',
  'split',
  'amplification',
  'holding',
  'noiseTop',
] as const satisfies readonly (keyof CompareState)[];

/** What lives on the graphics card; all of it goes when the card's context is lost. */
interface Card {
  readonly painter: Painter;
  readonly tiles: ByteLru<string, Texture>;
  readonly luts: ByteLru<string, Texture>;
  readonly ramps: { readonly noise: Texture; readonly risk: Texture };
}

/**
 * The canvas of the compare view: fetches what is in view, has it denoised and draws it, each when something changed
 * and never else. Reads the state of the window and writes what becomes of the preview into it.
 */
export class Stage {
  private card: Card | null = null;
  private readonly parts = new PartStore<Texture>(PART_BYTES, (texture) => this.card?.painter.dispose(texture));
  private readonly tileLoader: TileLoader;
  private readonly previews: PreviewRunner<Texture>;
  private readonly leave: (() => void)[] = [];
  private size: Size | null = null;
  private pace: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;
  /** While a picture is made ready: what is said of the preview then is in that picture. */
  private planning = false;
  private status: PreviewStatus = NO_PREVIEW;
  /** Of the parts, when they were painted last. */
  private paintedVersion = 0;
  private readonly lutsUnderWay = new Set<string>();
  /** What was drawn last for the same place, shown until there is something of the new settings. */
  private shownSet: { readonly set: string; readonly stale: string | null; readonly place: string } | null = null;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.tileLoader = new TileLoader({
      has: (tile) => this.card?.tiles.has(tileKey(tile)) ?? true,
      load: (tile, signal) => this.loadTile(tile, signal),
      onLoaded: () => {
        this.redraw();
      },
      onError: (error) => {
        useCompare.setState({ tileError: error });
      },
    });
    this.previews = new PreviewRunner(this.parts, {
      request: (request, signal) => host().call('photo.preview', request, signal),
      loadPart: async (part) => {
        const load = (image: string): Promise<Texture> => this.loadTexture(image, part.region);
        const [image, first, second] = await Promise.all([
          load(part.image),
          load(part.first),
          part.second === null ? null : load(part.second),
        ]);
        return { region: part.region, draft: part.draft, image, first, second };
      },
      loadMap: async ({ maps }, region) => {
        const values = await fetchPixels(maps.image, maps.width * maps.height);
        return { region, texture: this.painter().upload(values, maps.width, maps.height), values };
      },
      onChange: (status) => {
        this.report(status);
      },
    });
    this.start();
  }

  /** Ends all work and gives the graphics card its memory back. */
  stop(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.pace);
    for (const off of this.leave) off();
    this.tileLoader.stop();
    this.previews.stop();
    this.canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
  }

  /** Asks again for what could not be had. */
  retry(): void {
    useCompare.setState({ tileError: null });
    this.tileLoader.forget();
    this.previews.retry();
    this.redraw();
  }

  private start(): void {
    const redraw = (): void => {
      this.redraw();
    };
    this.leave.push(
      host().on('preview.part', (part) => {
        this.previews.part(part);
      }),
      useCompare.subscribe((now, before) => {
        if (PAINTED.some((key) => now[key] !== before[key])) redraw();
      }),
      useLibrary.subscribe((now, before) => {
        const { opened } = useCompare.getState();
        if (opened.state !== 'open') return;
        const { photo } = opened.view;
        const [is, was] = [now.photos.get(photo)?.adjustments, before.photos.get(photo)?.adjustments];
        // The host's answer to a change is a copy of it.
        if (is !== was && JSON.stringify(is) !== JSON.stringify(was)) redraw();
      }),
      useOwnModels.subscribe((now, before) => {
        // A name, or a camera, may mean another version: what was made with the one before is none of its.
        if (before.models === null || now.models === before.models) return;
        this.parts.clear();
        this.previews.want(null);
        redraw();
      }),
      useSession.subscribe((now, before) => {
        if (now.preferences.compareMode !== before.preferences.compareMode) redraw();
      }),
    );
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) this.resize(deviceSize(entry));
    });
    observe(observer, this.canvas);
    const theme = new MutationObserver(redraw);
    theme.observe(document.documentElement, { attributes: true });
    const onLost = (event: Event): void => {
      // Without this the context would never come back.
      event.preventDefault();
      this.tileLoader.stop();
      this.dropCard();
      useCompare.setState({ graphics: 'lost' });
    };
    const onRestored = (): void => {
      this.acquire();
    };
    this.canvas.addEventListener('webglcontextlost', onLost);
    this.canvas.addEventListener('webglcontextrestored', onRestored);
    this.leave.push(
      () => {
        observer.disconnect();
      },
      () => {
        theme.disconnect();
      },
      () => {
        this.canvas.removeEventListener('webglcontextlost', onLost);
        this.canvas.removeEventListener('webglcontextrestored', onRestored);
      },
    );
    this.acquire();
  }

  /** Takes the graphics card, first or again. */
  private acquire(): void {
    const gl = this.canvas.getContext('webgl2', { antialias: false, depth: false, premultipliedAlpha: true });
    if (gl === null) {
      useCompare.setState({ graphics: 'missing' });
      return;
    }
    try {
      const painter = new Painter(gl);
      const dispose = (texture: Texture): void => {
        painter.dispose(texture);
      };
      this.card = {
        painter,
        tiles: new ByteLru(TILE_BYTES, dispose),
        luts: new ByteLru(LUT_BYTES, dispose),
        ramps: {
          noise: painter.upload(rampTable('noise'), 256, 1),
          risk: painter.upload(rampTable('risk'), 256, 1),
        },
      };
      useCompare.setState({ graphics: 'ok' });
      this.redraw();
    } catch {
      useCompare.setState({ graphics: gl.isContextLost() ? 'lost' : 'missing' });
    }
  }

  private dropCard(): void {
    this.parts.clear();
    this.card = null;
    this.previews.want(null);
  }

  private painter(): Painter {
    if (this.card === null) throw new Error('the graphics card was lost');
    return this.card.painter;
  }

  private async loadTexture(image: string, size: Size, signal?: AbortSignal): Promise<Texture> {
    const pixels = await fetchPixels(image, size.width * size.height, signal);
    return this.painter().upload(pixels, size.width, size.height);
  }

  private async loadTile(tile: Tile, signal: AbortSignal): Promise<void> {
    const { photo, level, column, row } = tile;
    const raw = await host().call('photo.tile', { photo, level, column, row }, signal);
    const texture = await this.loadTexture(raw.image, raw, signal);
    this.card?.tiles.set(tileKey(tile), texture, texture.bytes);
  }

  /** The table of colours of a photo; undefined while it is on its way. */
  private lutOf(view: PhotoView): Texture | null | undefined {
    const { lut } = view;
    if (lut === null || this.card === null) return null;
    const known = this.card.luts.get(lut);
    if (known === undefined && !this.lutsUnderWay.has(lut)) {
      this.lutsUnderWay.add(lut);
      void fetchPixels(lut, LUT_SIZE ** 3)
        .then((table) => this.card?.luts.set(lut, this.painter().uploadLut(table), table.length))
        .catch((error: unknown) => {
          useCompare.setState({ tileError: error });
        })
        .finally(() => {
          this.lutsUnderWay.delete(lut);
          this.redraw();
        });
    }
    return known;
  }

  private resize(size: Size): void {
    this.size = size;
    this.redraw();
  }

  private redraw(): void {
    if (this.frame !== 0 || this.planning) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
      this.tell();
    });
  }

  private draw(): void {
    const { card, size } = this;
    if (card === null || size === null) return;
    const mode = useSession.getState().preferences.compareMode;
    const ratio = window.devicePixelRatio;
    const pane = paneSize(mode, size, ratio);
    const before = useCompare.getState();
    if (before.pane?.width !== pane.width || before.pane.height !== pane.height || before.pixelRatio !== ratio) {
      setPane(pane, ratio);
    }
    const state = useCompare.getState();
    const { opened, viewport } = state;
    if (this.canvas.width !== size.width || this.canvas.height !== size.height) {
      this.canvas.width = size.width;
      this.canvas.height = size.height;
    }
    if (opened.state !== 'open' || viewport === null) {
      this.tileLoader.stop();
      this.previews.want(null);
      card.painter.clear(size);
      return;
    }
    const { view } = opened;
    const settings = currentSettings(view.photo);
    const visible = visibleBox(viewport, view, pane);
    this.tileLoader.want(visible === null ? [] : tilesToFetch(view, viewport.zoom, visible));
    const need = planNeed(view, viewport, pane, settings, mode);
    this.planning = true;
    this.previews.want(need);
    this.planning = false;
    const lut = this.lutOf(view);
    if (lut === undefined) {
      card.painter.clear(size);
      return;
    }
    const colours = themeColours();
    card.painter.checker(colours.checker1, colours.checker2, ratio);
    const drawn = drawScene(card.painter, {
      size,
      view,
      viewport,
      panes: panesOf(mode, size, state.split, state.holding, ratio),
      settings,
      amplification: state.amplification,
      noiseTop: state.noiseTop,
      lut,
      ...this.layersFor(need),
      pending: need !== null && this.status.state !== 'done',
      ramps: card.ramps,
      tile: (tile) => card.tiles.get(tileKey(tile)),
    });
    if (drawn !== state.drawn) useCompare.setState({ drawn });
  }

  /** What of a preview to paint; below what fits the settings what was shown before it, until that is covered. */
  private layersFor(need: PreviewNeed | null): Pick<Parameters<typeof drawScene>[1], 'parts' | 'maps'> {
    if (need === null) return { parts: [], maps: [] };
    const set = setKey(need);
    const place = `${need.photo}/${need.level}`;
    const before = this.shownSet;
    if (before?.place !== place) this.shownSet = { set, stale: null, place };
    else if (before.set !== set) this.shownSet = { set, stale: before.set, place };
    const stale = this.shownSet?.stale ?? null;
    const done = this.status.state === 'done';
    this.paintedVersion = this.parts.version;
    const older = stale === null || done ? [] : this.parts.parts(stale);
    const maps = this.parts.mapsOf(set);
    return {
      parts: uncovered([...older, ...this.parts.parts(set)]),
      maps: maps.length === 0 && stale !== null && !done ? this.parts.mapsOf(stale) : maps,
    };
  }

  private report(status: PreviewStatus): void {
    const isNews = status.state !== this.status.state || status.report !== this.status.report;
    this.status = status;
    if (isNews) this.redraw();
    else if (this.parts.version !== this.paintedVersion) this.redrawAtPace();
    else this.tell();
  }

  /** For parts that arrive by the dozen: painting each would take the time that the rest is waiting for. */
  private redrawAtPace(): void {
    this.pace ??= setTimeout(() => {
      this.pace = undefined;
      this.redraw();
    }, PARTS_PACE_MS);
  }

  /** Writes down how far the preview is: once it is drawn, so that nobody hears of it before it can be seen. */
  private tell(): void {
    const { preview, noiseTop } = useCompare.getState();
    const { state, error, report } = this.status;
    const maps = this.shownSet === null ? [] : this.parts.mapsOf(this.shownSet.set);
    const top = maps.length === 0 ? noiseTop : noiseScaleTop(maps.map((map) => map.values));
    const same = preview.state === state && preview.error === error && preview.report === report;
    if (!same || top !== noiseTop) useCompare.setState({ preview: this.status, noiseTop: top });
  }
}

/** Observes an element's size in device pixels, where the browser can: moving to another screen is then noticed too. */
function observe(observer: ResizeObserver, element: Element): void {
  try {
    observer.observe(element, { box: 'device-pixel-content-box' });
  } catch {
    observer.observe(element);
  }
}

/** Size of an element in device pixels: to the pixel where the browser tells. */
function deviceSize(entry: ResizeObserverEntry): Size {
  const ratio = window.devicePixelRatio;
  const box = (entry.devicePixelContentBoxSize as readonly ResizeObserverSize[] | undefined)?.[0];
  return {
    width: deviceSide(entry.contentRect.width * ratio, box?.inlineSize),
    height: deviceSide(entry.contentRect.height * ratio, box?.blockSize),
  };
}

/** A browser that pretends to have another screen tells lengths of its own, which rounding cannot explain. */
function deviceSide(computed: number, told: number | undefined): number {
  return Math.max(1, told !== undefined && Math.abs(told - computed) < 2 ? told : Math.round(computed));
}
