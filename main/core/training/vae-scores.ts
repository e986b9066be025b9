import { ACTIVE_VARIANCE } from './vae-objectives.js';

/** How good an autoencoder is on images that it never learnt from: plain sums over what its nets give. */

/** Squared error that counts as none: 8 bits cannot show less. */
const LEAST_ERROR = 1e-10;

/** PSNR in dB of images in [0,1], the mean over images of `length` samples each. */
export function meanPsnr(made: Float32Array, wanted: Float32Array, length: number): number {
  let sum = 0;
  for (let from = 0; from < made.length; from += length) {
    let error = 0;
    for (let i = from; i < from + length; i++) error += (made[i]! - wanted[i]!) ** 2;
    sum += -10 * Math.log10(Math.max(LEAST_ERROR, error / length));
  }
  return (sum * length) / made.length;
}

/** The divergence of N(mean, e^logvar) from N(0, 1) in nats: the sum over latents, the mean over `count` codes. */
export function meanKl(mean: Float32Array, logvar: Float32Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < mean.length; i++) sum += (mean[i]! ** 2 + Math.exp(logvar[i]!) - 1 - logvar[i]!) / 2;
  return sum / count;
}

/** Latents whose mean varies over the codes by more than 0.01 (Burda et al. 2016, arXiv:1509.00519, section 5). */
export function countActive(mean: Float32Array, latent: number): number {
  const count = mean.length / latent;
  let active = 0;
  for (let unit = 0; unit < latent; unit++) {
    let [sum, squares] = [0, 0];
    for (let i = unit; i < mean.length; i += latent) {
      sum += mean[i]!;
      squares += mean[i]! ** 2;
    }
    if (squares / count - (sum / count) ** 2 > ACTIVE_VARIANCE) active++;
  }
  return active;
}

/** The sum over planes of `side` x `side` of squared differences to the right and down: how much there is of edges. */
export function gradientEnergy(planes: Float32Array, side: number): number {
  let energy = 0;
  for (let from = 0; from < planes.length; from += side * side) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const at = from + y * side + x;
        if (x + 1 < side) energy += (planes[at + 1]! - planes[at]!) ** 2;
        if (y + 1 < side) energy += (planes[at + side]! - planes[at]!) ** 2;
      }
    }
  }
  return energy;
}
