import type { PhotoId } from '../../../../preload/contract.js';
import { toScreen, type Point, type Size, type Viewport } from '../../../elements/pan-zoom/viewport.js';
import type { World } from './world.js';

/** Draws the map on a canvas. */

export interface MapScene {
  readonly world: World;
  readonly view: Viewport;
  /** Device pixels. */
  readonly pane: Size;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  /** Longer side of a thumbnail, in device pixels. */
  readonly thumbnail: number;
  readonly imageOf: (photo: PhotoId) => HTMLImageElement | null;
  readonly selected: ReadonlySet<PhotoId>;
  readonly hovered: PhotoId | null;
  readonly similar: ReadonlySet<PhotoId>;
  /** Points of the world. */
  readonly found: readonly Point[];
  /** The line under the pointer, in points of the world, and whether it is closed. */
  readonly line: readonly Point[];
  readonly closed: boolean;
  /** The keyboard's cursor; null: not shown. */
  readonly cursor: Point | null;
}

/** Thumbnails that others are told from are drawn so faintly. */
const FAINT = 0.35;
const CURSOR_PX = 11;

/** Colours by the names of their tokens. */
function colours(): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(name).trim();
}

export function paintMap(context: CanvasRenderingContext2D, scene: MapScene): void {
  const { world, view, pane, ratio, hovered, similar } = scene;
  const colour = colours();
  const place = (at: Point): Point => toScreen(view, pane, at);
  context.clearRect(0, 0, pane.width, pane.height);
  const byId = new Map(world.photos.map((placed) => [placed.photo, placed]));
  const top: PhotoId[] = [];
  for (const { photo } of world.photos) {
    if (photo === hovered || similar.has(photo)) top.push(photo);
    else {
      context.globalAlpha = hovered === null ? 1 : FAINT;
      paintPhoto(context, scene, photo, place(byId.get(photo)!.at), colour);
    }
  }
  context.globalAlpha = 1;
  const from = hovered === null ? undefined : byId.get(hovered);
  if (from !== undefined) {
    context.strokeStyle = colour('--accent');
    context.lineWidth = 1.5 * ratio;
    for (const photo of similar) {
      const to = byId.get(photo);
      if (to !== undefined) strokeLine(context, [place(from.at), place(to.at)], false);
    }
  }
  for (const photo of top.sort((a, b) => Number(a === hovered) - Number(b === hovered))) {
    paintPhoto(context, scene, photo, place(byId.get(photo)!.at), colour);
  }
  if (scene.line.length > 1) paintTrail(context, scene.line.map(place), scene.closed, ratio, colour);
  for (const at of scene.found) paintDot(context, place(at), ratio, colour);
  if (scene.cursor !== null) paintCursor(context, place(scene.cursor), ratio, colour);
}

type Colour = ReturnType<typeof colours>;

function paintPhoto(
  context: CanvasRenderingContext2D,
  { thumbnail, imageOf, selected, hovered, ratio, pane }: MapScene,
  photo: PhotoId,
  at: Point,
  colour: Colour,
): void {
  const side = photo === hovered ? thumbnail * 1.35 : thumbnail;
  if (at.x < -side || at.y < -side || at.x > pane.width + side || at.y > pane.height + side) return;
  const image = imageOf(photo);
  const longest = image === null ? 1 : Math.max(image.naturalWidth, image.naturalHeight);
  const width = image === null ? side * 0.9 : (image.naturalWidth / longest) * side;
  const height = image === null ? side * 0.62 : (image.naturalHeight / longest) * side;
  const [left, top] = [at.x - width / 2, at.y - height / 2];
  if (image === null) {
    context.fillStyle = colour('--surface-pressed');
    context.fillRect(left, top, width, height);
  } else context.drawImage(image, left, top, width, height);
  const isSelected = selected.has(photo);
  if (!isSelected && photo !== hovered) return;
  context.strokeStyle = colour(isSelected ? '--selected' : '--text');
  context.lineWidth = (isSelected ? 3 : 2) * ratio;
  context.strokeRect(left, top, width, height);
}

function strokeLine(context: CanvasRenderingContext2D, line: readonly Point[], closed: boolean): void {
  context.beginPath();
  for (const { x, y } of line) context.lineTo(x, y);
  if (closed) context.closePath();
  context.stroke();
}

/** A path or a lasso: light on dark, so that it is seen on any photo. */
function paintTrail(
  context: CanvasRenderingContext2D,
  line: readonly Point[],
  closed: boolean,
  ratio: number,
  colour: Colour,
): void {
  context.lineJoin = 'round';
  for (const [name, width] of [
    ['--divider-edge', 4],
    ['--divider', 2],
  ] as const) {
    context.strokeStyle = colour(name);
    context.lineWidth = width * ratio;
    strokeLine(context, line, closed);
  }
}

function paintDot(context: CanvasRenderingContext2D, { x, y }: Point, ratio: number, colour: Colour): void {
  context.beginPath();
  context.arc(x, y, 6 * ratio, 0, 2 * Math.PI);
  context.fillStyle = colour('--accent');
  context.strokeStyle = colour('--divider');
  context.lineWidth = 2 * ratio;
  context.fill();
  context.stroke();
}

function paintCursor(context: CanvasRenderingContext2D, { x, y }: Point, ratio: number, colour: Colour): void {
  const arm = CURSOR_PX * ratio;
  for (const [name, width] of [
    ['--divider-edge', 5],
    ['--divider', 2],
  ] as const) {
    context.strokeStyle = colour(name);
    context.lineWidth = width * ratio;
    strokeLine(
      context,
      [
        { x: x - arm, y },
        { x: x + arm, y },
      ],
      false,
    );
    strokeLine(
      context,
      [
        { x, y: y - arm },
        { x, y: y + arm },
      ],
      false,
    );
  }
}
