import { AppError } from '../errors.js';
import { GraphBuilder } from '../onnx/builder.js';
import type { Graph, Tensor } from '../onnx/model.js';
import { FULL_SCALE, imageToTensor, repeatChannel, sliceChannels, tensorToImage } from '../onnx/wrap.js';
import { STATISTICS_BLOCK_PX } from './statistics.js';

/**
 * Composes the graph that the engine runs on every tile: integer pixels in, integer pixels and statistics out. The
 * estimator, the denoiser and the blending of what they find are one graph, so nothing crosses between JavaScript and
 * the runtime but the tile itself, and the conversions run on the runtime's threads or on the GPU.
 *
 * The net removes d = image - denoised; for levels above 1 it runs again on its own result and removes e. All settings
 * are weights on parts of d and e, fed as scalars:
 *   result = image - luma * L(d) - chroma * C(d) - luma_second * L(e) - chroma_second * C(e) + luma * detail * M * F(L(d))
 * with L the luma part, C = 1 - L the colour part, F the fine band and M a mask of texture in [0,1]. Zero weights give
 * the image bit for bit.
 */

/** What of a graph depends on the photo and the settings; graphs of equal variants are interchangeable. */
export interface DenoiseVariant {
  readonly type: 'uint8' | 'uint16';
  /** 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
  /** The colour channels are equal: one is denoised, and all get it. */
  readonly neutral: boolean;
  /** True: the estimator measures sigma; false: it is fed as the scalar `sigma`. */
  readonly blind: boolean;
  /** The net runs a second time, on its own result. */
  readonly secondPass: boolean;
  /** Fine detail is given back. */
  readonly detail: boolean;
}

export interface DenoiseNets {
  /** `image` and, unless it is a blind net, `sigma`, both [1,3,H,W], to one output [1,3,H,W]. */
  readonly denoiser: Graph;
  /** `image` [1,3,H,W] to `sigma` [1,3,H,W]. */
  readonly estimator: Graph;
}

/** Rec. 601 luma of encoded values, the weights that JPEG uses. */
const LUMA = [0.299, 0.587, 0.114] as const;

/**
 * The second pass is told of this much of the first one's noise. Telling the net of more noise in one pass instead made
 * it remove less at some levels, and ruined the picture at others: docs/decisions/0003-strength.md.
 */
const SECOND_PASS_SIGMA = 0.5;

/** Brightness is held in windows of this many statistics blocks (72 px): see docs/decisions/0005-brightness.md. */
const DRIFT_WINDOW_BLOCKS = 9;
/** Share of clipped samples up to which brightness is held fully, and from which it is left to the net. */
const CLIPPED_SHARE = { full: 0.05, none: 0.2 } as const;
/** Texture counts fully where its gradient energy is well above this multiple of the noise variance. */
const TEXTURE_THRESHOLD = 0.5;

/**
 * Builds the graph for a variant. Inputs: `pixels` [height,width,channels], and scalars of shape [1], all in [0,1]:
 * `luma_weight`; `chroma_weight` unless neutral; `luma_second` and `chroma_second` likewise with a second pass; `sigma`
 * if not blind; `detail` if the variant has it. Outputs: `result` like `pixels`; `statistics`
 * [1, STATISTICS_CHANNELS, height/8, width/8].
 * @throws AppError model/invalid if the denoiser's inputs or outputs are not as DenoiseNets says.
 */
export function buildDenoiseGraph(nets: DenoiseNets, variant: DenoiseVariant): Graph {
  const b = new GraphBuilder();
  const { neutral } = variant;
  const { all, colour, image, sigma, first, second } = removalPasses(b, nets, variant);
  let removed = first;
  let result = b.op('Sub', [colour, weighted(b, first, neutral, 'luma_weight', 'chroma_weight')], {}, 'blended');
  if (second !== null) {
    const part = weighted(b, second, neutral, 'luma_second', 'chroma_second');
    result = b.op('Sub', [result, part], {}, 'blended_twice');
    removed = b.op('Add', [first, part], {}, 'removed');
  }
  if (variant.detail) {
    const share = b.op('Mul', [scalarInput(b, 'detail'), 'luma_weight']);
    const removedLuma = lumaOf(b, removed, neutral);
    const fine = fineBand(b, removedLuma);
    const returned = b.op('Mul', [fine, textureMask(b, image, removedLuma, sigma, neutral)], {}, 'returned_detail');
    result = b.op('Add', [result, b.op('Mul', [returned, share])], {}, 'with_detail');
  }
  if (neutral && variant.channels >= 3) result = repeatChannel(b, result, 3);
  if (variant.channels === 2 || variant.channels === 4) {
    const alpha = sliceChannels(b, all, variant.channels - 1, variant.channels, 'alpha');
    result = b.op('Concat', [result, alpha], { axis: 1 }, 'with_alpha');
  }
  return b.build(
    {
      result: tensorToImage(b, result, variant.type),
      statistics: statistics(b, image, removed, sigma, neutral),
    },
    'denoise',
  );
}

/** Values of a graph: what the net finds in an image, before anything is weighed. */
export interface RemovalPasses {
  /** All channels of the tile. */
  readonly all: string;
  /** The channels that are denoised. */
  readonly colour: string;
  /** What the net sees, [1,3,H,W], and the noise level that it is told. */
  readonly image: string;
  readonly sigma: string;
  /** What it removes, and what it removes of its own result. */
  readonly first: string;
  readonly second: string | null;
}

/** Runs estimator and denoiser on the input `pixels`, as DenoiseVariant says. */
export function removalPasses(
  b: GraphBuilder,
  nets: DenoiseNets,
  variant: Omit<DenoiseVariant, 'detail'>,
): RemovalPasses {
  const { neutral } = variant;
  const all = pixelInput(b, variant);
  const colour = colourChannels(b, all, variant.channels, neutral);
  const image = neutral ? repeatChannel(b, colour, 3, 'image') : colour;
  const sigma = variant.blind
    ? onlyOutput(b.inline(nets.estimator, 'estimator', { image }))
    : // A constant map as large as the image, without asking for its size.
      b.op('Add', [b.op('Mul', [image, b.scalar(0)]), scalarInput(b, 'sigma')], {}, 'sigma_map');
  const unclipped = unclippedBlocks(b, image, variant.type);
  const first = removedBy(b, nets.denoiser, 'first', { image, sigma, unclipped });
  let second: string | null = null;
  if (variant.secondPass) {
    const left = b.op('Sub', [image, first], {}, 'first_result');
    const lower = b.op('Mul', [sigma, b.scalar(SECOND_PASS_SIGMA)], {}, 'second_sigma');
    second = removedBy(b, nets.denoiser, 'second', { image: left, sigma: lower, unclipped });
  }
  return { all, colour, image, sigma, first, second };
}

/**
 * What is taken away of a pass: (luma * A + chroma * (1 - A)) d as one 1x1 convolution, where A maps a colour to its luma
 * in all channels. One pass over the pixels instead of five. Of a neutral photo only the one channel.
 */
function weighted(b: GraphBuilder, removed: string, neutral: boolean, lumaName: string, chromaName: string): string {
  const rows = neutral ? 1 : 3;
  const weights = lumaWeights(neutral);
  const matrix = (of: (row: number, column: number) => number): string => {
    const data = Float32Array.from({ length: rows * 3 }, (_, i) => of(Math.floor(i / 3), i % 3));
    return b.constant({ type: 'float32', dims: [rows, 3, 1, 1], data }, 'mix');
  };
  let mix = b.op('Mul', [matrix((_, column) => weights[column]!), scalarInput(b, lumaName)]);
  if (!neutral) {
    const colour = matrix((row, column) => (row === column ? 1 : 0) - weights[column]!);
    mix = b.op('Add', [mix, b.op('Mul', [colour, scalarInput(b, chromaName)])]);
  }
  return b.op('Conv', [removed, mix], {}, `${lumaName}_part`);
}

/** The graph that only measures noise: `pixels` as above to `statistics` [1, 3, height/8, width/8]: sigma's channels. */
export function buildEstimateGraph(estimator: Graph, variant: Pick<DenoiseVariant, 'type' | 'channels'>): Graph {
  const b = new GraphBuilder();
  const grey = variant.channels < 3;
  const first = colourChannels(b, pixelInput(b, variant), variant.channels, grey);
  const image = grey ? repeatChannel(b, first, 3, 'image') : first;
  const sigma = onlyOutput(b.inline(estimator, 'estimator', { image }));
  return b.build({ statistics: blockMeans(b, sigma) }, 'estimate');
}

/** Whether a net takes the noise level as an input; one that does not finds it by itself. */
function takesSigma(denoiser: Graph): boolean {
  return denoiser.inputs.some((input) => input.name === 'sigma');
}

/**
 * Checks that a graph can serve as a denoiser.
 * @throws AppError model/invalid saying what is missing.
 */
export function checkDenoiser(graph: Graph): void {
  const describe = graph.inputs.map((input) => `${input.name}[${input.dims.join(',')}]`).join(', ');
  const known = graph.inputs.every((input) => input.name === 'image' || input.name === 'sigma');
  const colour = graph.inputs.every(
    (input) => input.type === 'float32' && input.dims.length === 4 && input.dims[1] === 3,
  );
  if (!known || !colour || !graph.inputs.some((input) => input.name === 'image')) {
    throw new AppError(
      'model/invalid',
      `a denoiser takes 'image' and 'sigma', float32 [N,3,H,W]; this model takes ${describe || 'nothing'}`,
    );
  }
  if (graph.outputs.length !== 1) {
    throw new AppError('model/invalid', `a denoiser gives one image; this model has ${graph.outputs.length} outputs`);
  }
}

/**
 * d = image - denoised, with its local mean taken out: a net's small bias would shift brightness and colour. The mean
 * of unclipped noise is zero, so the local mean of the photo is a better guide than the net's.
 */
function removedBy(
  b: GraphBuilder,
  denoiser: Graph,
  name: string,
  { image, sigma, unclipped }: { readonly image: string; readonly sigma: string; readonly unclipped: string },
): string {
  const inputs: Record<string, string> = takesSigma(denoiser) ? { image, sigma } : { image };
  const denoised = onlyOutput(b.inline(denoiser, name, inputs));
  const difference = b.op('Sub', [image, denoised], {}, `${name}_difference`);

  const weighted = b.op('Mul', [blockMeans(b, difference), unclipped], {}, `${name}_weighted`);
  // At least one whole block of unclipped pixels, else the mean is noise itself and fades out.
  const weight = b.op('Max', [driftWindow(b, unclipped), b.scalar(1 / DRIFT_WINDOW_BLOCKS ** 2)]);
  const mean = b.op('Div', [driftWindow(b, weighted), weight], {}, `${name}_local_mean`);
  const drift = b.op('Mul', [mean, unclipped], {}, `${name}_drift`);
  const scales: Tensor = { type: 'float32', dims: [4], data: new Float32Array([1, 1, 8, 8]) };
  const map = b.op('Resize', [drift, undefined, b.constant(scales, 'block_scales')], { mode: 'linear' });
  return b.op('Sub', [difference, map], {}, `${name}_removed`);
}

/** Mean over the drift window of block values; blocks beyond the border count as zero, in sums and weights alike. */
function driftWindow(b: GraphBuilder, blocks: string): string {
  const pads = Array<number>(4).fill((DRIFT_WINDOW_BLOCKS - 1) / 2);
  const kernel = [DRIFT_WINDOW_BLOCKS, DRIFT_WINDOW_BLOCKS];
  return b.op('AveragePool', [blocks], { kernel_shape: kernel, pads, count_include_pad: 1 });
}

/**
 * How far the blocks of an image are free of clipping, [1,C,H/8,W/8] in [0,1]: where samples sit at black or white,
 * noise was cut off on one side and its mean is no longer zero. The net knows better there.
 */
function unclippedBlocks(b: GraphBuilder, image: string, type: DenoiseVariant['type']): string {
  // Relu(1 - v) is 1 for a sample v of 0 and 0 from 1 on; likewise at the other end. Convolution and Relu are fused.
  const peak = FULL_SCALE[type];
  const kernel: Tensor = {
    type: 'float32',
    dims: [6, 1, 1, 1],
    data: new Float32Array(Array(3).fill([-peak, peak]).flat()),
  };
  const bias: Tensor = {
    type: 'float32',
    dims: [6],
    data: new Float32Array(
      Array(3)
        .fill([1, 1 - peak])
        .flat(),
    ),
  };
  const ends = b.op('Conv', [image, b.constant(kernel, 'ends'), b.constant(bias, 'ends_bias')], { group: 3 });
  const counts = blockMeans(b, b.op('Relu', [ends], {}, 'clipped_samples'));
  const ofChannel = (c: number): string =>
    b.op('ReduceSum', [sliceChannels(b, counts, 2 * c, 2 * c + 2), b.ints([1])], { keepdims: 1 });
  const share = smooth(b, b.op('Concat', [0, 1, 2].map(ofChannel), { axis: 1 }, 'clipped_share'), 3);
  const free = b.op('Sub', [b.scalar(CLIPPED_SHARE.none), share]);
  const scaled = b.op('Div', [free, b.scalar(CLIPPED_SHARE.none - CLIPPED_SHARE.full)]);
  return b.op('Clip', [scaled, b.scalar(0), b.scalar(1)], {}, 'unclipped');
}

/** F: the fine band of a luma. */
export function fineBand(b: GraphBuilder, luma: string): string {
  return b.op('Sub', [luma, smooth(b, luma, 5)], {}, 'fine_band');
}

/** M: where the picture without `removedLuma` has texture that hides noise or needs its detail, in [0,1]. */
export function textureMask(
  b: GraphBuilder,
  image: string,
  removedLuma: string,
  sigma: string,
  neutral: boolean,
): string {
  const cleanLuma = b.op('Sub', [lumaOf(b, image, neutral), removedLuma], {}, 'clean_luma');
  const gradient = filterLuma(b, cleanLuma, [SOBEL_X, SOBEL_Y], { weights: [1], stride: 1, hint: 'texture_gradient' });
  const energy = b.op('ReduceSum', [b.op('Mul', [gradient, gradient]), b.ints([1])], { keepdims: 1 });
  const texture = smooth(b, energy, 5);
  const level = lumaOf(b, sigma, false);
  const noise = b.op('Mul', [b.op('Mul', [level, level]), b.scalar(TEXTURE_THRESHOLD)]);
  const whole = b.op('Max', [b.op('Add', [texture, noise]), b.scalar(1e-9)]);
  return b.op('Div', [texture, whole], {}, 'texture_mask');
}

const SOBEL_X = [-1, 0, 1, -2, 0, 2, -1, 0, 1].map((v) => v / 8);
const SOBEL_Y = [-1, -2, -1, 0, 0, 0, 1, 2, 1].map((v) => v / 8);
const GRADIENT_X = [0, 0, 0, -1, 0, 1, 0, 0, 0];
const GRADIENT_Y = [0, -1, 0, 0, 0, 0, 0, 1, 0];
/** The pixel minus the mean of its 3x3 neighbourhood. */
const DETAIL = [1, 1, 1, 1, -8, 1, 1, 1, 1].map((v) => -v / 9);
/** Mean of the right and the lower neighbour. */
const NEIGHBOUR = [0, 0, 0, 0, 0, 0.5, 0, 0.5, 0];

const IDENTITY = [0, 0, 0, 0, 1, 0, 0, 0, 0];

/** The statistics look at every second pixel of every second row: a cell of 32x32 px keeps 256 samples. */
const STATISTICS_STRIDE = 2;

/** The block means of STATISTICS_CHANNELS, in that order. */
export function statistics(b: GraphBuilder, image: string, removed: string, sigma: string, neutral: boolean): string {
  const clean = b.op('Sub', [image, removed], {}, 'clean');
  const luma = { weights: lumaWeights(neutral), stride: STATISTICS_STRIDE };
  const picture = filterLuma(b, clean, [GRADIENT_X, GRADIENT_Y, DETAIL, IDENTITY], { ...luma, hint: 'picture' });
  const taken = filterLuma(b, removed, [IDENTITY, NEIGHBOUR], { ...luma, hint: 'taken' });

  const detail = sliceChannels(b, picture, 2, 3, 'picture_detail');
  const partners = b.op('Concat', [taken, detail], { axis: 1 });
  const products = b.op('Mul', [partners, sliceChannels(b, taken, 0, 1)], {}, 'taken_products');
  const squares = b.op('Mul', [picture, picture], {}, 'picture_squares');
  const gradient = b.op('ReduceSum', [sliceChannels(b, squares, 0, 2), b.ints([1])], { keepdims: 1 });
  const thinned = [sliceChannels(b, picture, 3, 4), products, gradient, sliceChannels(b, squares, 2, 3)];
  const means = blockMeans(b, b.op('Concat', thinned, { axis: 1 }), STATISTICS_BLOCK_PX / STATISTICS_STRIDE);
  return b.op('Concat', [blockMeans(b, sigma), means], { axis: 1 }, 'statistics_blocks');
}

function scalarInput(b: GraphBuilder, name: string): string {
  return b.input(name, 'float32', [1]);
}

/** Weights of the channels in luma. Equal channels have equal weights: their noise is the same noise. */
const lumaWeights = (neutral: boolean): readonly number[] => (neutral ? [1 / 3, 1 / 3, 1 / 3] : LUMA);

/** Luma of a [1,3,H,W] value as [1,1,H,W]. */
export function lumaOf(b: GraphBuilder, value: string, neutral: boolean): string {
  const kernel: Tensor = { type: 'float32', dims: [1, 3, 1, 1], data: new Float32Array(lumaWeights(neutral)) };
  return b.op('Conv', [value, b.constant(kernel, 'luma_weights')], {}, `${value}_luma`);
}

/**
 * Filters the weighted sum of a value's channels, [1,C,H,W], with 3x3 kernels (row-major, correlation) into
 * [1,kernels,H/stride,W/stride]. Borders repeat their last pixel: zeros would make the frame of the picture its
 * strongest edge.
 */
function filterLuma(
  b: GraphBuilder,
  value: string,
  kernels: readonly (readonly number[])[],
  { weights, stride, hint }: { readonly weights: readonly number[]; readonly stride: number; readonly hint: string },
): string {
  const data = new Float32Array(
    kernels.flatMap((kernel) => weights.flatMap((weight) => kernel.map((tap) => tap * weight))),
  );
  const kernel: Tensor = { type: 'float32', dims: [kernels.length, weights.length, 3, 3], data };
  const framed = b.op('Pad', [value, b.ints([0, 0, 1, 1, 0, 0, 1, 1])], { mode: 'edge' }, `${value}_framed`);
  return b.op('Conv', [framed, b.constant(kernel, `${hint}_kernel`)], { strides: [stride, stride] }, hint);
}

/** Mean over a square window of `size` (odd) pixels, as far as it lies in the tile. */
function smooth(b: GraphBuilder, value: string, size: number): string {
  const pads = Array<number>(4).fill((size - 1) / 2);
  return b.op('AveragePool', [value], { kernel_shape: [size, size], pads, count_include_pad: 0 });
}

function blockMeans(b: GraphBuilder, value: string, size: number = STATISTICS_BLOCK_PX): string {
  const block = [size, size];
  return b.op('AveragePool', [value], { kernel_shape: block, strides: block }, `${value}_blocks`);
}

/** The image of a tile, [1,channels,H,W] in [0,1]; its sizes stay free, so one session serves tiles of every shape. */
function pixelInput(b: GraphBuilder, { type, channels }: Pick<DenoiseVariant, 'type' | 'channels'>): string {
  return imageToTensor(b, 'pixels', { type, channels, height: 'height', width: 'width' });
}

/** The channels that are denoised: without alpha, and the first alone where all colours are the same. */
function colourChannels(b: GraphBuilder, all: string, channels: number, neutral: boolean): string {
  const count = neutral ? 1 : 3;
  return count === channels ? all : sliceChannels(b, all, 0, count, 'colour');
}

function onlyOutput(outputs: ReadonlyMap<string, string>): string {
  const [name] = outputs.values();
  if (name === undefined) throw new AppError('model/invalid', 'the model has no output');
  return name;
}
