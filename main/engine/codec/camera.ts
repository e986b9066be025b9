import type { CameraInfo } from '../../../preload/contract.js';
import { exifBasics } from './exif-basics.js';

/** What the camera wrote into an EXIF block, as numbers; null where there is nothing of it. */
export function cameraInfo(exif: Uint8Array | null): CameraInfo | null {
  if (exif === null) return null;
  const { IFD0, IFD2 } = exifBasics(exif);
  const info: CameraInfo = {
    make: IFD0['Make'] ?? null,
    model: IFD0['Model'] ?? null,
    lens: IFD2['LensModel'] ?? null,
    iso: positive(IFD2['ISOSpeedRatings']),
    exposureTime: positive(IFD2['ExposureTime']),
    aperture: positive(IFD2['FNumber']),
    focalLength: positive(IFD2['FocalLength']),
    takenAt: isoTime(IFD2['DateTimeOriginal']) ?? isoTime(IFD2['DateTimeDigitized']) ?? isoTime(IFD0['DateTime']),
  };
  return Object.values(info).some((value) => value !== null) ? info : null;
}

/** "1/250" or "3200" as a number; null for what is no positive number: cameras write 0 for a value unknown. */
function positive(text: string | undefined): number | null {
  if (text === undefined) return null;
  const [numerator, denominator = '1'] = text.split('/');
  const value = Number(numerator) / Number(denominator);
  return Number.isFinite(value) && value > 0 ? value : null;
}

/** "2024:05:17 14:03:09" as ISO 8601; null for a clock that was never set or a field of blanks. */
function isoTime(text: string | undefined): string | null {
  const match = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text ?? '');
  if (match === null) return null;
  const iso = `${match[1]}-${match[2]}-${match[3]}T${match[4]}`;
  return Number.isNaN(Date.parse(`${iso}Z`)) ? null : iso;
}
