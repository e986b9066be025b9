import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { EngineParams, EngineResult } from '../../../preload/engine-protocol.js';
import type { GeneratedFile } from '../../../preload/generate/generate-calls.js';
import { AppError } from '../../core/errors.js';
import { evenPlaces, latentAt } from '../../core/latent/interpolation.js';
import { uprightSize } from '../../core/image/upright.js';
import type { Size } from '../../core/image/levels.js';
import { refuseTarget, writeAtomically } from '../atomic-file.js';
import {
  encodeAnimation,
  encodePicture,
  readHeader,
  resizePicture,
  type DecodedImage,
  type Picture,
} from '../codec.js';
import { PRIORITY } from '../mutex.js';
import type { Report } from '../service.js';
import { identify } from './content.js';
import { markingPacket } from './marking.js';
import { pictureOf, planesOf, refuseSmall, shownPicture, shrunk } from './squares.js';
import type { Vae } from './vae.js';
import { breathe, stopIfAborted, type Workbench } from './workbench.js';

/** Pictures on the way from photo to photo. */

type Request = EngineParams<'interpolate'>;

/** A photo at the frames' size, its latent, and what the decoder cannot say of it. */
interface Station {
  readonly latent: Float32Array;
  readonly photo: Picture;
  /** Photo less decoded picture. */
  readonly detail: Int16Array;
}

/** Writes the frames, the animation, or both. */
export async function interpolate(
  signal: AbortSignal,
  request: Request,
  report: Report,
  bench: Workbench,
): Promise<EngineResult<'interpolate'>> {
  const { photos, frames, closed, outputs, animation, detail } = request;
  if (outputs.length > 0 && outputs.length !== frames) {
    throw new AppError('usage/invalid', `${frames} frames need as many files, not ${outputs.length}`);
  }
  for (const { path, overwrite } of [...outputs, ...(animation ? [animation] : [])])
    await refuseTarget(path, { overwrite });
  const parents = [];
  for (const path of photos) parents.push(await named(path, identify(path)));
  const size = await frameSize(photos[0]!, request.side);
  const vae = await bench.infer(PRIORITY.photo, signal, () => bench.vaes.open(request.vae, request.runtime));
  const stations: Station[] = [];
  for (const path of photos) stations.push(await named(path, stationOf(signal, path, size, vae, bench)));
  const places = evenPlaces(
    stations.map(({ latent }) => latent),
    frames,
    closed,
  );
  const recipe = {
    version: 1 as const,
    made: 'interpolation' as const,
    vae: vae.hashes,
    photos: parents,
    frames,
    closed,
    detail,
  };
  const files: GeneratedFile[] = [];
  const moving: Picture[] = [];
  for (const [index, place] of places.entries()) {
    stopIfAborted(signal);
    const decoded = await bench.infer(PRIORITY.photo, signal, () =>
      vae.decode(
        latentAt(
          stations.map(({ latent }) => latent),
          place,
        ),
      ),
    );
    const from = stations[place.segment]!;
    const to = stations[(place.segment + 1) % stations.length]!;
    const frame = withDetail(
      await resizePicture(pictureOf(decoded), size.width, size.height),
      from,
      to,
      place.t,
      detail,
    );
    const output = outputs[index];
    if (output !== undefined) {
      const made = { ...recipe, frame: index };
      await writePicture(output, frame, markingPacket(made));
      files.push({ output: output.path, recipe: made, ...size });
    }
    if (animation !== null) moving.push(frame);
    report('generate', (index + 1) / places.length, 0);
    await breathe();
  }
  if (animation !== null) {
    const made = { ...recipe, frame: null };
    const data = await encodeAnimation(moving, Math.round(1000 / animation.framesPerSecond), markingPacket(made));
    await writeAtomically(animation.path, { overwrite: animation.overwrite }, (temp) => writeFile(temp, data));
    files.push({ output: animation.path, recipe: made, ...size });
  }
  return { files };
}

/** Writes a picture as the file's ending says: PNG, JPEG or WebP. */
export async function writePicture(
  { path, overwrite }: { readonly path: string; readonly overwrite: boolean },
  picture: Picture,
  mark: string,
): Promise<void> {
  const format = path.endsWith('.jpg') ? 'jpeg' : path.endsWith('.webp') ? 'webp' : 'png';
  const data = await encodePicture(picture, format, mark);
  await writeAtomically(path, { overwrite }, (temp) => writeFile(temp, data));
}

/** Errors of one photo among several say which it was. */
async function named<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith('input/')) throw error;
    throw new AppError(error.code, `${basename(path)}: ${error.message}`, { cause: error });
  }
}

/** The frames have the shape of the first photo. */
async function frameSize(path: string, side: number): Promise<Size> {
  const header = await named(path, readHeader(path));
  const { width, height } = uprightSize(header, header.orientation);
  const scale = side / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

async function stationOf(signal: AbortSignal, path: string, size: Size, vae: Vae, bench: Workbench): Promise<Station> {
  const photo = await bench.decoded(
    signal,
    path,
    () => undefined,
    (image) => covering(image, size),
  );
  return bench.infer(PRIORITY.photo, signal, async () => {
    const square = await resizePicture(photo, vae.side, vae.side);
    const { mean } = await vae.encode(planesOf(square, vae.side));
    const decoded = await resizePicture(pictureOf(await vae.decode(mean)), size.width, size.height);
    const detail = Int16Array.from(photo.data, (value, i) => value - decoded.data[i]!);
    return { latent: mean, photo, detail };
  });
}

/** The middle of a photo that has a frame's shape, at the frame's size. */
async function covering(image: DecodedImage, size: Size): Promise<Picture> {
  refuseSmall(image);
  const upright = uprightSize(image, image.source.orientation);
  const scale = Math.max(size.width / upright.width, size.height / upright.height);
  const shown = await shownPicture(shrunk(image, Math.max(upright.width, upright.height) * scale), image.source);
  const width = Math.min(shown.width, Math.max(1, Math.round((size.width * shown.width) / (upright.width * scale))));
  const height = Math.min(
    shown.height,
    Math.max(1, Math.round((size.height * shown.height) / (upright.height * scale))),
  );
  const left = Math.floor((shown.width - width) / 2);
  const top = Math.floor((shown.height - height) / 2);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const at = ((top + y) * shown.width + left) * 3;
    data.set(shown.data.subarray(at, at + width * 3), y * width * 3);
  }
  return resizePicture({ width, height, channels: 3, data }, size.width, size.height);
}

/**
 * A decoded frame with what the photos have beyond what a decoder can say. It fades with the square of the distance, so that
 * in the middle two pictures are not seen through each other; at a photo, the frame is the photo.
 */
function withDetail(decoded: Picture, from: Station, to: Station, t: number, detail: number): Picture {
  const [behind, ahead] = [detail * (1 - t) ** 2, detail * t ** 2];
  const data = decoded.data.map((value, i) => {
    const sum = value + behind * from.detail[i]! + ahead * to.detail[i]!;
    return Math.round(Math.min(255, Math.max(0, sum)));
  });
  return { ...decoded, data };
}
