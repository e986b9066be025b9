import type { Random } from '../image/random.js';
import { fillNormals } from './normals.js';
import { planeOf } from './plane.js';

/** What a Bayer mosaic and bilinear demosaicing make of a sensor's noise: it spreads to neighbours and is correlated. */

/** Where the mosaic's red sites are: in rows and columns of this parity; blue ones are in the others. */
export interface BayerPhase {
  readonly row: 0 | 1;
  readonly column: 0 | 1;
}

/**
 * Draws the noise of a sensor with a Bayer mosaic and demosaics it by itself: bilinear demosaicing is linear, so the
 * picture needs no mosaic to get its noise. Each site has noise of the variance shot * x + read, x being what it sees.
 *
 * @param light three planes of side x side, what the sensor sees (linear, as a share of its full scale)
 * @param noise three planes to write: the demosaiced noise, in the same units
 */
export function drawMosaicNoise(
  light: Float32Array,
  side: number,
  shot: number,
  read: number,
  phase: BayerPhase,
  random: Random,
  noise: Float32Array,
): void {
  // One more site on each side: mirrored about the outermost one, a mosaic goes on as it should.
  const stride = side + 2;
  const sites = new Float32Array(stride * stride);
  drawSites(light, side, shot, read, phase, random, sites);
  const [red, green, blue] = [planeOf(noise, side, 0), planeOf(noise, side, 1), planeOf(noise, side, 2)];
  for (let y = 0; y < side; y++) {
    const isRedRow = (y & 1) === phase.row;
    const [rowColour, otherColour] = isRedRow ? [red, blue] : [blue, red];
    for (let x = 0; x < side; x++) {
      const at = (y + 1) * stride + x + 1;
      const out = y * side + x;
      const across = sites[at - 1]! + sites[at + 1]!;
      const along = sites[at - stride]! + sites[at + stride]!;
      // Red sites are in red rows and red columns, blue ones in neither; all others are green.
      if (((x & 1) === phase.column) === isRedRow) {
        const corners =
          sites[at - stride - 1]! + sites[at - stride + 1]! + sites[at + stride - 1]! + sites[at + stride + 1]!;
        rowColour[out] = sites[at]!;
        green[out] = (across + along) / 4;
        otherColour[out] = corners / 4;
      } else {
        green[out] = sites[at]!;
        rowColour[out] = across / 2;
        otherColour[out] = along / 2;
      }
    }
  }
}

/** The noise of each site, in the middle of a plane with a mirrored margin of one. */
function drawSites(
  light: Float32Array,
  side: number,
  shot: number,
  read: number,
  phase: BayerPhase,
  random: Random,
  sites: Float32Array,
): void {
  const plane = side * side;
  const stride = side + 2;
  const normals = new Float32Array(plane);
  fillNormals(normals, random);
  for (let y = 0; y < side; y++) {
    const isRedRow = (y & 1) === phase.row;
    for (let x = 0; x < side; x++) {
      const isRedColumn = (x & 1) === phase.column;
      const colour = isRedRow === isRedColumn ? (isRedRow ? 0 : 2) : 1;
      const from = y * side + x;
      sites[(y + 1) * stride + x + 1] = Math.sqrt(shot * light[colour * plane + from]! + read) * normals[from]!;
    }
  }
  for (let y = 1; y <= side; y++) {
    const row = y * stride;
    sites[row] = sites[row + 2]!;
    sites[row + side + 1] = sites[row + side - 1]!;
  }
  sites.copyWithin(0, 2 * stride, 3 * stride);
  sites.copyWithin((side + 1) * stride, (side - 1) * stride, side * stride);
}
