import { addGaussianNoise } from './noise.js';
import { createRandom } from './random.js';

const NOISE = { sigma: 20, seed: 7 } as const;
/** Pixels per wave and per field. */
const [WAVE, FIELD] = [23, 64];

/**
 * The noisy picture that accelerators are tried on, [side, side, 3] in 8 bits, the same on every machine: smooth colours,
 * fine waves, and edges between fields, since a graph that goes wrong often does so at borders.
 */
export function probePicture(side: number): Uint8Array {
  const data = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const isField = (Math.floor(x / FIELD) + Math.floor(y / FIELD)) % 2 === 0;
      const wave = 30 * Math.sin((2 * Math.PI * (x + 2 * y)) / WAVE);
      const at = (y * side + x) * 3;
      data[at] = (isField ? 60 : 150) + wave;
      data[at + 1] = 40 + (150 * x) / side + wave / 2;
      data[at + 2] = 200 - (150 * y) / side;
    }
  }
  return addGaussianNoise({ width: side, height: side, channels: 3, data }, NOISE.sigma, createRandom(NOISE.seed)).data;
}
