/**
 * Where one looks at a picture that is larger or smaller than the pane it is shown in. Screen lengths are device
 * pixels, picture lengths picture pixels, so a zoom of 1 shows one picture pixel per device pixel on any screen.
 */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Viewport {
  /** Device pixels per picture pixel. */
  readonly zoom: number;
  /** The point of the picture in the middle of the pane. */
  readonly x: number;
  readonly y: number;
  /** The whole picture stays in view when the pane changes its size. */
  readonly fit: boolean;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const MAX_ZOOM = 16;
/** A small picture may always be shown at half its size. */
const LEAST_SMALLEST_ZOOM = 0.5;

/**
 * The zoom at which the whole picture is in view. A picture smaller than the pane grows by whole numbers only: each of
 * its pixels then covers as many device pixels as its neighbours do.
 */
export function fitZoom(picture: Size, pane: Size): number {
  const scale = Math.min(pane.width / picture.width, pane.height / picture.height);
  return scale < 1 ? scale : Math.min(Math.floor(scale), MAX_ZOOM);
}

/** Smallest and largest zoom of a picture in a pane. */
export function zoomLimits(picture: Size, pane: Size): readonly [number, number] {
  return [Math.min(fitZoom(picture, pane), LEAST_SMALLEST_ZOOM), MAX_ZOOM];
}

export function fitViewport(picture: Size, pane: Size): Viewport {
  return { zoom: fitZoom(picture, pane), x: picture.width / 2, y: picture.height / 2, fit: true };
}

/** The nearest viewport that wastes no room: no margin beside a picture that is larger than the pane. */
export function clampViewport(view: Viewport, picture: Size, pane: Size): Viewport {
  const [least, most] = zoomLimits(picture, pane);
  const zoom = Math.min(most, Math.max(least, view.zoom));
  return {
    zoom,
    x: clampCentre(view.x, picture.width, pane.width / zoom),
    y: clampCentre(view.y, picture.height, pane.height / zoom),
    fit: view.fit,
  };
}

function clampCentre(centre: number, length: number, seen: number): number {
  if (seen >= length) return length / 2;
  return Math.min(length - seen / 2, Math.max(seen / 2, centre));
}

/** The point of the picture under a point of the pane. */
export function toPicture(view: Viewport, pane: Size, screen: Point): Point {
  return {
    x: view.x + (screen.x - pane.width / 2) / view.zoom,
    y: view.y + (screen.y - pane.height / 2) / view.zoom,
  };
}

/** The point of the pane over a point of the picture. */
export function toScreen(view: Viewport, pane: Size, point: Point): Point {
  return {
    x: pane.width / 2 + (point.x - view.x) * view.zoom,
    y: pane.height / 2 + (point.y - view.y) * view.zoom,
  };
}

/** Zooms so that the point of the picture under `screen` stays there, as far as the edges let it. */
export function zoomAbout(view: Viewport, picture: Size, pane: Size, screen: Point, zoom: number): Viewport {
  const [least, most] = zoomLimits(picture, pane);
  const next = Math.min(most, Math.max(least, zoom));
  const point = toPicture(view, pane, screen);
  const moved: Viewport = {
    zoom: next,
    x: point.x - (screen.x - pane.width / 2) / next,
    y: point.y - (screen.y - pane.height / 2) / next,
    fit: false,
  };
  return clampViewport(moved, picture, pane);
}

/** Moves the picture by device pixels. */
export function panBy(view: Viewport, picture: Size, pane: Size, dx: number, dy: number): Viewport {
  const moved = { ...view, x: view.x - dx / view.zoom, y: view.y - dy / view.zoom };
  return clampViewport(moved, picture, pane);
}

/** The viewport after its pane has another size: a fitted one fits again, any other keeps its middle and zoom. */
export function resizeViewport(view: Viewport, picture: Size, pane: Size): Viewport {
  return view.fit ? fitViewport(picture, pane) : clampViewport(view, picture, pane);
}

/** Takes the viewport of one picture to the next: the same place where sizes are equal, else the same share of it. */
export function carryViewport(view: Viewport, from: Size, to: Size, pane: Size): Viewport {
  if (view.fit) return fitViewport(to, pane);
  const moved = { ...view, x: (view.x / from.width) * to.width, y: (view.y / from.height) * to.height };
  return clampViewport(moved, to, pane);
}

/**
 * What a double click does: from anywhere to 100 % about the pointer, from there back to the whole. A picture whose
 * whole is shown at 100 % goes to 200 %.
 */
export function toggleZoom(view: Viewport, picture: Size, pane: Size, screen: Point): Viewport {
  const close = fitZoom(picture, pane) === 1 ? 2 : 1;
  return view.zoom === close ? fitViewport(picture, pane) : zoomAbout(view, picture, pane, screen, close);
}

const STOPS = [0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16];
/** Zooms closer than this share count as the same stop. */
const SAME = 0.001;

/** The next stop up (1) or down (-1) from a zoom: powers of two, with the fitting zoom among them. */
export function nextStop(zoom: number, direction: 1 | -1, fit: number): number {
  const stops = [...STOPS, fit].sort((a, b) => a - b);
  const next =
    direction > 0
      ? stops.find((stop) => stop > zoom * (1 + SAME))
      : stops.reverse().find((stop) => stop < zoom * (1 - SAME));
  return next ?? zoom;
}

/**
 * The rectangle of the screen that the whole picture covers. At whole zooms it starts on a device pixel: otherwise every
 * picture pixel would be smeared over two.
 */
export function placePicture(view: Viewport, picture: Size, pane: Size): Box {
  const corner = toScreen(view, pane, { x: 0, y: 0 });
  const whole = Number.isInteger(view.zoom) || Number.isInteger(1 / view.zoom);
  return {
    left: whole ? Math.round(corner.x) : corner.x,
    top: whole ? Math.round(corner.y) : corner.y,
    width: picture.width * view.zoom,
    height: picture.height * view.zoom,
  };
}

/** The part of the picture that is in the pane, in picture pixels; null where none is. */
export function visibleBox(view: Viewport, picture: Size, pane: Size): Box | null {
  const from = toPicture(view, pane, { x: 0, y: 0 });
  const to = toPicture(view, pane, { x: pane.width, y: pane.height });
  const left = Math.max(0, from.x);
  const top = Math.max(0, from.y);
  const width = Math.min(picture.width, to.x) - left;
  const height = Math.min(picture.height, to.y) - top;
  return width > 0 && height > 0 ? { left, top, width, height } : null;
}
