import { create } from 'zustand';
import type { PhotoId, PhotoView } from '../../../preload/contract.js';
import {
  carryViewport,
  fitZoom,
  fitViewport,
  nextStop,
  panBy,
  resizeViewport,
  toggleZoom,
  zoomAbout,
  type Point,
  type Size,
  type Viewport,
} from '../../elements/pan-zoom/viewport.js';
import { host } from '../../host.js';
import type { Drawn } from './gl/scene.js';
import type { PreviewStatus } from './preview-runner.js';

/** What the compare view shows of which photo. */

export type Opened =
  | { readonly state: 'none'; readonly photo: null }
  | { readonly state: 'opening'; readonly photo: PhotoId }
  | { readonly state: 'open'; readonly photo: PhotoId; readonly view: PhotoView }
  | { readonly state: 'failed'; readonly photo: PhotoId; readonly error: unknown };

export interface CompareState {
  readonly opened: Opened;
  /** Where the last photo was looked at; the next one is looked at in the same place. */
  readonly last: { readonly viewport: Viewport; readonly size: Size } | null;
  /** null until a photo is open and the pane has a size. */
  readonly viewport: Viewport | null;
  /** Size of the pane that a photo is shown in, in device pixels. */
  readonly pane: Size | null;
  /** Device pixels per CSS pixel. */
  readonly pixelRatio: number;
  /** Share of the pane to the left of the divider. */
  readonly split: number;
  /** By how much the removed noise is enlarged. */
  readonly amplification: number;
  /** The original is shown for as long as a key or the pointer is held. */
  readonly holding: boolean;
  readonly preview: PreviewStatus;
  /** Noise level at the top of the map's scale, in 8-bit units. */
  readonly noiseTop: number;
  /** `missing`: this browser cannot draw; `lost`: the graphics driver took it away, and may give it back. */
  readonly graphics: 'ok' | 'missing' | 'lost';
  /** How much of what is in view there is to be seen. */
  readonly drawn: Drawn;
  /** Why tiles cannot be had; null: they can. */
  readonly tileError: unknown;
}

/** Nothing has been asked for. */
export const NO_PREVIEW: PreviewStatus = { state: 'none', error: null, report: null };
export const MAX_AMPLIFICATION = 16;
const DEFAULT_AMPLIFICATION = 4;

export const useCompare = create<CompareState>(() => ({
  opened: { state: 'none', photo: null },
  last: null,
  viewport: null,
  pane: null,
  pixelRatio: 1,
  split: 0.5,
  amplification: DEFAULT_AMPLIFICATION,
  holding: false,
  preview: NO_PREVIEW,
  noiseTop: 16,
  graphics: 'ok',
  drawn: 'none',
  tileError: null,
}));

let opening: AbortController | undefined;

/** Opens a photo for viewing; what was being opened is given up. */
export async function openForViewing(photo: PhotoId | null): Promise<void> {
  opening?.abort();
  const { opened, viewport } = useCompare.getState();
  const last = opened.state === 'open' && viewport !== null ? { viewport, size: opened.view } : null;
  useCompare.setState((state) => ({
    opened: photo === null ? { state: 'none', photo } : { state: 'opening', photo },
    last: last ?? state.last,
    viewport: null,
    preview: NO_PREVIEW,
    drawn: 'none',
    tileError: null,
  }));
  if (photo === null) return;
  const controller = new AbortController();
  opening = controller;
  try {
    const view = await host().call('photo.open', { photo }, controller.signal);
    if (controller.signal.aborted) return;
    useCompare.setState(({ pane, last }) => ({
      opened: { state: 'open', photo, view },
      viewport: pane === null ? null : startViewport(view, pane, last),
    }));
  } catch (error) {
    if (!controller.signal.aborted) useCompare.setState({ opened: { state: 'failed', photo, error } });
  }
}

/** Where to look at a photo first: where the one before was looked at, or at all of it. */
function startViewport(view: PhotoView, pane: Size, last: CompareState['last']): Viewport {
  return last === null ? fitViewport(view, pane) : carryViewport(last.viewport, last.size, view, pane);
}

/** Says how large the pane is. */
export function setPane(pane: Size, pixelRatio: number): void {
  useCompare.setState(({ opened, viewport, last }) => ({
    pane,
    pixelRatio,
    viewport:
      opened.state !== 'open'
        ? null
        : viewport === null
          ? startViewport(opened.view, pane, last)
          : resizeViewport(viewport, opened.view, pane),
  }));
}

function move(change: (view: Viewport, picture: Size, pane: Size) => Viewport): boolean {
  const { opened, viewport, pane } = useCompare.getState();
  if (opened.state !== 'open' || viewport === null || pane === null) return false;
  useCompare.setState({ viewport: change(viewport, opened.view, pane) });
  return true;
}

const centreOf = (pane: Size): Point => ({ x: pane.width / 2, y: pane.height / 2 });

/** Zooms by a factor about a point of the pane, in device pixels. */
export const zoomBy = (factor: number, at: Point): boolean =>
  move((view, picture, pane) => zoomAbout(view, picture, pane, at, view.zoom * factor));

/** Zooms to a share of a device pixel per picture pixel, or so that all of the photo is in view. */
export const zoomTo = (zoom: number | 'fit'): boolean =>
  move((view, picture, pane) =>
    zoom === 'fit' ? fitViewport(picture, pane) : zoomAbout(view, picture, pane, centreOf(pane), zoom),
  );

export const zoomStep = (direction: 1 | -1): boolean =>
  move((view, picture, pane) =>
    zoomAbout(view, picture, pane, centreOf(pane), nextStop(view.zoom, direction, fitZoom(picture, pane))),
  );

/** Moves the picture by device pixels. */
export const pan = (dx: number, dy: number): boolean =>
  move((view, picture, pane) => panBy(view, picture, pane, dx, dy));

/** Moves the picture by shares of the pane. False where it does not move: all of it is in view that way. */
export function panShare(dx: number, dy: number): boolean {
  const { viewport, pane, opened } = useCompare.getState();
  if (viewport === null || pane === null || opened.state !== 'open') return false;
  if (dx !== 0 && opened.view.width * viewport.zoom <= pane.width) return false;
  if (dy !== 0 && opened.view.height * viewport.zoom <= pane.height) return false;
  return pan(dx * pane.width, dy * pane.height);
}

export const toggleFit = (at: Point): boolean => move((view, picture, pane) => toggleZoom(view, picture, pane, at));

export const setSplit = (split: number): void => {
  useCompare.setState({ split });
};
export const setAmplification = (amplification: number): void => {
  useCompare.setState({ amplification: Math.min(MAX_AMPLIFICATION, Math.max(1, amplification)) });
};
export const setHolding = (holding: boolean): void => {
  useCompare.setState({ holding });
};
