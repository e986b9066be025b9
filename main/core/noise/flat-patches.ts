/** Finds where a photo shows nothing but its noise: patches in which what a strong denoiser leaves is flat. */

/** Three planes (R, G, B) of width x height samples in [0,1], gamma-encoded. */
export interface PlanarImage {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Noise of a flat place, and how bright it is there. */
export interface NoisePatch {
  /** Three planes of NOISE_PATCH_PX squared: what was removed, less its mean. */
  readonly residual: Float32Array;
  /** Mean of each channel, in [0,1]. */
  readonly mean: readonly [number, number, number];
  /** Variance of the noise of each channel. */
  readonly variance: readonly [number, number, number];
}

/** Side of a patch: long enough for the correlation that demosaicing, noise reduction and JPEG leave. */
export const NOISE_PATCH_PX = 32;
const STEP_PX = 16;
/** Patches are taken from the flattest of each brightness, so that a bright sky is not all that is measured. */
const BRIGHTNESS_BINS = 8;
/** Share of the places of a bin that is taken, at least so many... */
const TAKEN = { share: 0.2, least: 4 } as const;
/** ...as long as a place is among the flatter half of all. */
const FLAT_SHARE = 0.5;
/** Places with a larger share of samples at black or white say nothing of the noise: it is cut off there. */
const MOST_CLIPPED = 0.02;
const BLACK = 0.6 / 255;
const WHITE = 1 - BLACK;

/** A part of a photo, and the same denoised so strongly that nothing of the noise is left in flat parts. */
export interface SmoothedPart {
  readonly noisy: PlanarImage;
  /** Texture that is lost does not matter, since it is not flat. */
  readonly smooth: PlanarImage;
}

interface Place {
  readonly part: SmoothedPart;
  readonly left: number;
  readonly top: number;
  readonly mean: readonly [number, number, number];
  /** Variance of what is left, over all channels. */
  readonly texture: number;
}

/**
 * The flat patches of a photo: the flattest of all its parts, since a part may have nothing flat in it.
 *
 * @param most patches at most; evenly many of each brightness are kept
 */
export function findFlatPatches(parts: readonly SmoothedPart[], most: number): NoisePatch[] {
  const places = parts.flatMap(measurePlaces);
  const sorted = [...places].sort((a, b) => a.texture - b.texture);
  const limit = sorted[Math.floor((sorted.length - 1) * FLAT_SHARE)]?.texture ?? 0;
  const bins = Array.from({ length: BRIGHTNESS_BINS }, (_, bin) => {
    const here = sorted.filter((place) => binOf(place) === bin);
    const count = Math.max(TAKEN.least, Math.floor(here.length * TAKEN.share));
    return here.slice(0, count).filter(({ texture }) => texture <= limit);
  });
  // In turns, the flattest of each brightness first.
  const chosen: Place[] = [];
  for (let rank = 0; chosen.length < most && bins.some((bin) => bin.length > rank); rank++) {
    for (const bin of bins) {
      const place = bin[rank];
      if (place !== undefined && chosen.length < most) chosen.push(place);
    }
  }
  return chosen.map(cutPatch);
}

const binOf = ({ mean: [r, g, b] }: Place): number =>
  Math.min(BRIGHTNESS_BINS - 1, Math.floor(((r + g + b) / 3) * BRIGHTNESS_BINS));

function measurePlaces(part: SmoothedPart): Place[] {
  const { width, height } = part.noisy;
  const places: Place[] = [];
  for (let top = 0; top + NOISE_PATCH_PX <= height; top += STEP_PX) {
    for (let left = 0; left + NOISE_PATCH_PX <= width; left += STEP_PX) {
      const place = measurePlace(part, left, top);
      if (place !== null) places.push(place);
    }
  }
  return places;
}

function measurePlace(part: SmoothedPart, left: number, top: number): Place | null {
  const { noisy, smooth } = part;
  const count = NOISE_PATCH_PX ** 2;
  const mean: [number, number, number] = [0, 0, 0];
  let texture = 0;
  let clipped = 0;
  for (let channel = 0; channel < 3; channel++) {
    let sum = 0;
    let squares = 0;
    forEachSample(noisy, left, top, channel, (at) => {
      const value = smooth.data[at]!;
      sum += value;
      squares += value * value;
      if (noisy.data[at]! <= BLACK || noisy.data[at]! >= WHITE) clipped++;
    });
    mean[channel] = sum / count;
    texture += squares / count - (sum / count) ** 2;
  }
  return clipped > MOST_CLIPPED * 3 * count ? null : { part, left, top, mean, texture };
}

function cutPatch({ part: { noisy, smooth }, left, top, mean }: Place): NoisePatch {
  const count = NOISE_PATCH_PX ** 2;
  const residual = new Float32Array(3 * count);
  const variance: [number, number, number] = [0, 0, 0];
  for (let channel = 0; channel < 3; channel++) {
    const plane = residual.subarray(channel * count, (channel + 1) * count);
    let sum = 0;
    let to = 0;
    forEachSample(noisy, left, top, channel, (at) => {
      const removed = noisy.data[at]! - smooth.data[at]!;
      plane[to++] = removed;
      sum += removed;
    });
    let squares = 0;
    for (let i = 0; i < count; i++) {
      plane[i]! -= sum / count;
      squares += plane[i]! ** 2;
    }
    variance[channel] = squares / count;
  }
  return { residual, mean, variance };
}

function forEachSample(
  { width, height }: PlanarImage,
  left: number,
  top: number,
  channel: number,
  visit: (at: number) => void,
): void {
  for (let y = 0; y < NOISE_PATCH_PX; y++) {
    const start = channel * width * height + (top + y) * width + left;
    for (let x = 0; x < NOISE_PATCH_PX; x++) visit(start + x);
  }
}
