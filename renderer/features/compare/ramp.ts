import { MAP_NOISE_PEAK } from '../../../preload/vocabulary.js';

/** Colours for maps. Their lightness rises evenly, so equal steps of a value look equal, to the colour-blind as well. */

export type Rgb = readonly [number, number, number];

/** Viridis (Smith and van der Walt, 2015), every 32nd colour. */
const NOISE_STOPS: readonly Rgb[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

/** Inferno, from where it is light enough to be told from a dimmed photo. */
const RISK_STOPS: readonly Rgb[] = [
  [40, 11, 84],
  [101, 21, 110],
  [159, 42, 99],
  [212, 72, 66],
  [245, 125, 21],
  [250, 193, 39],
  [252, 255, 164],
];

export const RAMPS = { noise: NOISE_STOPS, risk: RISK_STOPS } as const;
export type RampName = keyof typeof RAMPS;

/** The colour of a value in [0,1]; channels in [0,255]. */
export function rampColour(name: RampName, value: number): Rgb {
  const stops = RAMPS[name];
  const place = Math.min(1, Math.max(0, value)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(place));
  const share = place - below;
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(stops[below]![channel] * (1 - share) + stops[below + 1]![channel] * share);
  return [mix(0), mix(1), mix(2)];
}

/** The ramp as 256 raw RGBA colours. */
export function rampTable(name: RampName): Uint8Array {
  const table = new Uint8Array(256 * 4);
  for (let i = 0; i < 256; i++) table.set([...rampColour(name, i / 255), 255], i * 4);
  return table;
}

/** The ramp as a CSS gradient, low values left. */
export function rampGradient(name: RampName): string {
  return `linear-gradient(to right, ${RAMPS[name].map((stop) => `rgb(${stop.join(' ')})`).join(', ')})`;
}

const NOISE_TOPS = [4, 8, 16, 32, MAP_NOISE_PEAK];
/** Share of a map's blocks that may lie above the top of the scale. */
const OVERSHOOT = 0.01;

/**
 * The top of the scale for noise maps: the smallest of a few round numbers, in 8-bit units, that nearly all blocks of
 * the maps stay under. `maps` are raw RGBA with the level in red.
 */
export function noiseScaleTop(maps: readonly Uint8Array[]): number {
  const counts = new Uint32Array(256);
  let blocks = 0;
  for (const map of maps) {
    for (let i = 0; i < map.length; i += 4) counts[map[i]!]!++;
    blocks += map.length / 4;
  }
  let above = 0;
  let value = 255;
  while (value > 0 && above + counts[value]! <= blocks * OVERSHOOT) above += counts[value--]!;
  const level = (value / 255) * MAP_NOISE_PEAK;
  return NOISE_TOPS.find((top) => level <= top) ?? MAP_NOISE_PEAK;
}
