import sharp from 'sharp';

/** Three planes in [0,1] through libjpeg and back, as the planes of an 8-bit file. */
export async function throughLibjpeg(
  planes: Float32Array,
  side: number,
  quality: number,
  subsampled: boolean,
): Promise<Float32Array> {
  const plane = side * side;
  const rgb = Uint8Array.from({ length: 3 * plane }, (_, i) =>
    Math.round(255 * planes[(i % 3) * plane + Math.floor(i / 3)]!),
  );
  const jpeg = await sharp(rgb, { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality, chromaSubsampling: subsampled ? '4:2:0' : '4:4:4' })
    .toBuffer();
  const back = await sharp(jpeg).raw().toBuffer();
  return Float32Array.from({ length: 3 * plane }, (_, i) => back[(i % plane) * 3 + Math.floor(i / plane)]! / 255);
}
