import { expect, it } from 'vitest';
import { cameraName, exposureText, shortNumber, zoomPercent } from '../../../../../renderer/features/compare/format.js';

it('writes exposures as photographers do', () => {
  expect([1 / 8000, 1 / 200, 0.25, 0.4, 2.5, 30].map(exposureText)).toEqual([
    '1/8000',
    '1/200',
    '1/4',
    '0.4',
    '2.5',
    '30',
  ]);
});

it('writes zooms and numbers shortly', () => {
  expect([1, 0.4236, 0.0625, 16].map(zoomPercent)).toEqual(['100', '42', '6.3', '1600']);
  expect([50, 2.84, 3.0].map(shortNumber)).toEqual(['50', '2.8', '3']);
});

it('says the make of a camera once', () => {
  expect(cameraName('Canon', 'Canon EOS 80D')).toBe('Canon EOS 80D');
  expect(cameraName('NIKON CORPORATION', 'NIKON D800')).toBe('NIKON D800');
  expect(cameraName('SONY', 'ILCE-7M3')).toBe('SONY ILCE-7M3');
  expect(cameraName(null, null)).toBeNull();
});
