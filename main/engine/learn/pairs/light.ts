import type { Brightness } from '../../../core/alignment/brightness.js';
import type { CropSource } from '../../../core/noise/crop.js';

/** A frame as it would be in the light of the one that it was compared with: (x - offset) / gain, rounded. */
export function inLightOf(frame: CropSource, { gain, offset }: Brightness): CropSource {
  const tables = ([0, 1, 2] as const).map((c) =>
    Uint8ClampedArray.from({ length: 256 }, (_, level) => (level - 255 * offset[c]) / gain[c]),
  );
  return { ...frame, data: frame.data.map((level, i) => tables[i % 3]![level]!) };
}
