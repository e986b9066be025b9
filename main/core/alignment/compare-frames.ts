import type { CropSource } from '../noise/crop.js';
import { compareBrightness, type Brightness } from './brightness.js';
import { findChanges } from './changes.js';
import { estimateMotion, type Motion } from './motion.js';
import { pairNoise } from './pair-noise.js';
import { halvedPlane, lumaOf } from './plane.js';

/** Whether two frames show one scene from one place in one light, so that they differ by their noise alone. */

export interface FrameComparison {
  /** Why they cannot be used together, a clause with numbers; null: they can. */
  readonly fault: string | null;
  /** frame = gain reference + offset, so that it can be undone; the identity where the frames are equally bright. */
  readonly brightness: Brightness;
  /** Variance of the noise of the reference and of the frame at half size, without the finest, which JPEG takes. */
  readonly noise: readonly [number, number];
}

/** Pixels by which a frame may be off, at its centre... */
const MOST_SHIFT_PX = 0.45;
/** ...and at its corners. */
const MOST_CORNER_PX = 0.7;
/** Standard error of the shift in pixels from which on nothing can be said... */
const MOST_ERROR_PX = 0.08;
/** ...and how many of them a shift has to be, to be one. */
const CERTAIN = 3;
/** Correlation of the pictures, without most of their noise. */
const LEAST_LIKENESS = 0.8;
/** Standard deviation of a picture in units of full scale, without most of its noise, that is something to see. */
const LEAST_CONTRAST = 0.02;
/** Share of a picture that may change. */
const MOST_CHANGED = 0.01;
/** A frame that is brighter by less is as bright: 0.4 % of full scale. */
const SAME_BRIGHTNESS = 0.004;
/** Brighter by up to this at any brightness can be undone: noise changes with it hardly. */
const MOST_BRIGHTER = 0.06;
const IDENTITY: Brightness = { gain: [1, 1, 1], offset: [0, 0, 0] };

/** Compares a frame with the one that counts as the reference. */
export function compareFrames(reference: CropSource, frame: CropSource): FrameComparison {
  const refused = (fault: string, brightness: Brightness = IDENTITY): FrameComparison => ({
    fault,
    brightness,
    noise: [0, 0],
  });
  const { width, height } = reference;
  if (frame.width !== width || frame.height !== height) {
    return refused(`is ${frame.width} x ${frame.height} pixels, and the first frame ${width} x ${height}`);
  }
  const planes = [lumaOf(reference), lumaOf(frame)] as const;
  const { motion, remainder } = estimateMotion(...planes);
  const moved = motionFault(motion, width, height);
  if (moved !== null) return refused(moved);
  const measured = compareBrightness(reference, frame);
  const difference = brightnessDifference(measured);
  if (difference.most > MOST_BRIGHTER) return refused(brightnessFault(measured));
  const { share, blocks } = findChanges(remainder);
  if (share > MOST_CHANGED) {
    const percent = share < 0.1 ? (100 * share).toFixed(1) : Math.round(100 * share);
    return refused(`shows something that moved or changed, in ${percent} % of the picture (${blocks} places)`);
  }
  return {
    fault: null,
    brightness: difference.most > SAME_BRIGHTNESS ? measured : IDENTITY,
    noise: pairNoise(halvedPlane(planes[0]), halvedPlane(planes[1])),
  };
}

function motionFault(motion: Motion, width: number, height: number): string | null {
  const { dx, dy, zoom, turn, error, likeness, contrast } = motion;
  const isAlike = likeness >= LEAST_LIKENESS;
  if (!isAlike && contrast > LEAST_CONTRAST) {
    return `does not show what the first frame shows (likeness ${Math.max(0, likeness).toFixed(2)} of 1)`;
  }
  // An error that is no number is one, too.
  if (!isAlike || !(error <= MOST_ERROR_PX)) {
    return 'has too little in it, for its noise, to see whether the frames lie on each other';
  }
  const [halfX, halfY] = [width / 2, height / 2];
  const shift = Math.hypot(dx, dy);
  const isShifted = shift > Math.max(MOST_SHIFT_PX, CERTAIN * error);
  const reach = Math.hypot(halfX, halfY);
  const byTurn = reach * Math.abs(turn);
  const byZoom = reach * Math.abs(zoom);
  if (Math.max(byTurn, byZoom) > Math.max(MOST_CORNER_PX, shift)) {
    return byTurn >= byZoom
      ? `is turned by ${((Math.abs(turn) * 180) / Math.PI).toFixed(2)} degrees, ${byTurn.toFixed(1)} pixels at the corners`
      : `is ${(100 * Math.abs(zoom)).toFixed(2)} % ${zoom > 0 ? 'larger' : 'smaller'} in scale, ${byZoom.toFixed(1)} pixels at the corners`;
  }
  return isShifted ? `is moved by ${shift.toFixed(1)} pixels` : null;
}

/** The largest difference that a change of brightness makes, at black or white of any channel. */
function brightnessDifference({ gain, offset }: Brightness): { most: number } {
  const at = [0, 1, 2].flatMap((c) => [0.1, 0.9].map((x) => Math.abs((gain[c]! - 1) * x + offset[c]!)));
  return { most: Math.max(...at) };
}

function brightnessFault({ gain, offset }: Brightness): string {
  const middle = [0, 1, 2].map((c) => 100 * ((gain[c]! - 1) * 0.5 + offset[c]!) * 2);
  const mean = middle.reduce((sum, value) => sum + value, 0) / 3;
  const apart = Math.max(...middle) - Math.min(...middle);
  if (apart > Math.abs(mean)) {
    const [red, green, blue] = middle.map((value) => `${value >= 0 ? '+' : ''}${value.toFixed(0)} %`);
    return `has another white balance (red ${red}, green ${green}, blue ${blue})`;
  }
  return `is ${Math.abs(mean).toFixed(0)} % ${mean > 0 ? 'brighter' : 'darker'}: the exposure differs`;
}
