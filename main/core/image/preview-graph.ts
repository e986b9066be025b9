import { GraphBuilder } from '../onnx/builder.js';
import type { Graph } from '../onnx/model.js';
import { repeatChannel, tensorToImage } from '../onnx/wrap.js';
import { fineBand, lumaOf, removalPasses, statistics, textureMask } from './denoise-graph.js';
import type { DenoiseNets, DenoiseVariant } from './denoise-graph.js';

/**
 * The graph of a preview: the same passes as the denoising graph, given as they are instead of blended, so that the
 * window can blend them anew at every move of a slider (PreviewPart in the contract says how).
 */

/** What of a graph depends on the photo and the settings. Tiles are 16-bit colour, whatever the photo: exact for all. */
export type PreviewVariant = Pick<DenoiseVariant, 'neutral' | 'blind' | 'secondPass'>;

/** Samples of a preview's tile, and what stands for nothing removed. */
export const PREVIEW_TILE = { type: 'uint16', channels: 3 } as const;
export const PREVIEW_ZERO = 128;

/**
 * Builds the graph for a variant. Inputs: `pixels` [height,width,3] and, if not blind, the scalar `sigma` of shape [1] in
 * [0,1]. Outputs: `first` and, with a second pass, `second`, uint8 [height,width,4]: what the pass removes in red, green
 * and blue, and in alpha the detail M * F(L(removed)) that may be given back, both as 128 + 255 v. M is that of the whole
 * first pass: it is the one that the settings do not change, and a second pass hardly does. `statistics` as in the
 * denoising graph, of the first pass.
 */
export function buildPreviewGraph(nets: DenoiseNets, variant: PreviewVariant): Graph {
  const b = new GraphBuilder();
  const { neutral } = variant;
  const { image, sigma, first, second } = removalPasses(b, nets, { ...variant, ...PREVIEW_TILE });
  const firstLuma = lumaOf(b, first, neutral);
  const mask = textureMask(b, image, firstLuma, sigma, neutral);
  const packed = (removed: string, luma: string, name: string): string => {
    const detail = b.op('Mul', [fineBand(b, luma), mask], {}, `${name}_detail`);
    // Of a grey photo the mean of the channels is removed, from each.
    const colours = neutral ? repeatChannel(b, luma, 3) : removed;
    const parts = b.op('Concat', [colours, detail], { axis: 1 }, `${name}_parts`);
    const shifted = b.op('Add', [parts, b.scalar(PREVIEW_ZERO / 255)], {}, `${name}_shifted`);
    return tensorToImage(b, shifted, 'uint8', `${name}_packed`);
  };
  return b.build(
    {
      first: packed(first, firstLuma, 'first'),
      ...(second !== null && { second: packed(second, lumaOf(b, second, neutral), 'second') }),
      statistics: statistics(b, image, first, sigma, neutral),
    },
    'preview',
  );
}
