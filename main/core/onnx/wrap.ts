import type { GraphBuilder } from './builder.js';
import type { Dim } from './model.js';

/** The sample value that stands for 1, by integer type. */
export const FULL_SCALE = { uint8: 255, uint16: 65535 } as const;

/** The integer types that image samples come in. */
export type SampleType = keyof typeof FULL_SCALE;

/** An image as decoders give it: rows of pixels of interleaved channels; sizes may be left free by a symbol. */
export interface ImageLayout {
  readonly type: SampleType;
  readonly channels: number;
  readonly height: Dim;
  readonly width: Dim;
}

/**
 * Adds a graph input `name` that takes an image, H x W x C integers, and returns it as a float32 tensor
 * 1 x C x H x W in [0, 1]. The runtime then does the conversion that JavaScript would do one sample at a time.
 */
export function imageToTensor(b: GraphBuilder, name: string, image: ImageLayout): string {
  const pixels = b.input(name, image.type, [image.height, image.width, image.channels]);
  // Transposed while the samples are still narrow: less memory to move.
  const planar = b.op('Transpose', [pixels], { perm: [2, 0, 1] }, `${name}/planar`);
  const batch = b.op('Unsqueeze', [planar, b.ints([0])], {}, `${name}/batch`);
  const scale = b.scalar(FULL_SCALE[image.type]);
  return b.op('Div', [b.cast(batch, 'float32', `${name}/float`), scale], {}, `${name}/unit`);
}

/**
 * Turns a float32 tensor 1 x C x H x W into an image, H x W x C integers: values are clipped to [0, 1] and rounded to
 * the nearest sample, so an image from `imageToTensor` comes back bit for bit.
 */
export function tensorToImage(b: GraphBuilder, value: string, type: SampleType, hint = 'image'): string {
  const clipped = b.op('Clip', [value, b.scalar(0), b.scalar(1)], {}, `${hint}/clip`);
  const scaled = b.op('Mul', [clipped, b.scalar(FULL_SCALE[type])], {}, `${hint}/scale`);
  const planar = b.cast(b.op('Round', [scaled], {}, `${hint}/round`), type, `${hint}/${type}`);
  const pixels = b.op('Transpose', [planar], { perm: [0, 2, 3, 1] }, `${hint}/interleave`);
  return b.op('Squeeze', [pixels, b.ints([0])], {}, hint);
}

/** The channels of an N x C x H x W tensor from `start` up to `end`: the colours of an image without its alpha. */
export function sliceChannels(b: GraphBuilder, value: string, start: number, end: number, hint = 'channels'): string {
  return b.op('Slice', [value, b.ints([start]), b.ints([end]), b.ints([1])], {}, hint);
}

/** Repeats the one channel of an N x 1 x H x W tensor: a grey image as the colour image that a network expects. */
export function repeatChannel(b: GraphBuilder, value: string, channels: number, hint = 'colour'): string {
  return b.op('Expand', [value, b.ints([1, channels, 1, 1])], {}, hint);
}

/** The mean over the channels of an N x C x H x W tensor, N x 1 x H x W: back from `repeatChannel`. */
export function meanChannel(b: GraphBuilder, value: string, hint = 'grey'): string {
  return b.op('ReduceMean', [value], { axes: [1], keepdims: 1 }, hint);
}
