import { GraphBuilder } from '../onnx/builder.js';
import type { Graph } from '../onnx/model.js';

/** Inputs and the output of a told graph. */
export const TOLD = { image: 'image', factor: 'factor', denoised: 'denoised' } as const;

/**
 * A denoiser that is told a multiple of the estimated noise: image [1,3,H,W] in [0,1] and a factor [1] go in, the denoised
 * image comes out. A factor of 1 is how the denoiser is used; 2 leaves nothing of correlated noise in flat parts.
 */
export function buildToldGraph(nets: { readonly denoiser: Graph; readonly estimator: Graph }): Graph {
  const b = new GraphBuilder();
  const image = b.input(TOLD.image, 'float32', [1, 3, 'height', 'width']);
  const factor = b.input(TOLD.factor, 'float32', [1]);
  const { denoiser, estimator } = nets;
  const estimate = b.inline(estimator, 'estimator', { image }).get(estimator.outputs[0]!.name)!;
  const sigma = b.op('Mul', [estimate, factor], {}, 'told');
  const inputs = Object.fromEntries(denoiser.inputs.map(({ name }) => [name, name === 'sigma' ? sigma : image]));
  const denoised = b.inline(denoiser, 'denoiser', inputs).get(denoiser.outputs[0]!.name)!;
  return b.build({ [TOLD.denoised]: denoised }, 'told');
}
