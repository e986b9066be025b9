import type { DenoiseSettings, PhotoView, Region } from '../../../../preload/contract.js';
import { LUMA_WEIGHTS, MAP_BLOCK_PX, MAP_NOISE_PEAK, planRemoval } from '../../../../preload/vocabulary.js';
import { placePicture, visibleBox, type Box, type Size, type Viewport } from '../../../elements/pan-zoom/viewport.js';
import { levelFor, tileRegion, tilesToDraw, type Tile } from '../levels.js';
import type { Pane } from '../panes.js';
import type { Part, PartMap } from '../preview-parts.js';
import type { Painter, Texture, Weights } from './painter.js';

/** Everything that one picture of the canvas is made of. */
export interface Scene {
  readonly size: Size;
  readonly view: PhotoView;
  readonly viewport: Viewport;
  readonly panes: readonly Pane[];
  readonly settings: DenoiseSettings;
  readonly amplification: number;
  readonly noiseTop: number;
  readonly lut: Texture | null;
  /** Parts in the order in which to paint them, in pixels of the level in view. */
  readonly parts: readonly Part<Texture>[];
  readonly maps: readonly PartMap<Texture>[];
  /** Something is still to be computed: marked where the result is not there yet. */
  readonly pending: boolean;
  readonly ramps: { readonly noise: Texture; readonly risk: Texture };
  readonly tile: (tile: Tile) => Texture | undefined;
}

/** From this zoom on pixels have edges. */
const SHARP_ZOOM = 2;
/** How much of the photo shows through a map where its value is least. */
const NOISE_FLOOR = 0.5;
const RISK_FLOOR = 0;

/** The weights of the settings, as the shader takes them. */
export function weightsOf(settings: DenoiseSettings, neutral: boolean): Weights {
  const plan = planRemoval(settings, neutral);
  return {
    lumaWeights: neutral ? [1 / 3, 1 / 3, 1 / 3] : LUMA_WEIGHTS,
    luma: [plan.luma.first, plan.luma.second],
    chroma: [plan.chroma.first, plan.chroma.second],
    detail: settings.detail,
  };
}

/** How much of the photo is there: `all` at the resolution of the screen, `some` more coarsely, or nothing yet. */
export type Drawn = 'none' | 'some' | 'all';

/** Draws a scene. Returns what of the photo there was to draw. */
export function drawScene(painter: Painter, scene: Scene): Drawn {
  painter.begin(scene.size, scene.lut, weightsOf(scene.settings, scene.view.neutral), scene.amplification);
  const drawn = scene.panes.map((pane) => drawPane(painter, scene, pane));
  if (drawn.every((pane) => pane === 'all')) return 'all';
  return drawn.includes('none') ? 'none' : 'some';
}

function drawPane(painter: Painter, scene: Scene, pane: Pane): Drawn {
  const { view, viewport } = scene;
  const visible = visibleBox(viewport, view, pane.frame);
  if (visible === null) return 'all';
  const local = placePicture(viewport, view, pane.frame);
  const picture: Box = { ...local, left: local.left + pane.frame.left, top: local.top + pane.frame.top };
  // A level whose sides were rounded up reaches beyond the photo.
  const clip = overlap(pane.clip, picture);
  if (clip === null) return 'all';
  painter.clip(clip);

  const level = levelFor(viewport.zoom, view.levels.length);
  const place = (region: Box, at: number): Box => placeRegion(picture, viewport.zoom * 2 ** at, region);
  const isSharp = (at: number): boolean => viewport.zoom >= SHARP_ZOOM || viewport.zoom * 2 ** at === 1;
  const isMap = pane.kind === 'noise' || pane.kind === 'risk';
  // Where nothing is removed, that is known without the engine: grey all over.
  const nothing = pane.kind === 'removed' && planRemoval(scene.settings, view.neutral).identity;
  const base = nothing ? 'removed' : isMap || pane.kind === 'removed' ? 'dimmed' : 'photo';
  const hatch = scene.pending && pane.kind !== 'original';

  const { tiles, complete } = tilesToDraw(view, viewport.zoom, visible, (tile) => scene.tile(tile) !== undefined);
  for (const tile of tiles) {
    const image = scene.tile(tile)!;
    const rect = place(tileRegion(view, tile), tile.level);
    painter.draw({ kind: base, rect, image, sharp: isSharp(tile.level), hatch });
  }
  if (pane.kind === 'result' || pane.kind === 'removed') {
    for (const part of scene.parts) {
      const rect = place(part.region, level);
      if (overlap(rect, clip) === null) continue;
      const { image, first, second } = part;
      painter.draw({ kind: pane.kind, rect, image, first, second, sharp: isSharp(level) });
    }
  } else if (isMap) {
    for (const map of scene.maps) {
      const noise = pane.kind === 'noise';
      painter.drawMap(map.texture, place(blocksOf(map.region), level), {
        channel: noise ? 0 : 1,
        scale: noise ? MAP_NOISE_PEAK / scene.noiseTop : 1,
        floor: noise ? NOISE_FLOOR : RISK_FLOOR,
        ramp: noise ? scene.ramps.noise : scene.ramps.risk,
      });
    }
  }
  return complete ? 'all' : tiles.length > 0 ? 'some' : 'none';
}

/** The blocks of a map, which reach beyond its region where that is no multiple of them. */
function blocksOf(region: Region): Box {
  const whole = (side: number): number => Math.ceil(side / MAP_BLOCK_PX) * MAP_BLOCK_PX;
  return { ...region, width: whole(region.width), height: whole(region.height) };
}

/** A rectangle of a level on the canvas. */
function placeRegion(picture: Box, scale: number, region: Box): Box {
  return {
    left: picture.left + region.left * scale,
    top: picture.top + region.top * scale,
    width: region.width * scale,
    height: region.height * scale,
  };
}

function overlap(a: Box, b: Box): Box | null {
  const left = Math.max(a.left, b.left);
  const top = Math.max(a.top, b.top);
  const width = Math.min(a.left + a.width, b.left + b.width) - left;
  const height = Math.min(a.top + a.height, b.top + b.height) - top;
  return width > 0 && height > 0 ? { left, top, width, height } : null;
}
