import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import { tensor, toNumbers } from '../../main/core/onnx/tensor.js';
import {
  imageToTensor,
  meanChannel,
  repeatChannel,
  sliceChannels,
  tensorToImage,
  type ImageLayout,
} from '../../main/core/onnx/wrap.js';
import { runGraph } from './onnx-runtime.js';

describe('integer images', () => {
  it.each([
    { type: 'uint8', height: 16, width: 16, channels: 1 },
    { type: 'uint16', height: 256, width: 256, channels: 1 },
    { type: 'uint8', height: 5, width: 7, channels: 3 },
    { type: 'uint16', height: 3, width: 9, channels: 4 },
  ] satisfies ImageLayout[])('come back bit for bit: $type $height x $width x $channels', async (layout) => {
    const { type, height, width, channels } = layout;
    const dims = [height, width, channels];
    const values = Array.from({ length: height * width * channels }, (_, i) => i);
    const pixels = tensor(type, dims, type === 'uint8' ? Uint8Array.from(values) : Uint16Array.from(values));
    const b = new GraphBuilder();
    const value = imageToTensor(b, 'pixels', layout);
    expect(b.typeOf(value)).toEqual({ type: 'float32', dims: [1, channels, height, width] });
    const graph = b.build({ result: tensorToImage(b, value, type) }, 'round trip');
    expect((await runGraph(graph, { pixels })).get('result')).toEqual(pixels);
  });

  it('become planes in [0, 1], and values beyond are clipped', async () => {
    const b = new GraphBuilder();
    const image = imageToTensor(b, 'pixels', { type: 'uint8', channels: 3, height: 1, width: 2 });
    const louder = b.op('Mul', [b.op('Sub', [image, b.scalar(0.5)]), b.scalar(4)]);
    const graph = b.build({ planes: image, loud: tensorToImage(b, louder, 'uint8') }, 'clip');
    const pixels = tensor('uint8', [1, 2, 3], Uint8Array.of(0, 51, 128, 255, 102, 200));
    const found = await runGraph(graph, { pixels });
    const planes = [0, 255, 51, 102, 128, 200].map((value) => Math.fround(value / 255));
    expect(toNumbers(found.get('planes')!)).toEqual(planes);
    expect(toNumbers(found.get('loud')!)).toEqual([0, 0, 2, 255, 0, 255]);
  });

  it('give up their alpha, and grey becomes colour and grey again', async () => {
    const b = new GraphBuilder();
    const image = imageToTensor(b, 'pixels', { type: 'uint16', channels: 2, height: 1, width: 3 });
    const grey = sliceChannels(b, image, 0, 1);
    const colour = repeatChannel(b, grey, 3);
    const back = meanChannel(b, colour);
    const graph = b.build(
      { colour: tensorToImage(b, colour, 'uint16'), grey: tensorToImage(b, back, 'uint16') },
      'grey',
    );
    const found = await runGraph(graph, {
      pixels: tensor('uint16', [1, 3, 2], Uint16Array.of(7, 0, 300, 1, 65535, 2)),
    });
    expect(toNumbers(found.get('colour')!)).toEqual([7, 7, 7, 300, 300, 300, 65535, 65535, 65535]);
    expect(toNumbers(found.get('grey')!)).toEqual([7, 300, 65535]);
  });
});
