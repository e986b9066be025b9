import type { PhotoId } from '../../../../preload/contract.js';
import { attachGestures } from '../../../elements/pan-zoom/gestures.js';
import {
  clampViewport,
  fitViewport,
  fitZoom,
  panBy,
  resizeViewport,
  toPicture,
  toScreen,
  zoomAbout,
  type Point,
  type Size,
  type Viewport,
} from '../../../elements/pan-zoom/viewport.js';
import { useLibrary } from '../../../state/library.js';
import { useSelection } from '../../../state/selection.js';
import { paintMap } from './map-painter.js';
import { hover, lookAtPoint, selectPhotos, similarTo, toggleSelected, useMap, walkAlong } from './map-state.js';
import { MapThumbnails } from './map-thumbnails.js';
import { isInside, nearestPhoto, pointsAlong, type PlacedPhoto, type World } from './world.js';

/** Pictures along a walk. */
const WALK_STEPS = 8;
/** Less is a click. */
const CLICK_SLOP_PX = 4;
/** Thumbnails when all of the map is in view, and at most, in CSS pixels. */
const THUMBNAIL_PX = 64;
const MOST_THUMBNAIL_PX = 220;
/** With more photos they would hide each other. */
const CROWDED = 150;
const CURSOR_STEP_PX = 20;
const ZOOM_STEP = 1.5;

interface Drag {
  readonly pointer: number;
  /** Points of the pane in CSS pixels. */
  readonly path: Point[];
}

/** The canvas of the map: pans, zooms, and turns pointer and keys into what the map is asked for. */
export class MapStage {
  #view: Viewport;
  #pane: Size = { width: 1, height: 1 };
  #drag: Drag | null = null;
  /** Null until a key is pressed. */
  #cursor: Point | null = null;
  #frame = 0;
  readonly #thumbnails = new MapThumbnails(() => {
    this.#redraw();
  });
  readonly #undo: (() => void)[] = [];

  constructor(
    private readonly element: HTMLElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly world: World,
  ) {
    this.#view = fitViewport(world, this.#pane);
    const observer = new ResizeObserver(() => {
      this.#resize();
    });
    observer.observe(element);
    this.#undo.push(() => {
      observer.disconnect();
    });
    this.#resize();
    this.#listen();
    const themes = new MutationObserver(() => {
      this.#redraw();
    });
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    this.#undo.push(
      () => {
        themes.disconnect();
      },
      useMap.subscribe(() => {
        this.#redraw();
      }),
      useSelection.subscribe(() => {
        this.#redraw();
      }),
    );
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#thumbnails.close();
    for (const undo of this.#undo) undo();
  }

  /** Zooms by steps about the middle, or about the cursor. */
  zoom(direction: 1 | -1): void {
    const at = this.#cursor === null ? middleOf(this.#pane) : toScreen(this.#view, this.#pane, this.#cursor);
    this.#zoomAt(at, ZOOM_STEP ** direction);
  }

  fit(): void {
    this.#view = fitViewport(this.world, this.#pane);
    this.#redraw();
  }

  /** Brings a photo into the middle. */
  show(photo: PhotoId): void {
    const placed = this.world.photos.find((other) => other.photo === photo);
    if (placed === undefined) return;
    this.#view = clampViewport({ ...this.#view, ...placed.at, fit: false }, this.world, this.#pane);
    this.#redraw();
  }

  /** Does what a key asks for; false: nothing. */
  press({ key, shiftKey }: { readonly key: string; readonly shiftKey: boolean }): boolean {
    const step = (CURSOR_STEP_PX * ratio() * (shiftKey ? 4 : 1)) / this.#view.zoom;
    const cursor = this.#cursor ?? { x: this.#view.x, y: this.#view.y };
    switch (key) {
      case 'ArrowLeft':
        return this.#moveCursor({ ...cursor, x: cursor.x - step });
      case 'ArrowRight':
        return this.#moveCursor({ ...cursor, x: cursor.x + step });
      case 'ArrowUp':
        return this.#moveCursor({ ...cursor, y: cursor.y - step });
      case 'ArrowDown':
        return this.#moveCursor({ ...cursor, y: cursor.y + step });
      case 'Enter':
        this.#moveCursor(cursor);
        this.#look(cursor, this.#photoAt(cursor)?.photo ?? null);
        return true;
      case ' ': {
        this.#moveCursor(cursor);
        const nearest = nearestPhoto(this.world.photos, cursor);
        if (nearest !== null) toggleSelected(nearest.photo);
        return true;
      }
      case '+':
      case '=':
        this.zoom(1);
        return true;
      case '-':
        this.zoom(-1);
        return true;
      case '0':
        this.fit();
        return true;
      default:
        return false;
    }
  }

  /** The cursor is for the keyboard: without the focus it goes. */
  blur(): void {
    if (this.#cursor === null) return;
    this.#cursor = null;
    hover(null);
    this.#redraw();
  }

  #moveCursor(to: Point): true {
    const at = { x: clamp(to.x, this.world.width), y: clamp(to.y, this.world.height) };
    this.#cursor = at;
    const { x, y } = toScreen(this.#view, this.#pane, at);
    const dx = Math.max(0, -x) - Math.max(0, x - this.#pane.width);
    const dy = Math.max(0, -y) - Math.max(0, y - this.#pane.height);
    if (dx !== 0 || dy !== 0) this.#view = panBy(this.#view, this.world, this.#pane, dx, dy);
    hover(nearestPhoto(this.world.photos, at)?.photo ?? null);
    this.#redraw();
    return true;
  }

  #listen(): void {
    const { element } = this;
    this.#undo.push(
      attachGestures(element, {
        pan: (dx, dy) => {
          // With the other tools a drag draws a line, but a wheel or two fingers move the map with any.
          if (this.#drag !== null && useMap.getState().tool !== 'move') return;
          this.#view = panBy(this.#view, this.world, this.#pane, dx * ratio(), dy * ratio());
          this.#redraw();
        },
        zoom: (factor, { x, y }) => {
          this.#zoomAt({ x: x * ratio(), y: y * ratio() }, factor);
        },
        toggle: () => undefined,
      }),
    );
    const on = <K extends 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel' | 'pointerleave'>(
      name: K,
      listener: (event: HTMLElementEventMap[K]) => void,
    ): void => {
      element.addEventListener(name, listener);
      this.#undo.push(() => {
        element.removeEventListener(name, listener);
      });
    };
    on('pointerdown', (event) => {
      if (event.button !== 0 || (event.target as Element).closest('button') !== null) return;
      // A second finger pinches: no line is meant.
      this.#drag = this.#drag === null ? { pointer: event.pointerId, path: [this.#locate(event)] } : null;
    });
    on('pointermove', (event) => {
      const at = this.#locate(event);
      if (this.#drag?.pointer === event.pointerId) {
        this.#drag.path.push(at);
        this.#redraw();
      } else if (this.#drag === null && event.pointerType !== 'touch') {
        hover(this.#photoAt(this.#toWorld(at))?.photo ?? null);
      }
    });
    on('pointerup', (event) => {
      const drag = this.#drag;
      this.#drag = null;
      if (drag?.pointer === event.pointerId) this.#finish(drag.path, event.shiftKey);
      this.#redraw();
    });
    on('pointercancel', () => {
      this.#drag = null;
      this.#redraw();
    });
    on('pointerleave', () => {
      if (this.#drag === null && this.#cursor === null) hover(null);
    });
  }

  /** What a click or a line asks for. */
  #finish(path: readonly Point[], add: boolean): void {
    const { tool } = useMap.getState();
    const from = path[0]!;
    const isClick = path.every(({ x, y }) => Math.hypot(x - from.x, y - from.y) < CLICK_SLOP_PX);
    const line = path.map((at) => this.#toWorld(at));
    if (isClick) {
      const photo = this.#photoAt(line[0]!);
      this.#look(photo?.at ?? line[0]!, photo?.photo ?? null);
    } else if (tool === 'walk') {
      void walkAlong(pointsAlong(line, WALK_STEPS).map((at) => this.world.toMap(at)));
    } else if (tool === 'lasso') {
      selectPhotos(
        this.world.photos.filter(({ at }) => isInside(at, line)).map(({ photo }) => photo),
        add,
      );
    }
  }

  #look(at: Point, photo: PhotoId | null): void {
    void lookAtPoint(this.world.toMap(at), photo);
  }

  /** The photo whose thumbnail is at a point of the world. */
  #photoAt(at: Point): PlacedPhoto | null {
    return nearestPhoto(this.world.photos, at, this.#thumbnail() / 2 / this.#view.zoom);
  }

  /** Longer side of thumbnails, in device pixels: they grow as one comes closer, more slowly than the map does. */
  #thumbnail(): number {
    const closeness = this.#view.zoom / fitZoom(this.world, this.#pane);
    const first = this.world.photos.length > CROWDED ? THUMBNAIL_PX * 0.7 : THUMBNAIL_PX;
    return Math.min(MOST_THUMBNAIL_PX, first * Math.sqrt(Math.max(1, closeness))) * ratio();
  }

  #zoomAt(at: Point, factor: number): void {
    this.#view = zoomAbout(this.#view, this.world, this.#pane, at, this.#view.zoom * factor);
    this.#redraw();
  }

  #locate(event: PointerEvent): Point {
    const box = this.element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #toWorld({ x, y }: Point): Point {
    return toPicture(this.#view, this.#pane, { x: x * ratio(), y: y * ratio() });
  }

  #resize(): void {
    const { width, height } = this.element.getBoundingClientRect();
    this.#pane = { width: Math.max(1, Math.round(width * ratio())), height: Math.max(1, Math.round(height * ratio())) };
    this.canvas.width = this.#pane.width;
    this.canvas.height = this.#pane.height;
    this.#view = resizeViewport(this.#view, this.world, this.#pane);
    this.#redraw();
  }

  #redraw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      this.#draw();
    });
  }

  #draw(): void {
    const context = this.canvas.getContext('2d');
    if (context === null) return;
    const { map, hovered, focused, found, walk, tool } = useMap.getState();
    const { photos } = useLibrary.getState();
    const near = hovered ?? focused;
    const path = this.#drag?.path ?? [];
    paintMap(context, {
      world: this.world,
      view: this.#view,
      pane: this.#pane,
      ratio: ratio(),
      thumbnail: this.#thumbnail(),
      imageOf: (photo) => {
        const entry = photos.get(photo);
        return entry === undefined ? null : this.#thumbnails.get(entry);
      },
      selected: useSelection.getState().selected,
      hovered,
      similar: new Set(map === null || near === null || hovered === null ? [] : similarTo(map, near)),
      found: [...walk, ...(found === null ? [] : [found])].map(({ at }) => this.world.fromMap(at)),
      line: tool === 'move' ? [] : path.map((at) => this.#toWorld(at)),
      closed: tool === 'lasso',
      cursor: this.#cursor,
    });
    this.canvas.dataset['drawn'] = this.#thumbnails.isSettled ? 'all' : 'some';
  }
}

const ratio = (): number => window.devicePixelRatio;
const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));
const middleOf = ({ width, height }: Size): Point => ({ x: width / 2, y: height / 2 });
