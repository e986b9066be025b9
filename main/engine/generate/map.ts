import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineParams, EngineResult } from '../../../preload/engine-protocol.js';
import type { GenerationRecipe } from '../../../preload/generate/recipe.js';
import { addScaled, distance, scaled } from '../../core/latent/vectors.js';
import { principalComponents, project, reconstruct, type Pca } from '../../core/latent/pca.js';
import { refuseTarget, writeAtomically, writeCacheFile } from '../atomic-file.js';
import { encodePicture, resizePicture, type Picture } from '../codec.js';
import { PRIORITY } from '../mutex.js';
import type { Report } from '../service.js';
import { contentName } from './content.js';
import { writePicture } from './interpolate.js';
import { latentsOf, requireSome, type PhotoLatent } from './latents.js';
import { markingPacket } from './marking.js';
import { canvas, lay } from './pictures.js';
import { pictureOf, shownPicture, shrunk } from './squares.js';
import type { Vae } from './vae.js';
import { breathe, stopIfAborted, type Workbench } from './workbench.js';

/** A library laid out by its two principal axes, photos that look alike beside each other. */

/** Side of a photo on the picture of a map, as a share of the picture's. */
const THUMBNAIL_SHARE = 1 / 16;

/** The map of some photos. */
export async function latentMap(
  signal: AbortSignal,
  request: EngineParams<'latentMap'>,
  report: Report,
  bench: Workbench,
): Promise<EngineResult<'latentMap'>> {
  for (const target of [request.file, request.picture]) if (target !== null) await refuseTarget(target.path, target);
  const vae = await bench.infer(PRIORITY.photo, signal, () => bench.vaes.open(request.vae, request.runtime));
  const { known, problems } = await latentsOf(signal, request.photos, vae, request.cache, report, bench);
  requireSome(known, 2, problems);
  const { pca, places } = layOut(vae, known);
  const neighbours = await nearestOf(signal, known, request.neighbours);
  const points = known.map(({ path, photo }, index) => ({
    path,
    photo,
    ...places[index]!,
    neighbours: neighbours[index]!,
  }));
  const recipe = mapRecipe(vae, known);
  if (request.picture !== null) {
    const picture = await drawMap(signal, points, request.side, bench);
    await writePicture(request.picture, picture, markingPacket(recipe));
  }
  const share = (axis: number): number => (pca.totalVariance > 0 ? (pca.variances[axis] ?? 0) / pca.totalVariance : 0);
  const map: EngineResult<'latentMap'> = { points, explained: [share(0), share(1)], recipe, problems };
  if (request.file !== null) {
    const { path, overwrite } = request.file;
    await writeAtomically(path, { overwrite }, (temp) => writeFile(temp, `${JSON.stringify(map, null, 2)}\n`));
  }
  return map;
}

const mapRecipe = (vae: Vae, known: readonly PhotoLatent[]): GenerationRecipe => ({
  version: 1,
  made: 'map',
  vae: vae.hashes,
  photos: known.map(({ photo }) => photo),
});

interface Layout {
  readonly pca: Pca;
  readonly places: readonly { readonly x: number; readonly y: number }[];
}

/** The last map: each of its points would find the same axes again, which takes a second for thousands of photos. */
let lastLayout: { readonly key: string; readonly layout: Layout } | undefined;

function layOut(vae: Vae, known: readonly PhotoLatent[]): Layout {
  const key = contentName(
    vae.hashes,
    known.map(({ photo }) => photo.sha256),
  );
  if (lastLayout?.key === key) return lastLayout.layout;
  const pca = principalComponents(
    known.map(({ latent }) => latent),
    2,
  );
  // Photos that are all alike have no axes: they lie on one point.
  const places = known.map(({ latent }) => {
    const [x = 0, y = 0] = project(pca, latent);
    return { x, y };
  });
  lastLayout = { key, layout: { pca, places } };
  return lastLayout.layout;
}

type Neighbours = EngineResult<'latentMap'>['points'][number]['neighbours'];

/** Rows of the table of distances that are worked out without a breath. */
const ROWS_AT_ONCE = 32;

/** For each photo the most similar ones, nearest first, those that are equally near in the order of the list. */
async function nearestOf(signal: AbortSignal, known: readonly PhotoLatent[], count: number): Promise<Neighbours[]> {
  const all: Neighbours[] = [];
  for (const [index, { latent }] of known.entries()) {
    if (index % ROWS_AT_ONCE === 0) {
      stopIfAborted(signal);
      await breathe();
    }
    const nearest: Neighbours = [];
    for (let at = 0; at < known.length && count > 0; at++) {
      if (at === index) continue;
      const far = distance(latent, known[at]!.latent);
      if (nearest.length === count && far >= nearest.at(-1)!.distance) continue;
      let place = nearest.length;
      while (place > 0 && nearest[place - 1]!.distance > far) place--;
      nearest.splice(place, 0, { index: at, distance: far });
      if (nearest.length > count) nearest.pop();
    }
    all.push(nearest);
  }
  return all;
}

/** The photos where they lie, those further down over those behind. */
async function drawMap(
  signal: AbortSignal,
  points: readonly { readonly path: string; readonly x: number; readonly y: number }[],
  side: number,
  bench: Workbench,
): Promise<Picture> {
  const picture = canvas(side, side);
  const small = Math.max(8, Math.round(side * THUMBNAIL_SHARE));
  const place = (axis: 'x' | 'y', value: number): number => {
    const all = points.map((point) => point[axis]);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return Math.round(share * (side - small));
  };
  // On paper y grows upwards, in rows of pixels downwards.
  for (const point of [...points].sort((a, b) => b.y - a.y)) {
    stopIfAborted(signal);
    const thumbnail = await bench.decoded(
      signal,
      point.path,
      () => undefined,
      (image) => shownPicture(shrunk(image, small), image.source),
    );
    lay(picture, thumbnail, place('x', point.x), side - small - place('y', point.y));
  }
  return picture;
}

/** Distance to the nearest photo, beside the median to the next, at which little of its detail is left. */
const DETAIL_REACH = 0.5;

/** What lies at a point: decoded from the two axes, with what the nearest photo has beyond them the nearer it is. */
export async function latentPoint(
  signal: AbortSignal,
  request: EngineParams<'latentPoint'>,
  report: Report,
  bench: Workbench,
): Promise<EngineResult<'latentPoint'>> {
  const { x, y, detail, side, folder } = request;
  const vae = await bench.infer(PRIORITY.preview, signal, () => bench.vaes.open(request.vae, request.runtime));
  const { known, problems } = await latentsOf(signal, request.photos, vae, request.cache, report, bench);
  requireSome(known, 2, problems);
  const { pca, places } = layOut(vae, known);
  const far = places.map((place) => Math.hypot(place.x - x, place.y - y));
  const nearest = far.indexOf(Math.min(...far));
  const reach = DETAIL_REACH * Math.sqrt((pca.variances[0] ?? 0) + (pca.variances[1] ?? 0));
  const nearness = far[nearest] === 0 ? 1 : Math.exp(-((far[nearest]! / reach) ** 2));
  const onMap = reconstruct(pca, [x, y].slice(0, pca.axes.length));
  const flat = reconstruct(pca, project(pca, known[nearest]!.latent));
  const beyond = addScaled(known[nearest]!.latent, flat, -1);
  const latent = addScaled(onMap, scaled(beyond, detail * nearness), 1);
  const decoded = await bench.infer(PRIORITY.preview, signal, () => vae.decode(latent));
  const picture = await resizePicture(pictureOf(decoded), side, side);
  const file = join(folder, `${contentName(Array.from(latent), vae.hashes, side)}.jpg`);
  await writeCacheFile(file, await encodePicture(picture, 'jpeg', markingPacket(mapRecipe(vae, known))));
  return { file, width: side, height: side, nearest: known[nearest]!.path };
}
