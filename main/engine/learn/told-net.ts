import { buildToldGraph, TOLD } from '../../core/image/told-graph.js';
import type { PlanarImage } from '../../core/noise/flat-patches.js';
import type { Graph } from '../../core/onnx/model.js';
import type { RuntimeSession, SessionOptions } from '../runtime.js';
import { openGraph } from '../sessions.js';

/** A denoiser of windows that can be told of more noise than there is. */
export class ToldNet {
  private constructor(
    private readonly session: RuntimeSession,
    private readonly unpaused: () => Promise<void>,
  ) {}

  /** @param unpaused resolves when it may work: at once, unless the run is paused */
  static async open(
    denoiser: Graph,
    estimator: Graph,
    options: SessionOptions,
    unpaused: () => Promise<void>,
  ): Promise<ToldNet> {
    return new ToldNet(await openGraph(buildToldGraph({ denoiser, estimator }), options), unpaused);
  }

  /** The image denoised as if its noise were `factor` times what the estimator finds; beyond [0,1] nothing is cut. */
  async denoise({ width, height, data }: PlanarImage, factor: number): Promise<PlanarImage> {
    await this.unpaused();
    const outputs = await this.session.run({
      [TOLD.image]: { type: 'float32', dims: [1, 3, height, width], data },
      [TOLD.factor]: { type: 'float32', dims: [1], data: Float32Array.of(factor) },
    });
    // The runtime blocked this thread: calls of the host are heard between two runs.
    await new Promise(setImmediate);
    return { width, height, data: outputs[TOLD.denoised]!.data as Float32Array };
  }

  release(): Promise<void> {
    return this.session.release();
  }
}
