/** Samples of an 8-bit or a 16-bit image. */
export type PixelData = Uint8Array | Uint16Array;

/** An image as rows of interleaved samples; 1 channel is grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
export interface Pixels<T extends PixelData = PixelData> {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** width * height * channels samples. */
  readonly data: T;
}

/** The largest value a sample can hold: 255 or 65535. */
export function peakOf(data: PixelData): number {
  return data instanceof Uint8Array ? 255 : 65535;
}

/** Number of channels that carry light or colour: all but alpha. */
export function colourChannels(channels: number): number {
  return channels === 2 || channels === 4 ? channels - 1 : channels;
}

/** An array of `length` samples of the same type as `data`. */
export function samplesLike(data: PixelData, length: number): PixelData {
  return data instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length);
}

/** Whether no pixel has any colour: there is one channel, or three that are equal everywhere. Alpha does not count. */
export function isNeutral({ channels, data }: Pixels): boolean {
  if (channels < 3) return true;
  for (let i = 0; i < data.length; i += channels) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  }
  return true;
}
