import { describe, expect, it } from 'vitest';
import { DenoiseSettings, EncodeSettings, RuntimeSettings } from '../../../preload/contract.js';
import { choiceOption, numberOption, parseDenoiseOptions, type RawDenoiseOptions } from '../../../main/cli/options.js';

const parse = (raw: Partial<RawDenoiseOptions>) => parseDenoiseOptions({ out: 'out', recursive: true, ...raw });

describe('number options', () => {
  const range = { min: 0, max: 2 };

  it.each([
    ['0', 0],
    ['2', 2],
    ['.5', 0.5],
    ['+1.', 1],
    ['1e-1', 0.1],
    [' 1 ', 1],
  ])('reads %j', (text, value) => {
    expect(numberOption('--strength', text, range)).toBe(value);
  });

  it.each([
    ['7', '--strength must be between 0 and 2, not 7'],
    ['-0.1', '--strength must be between 0 and 2, not -0.1'],
    ['1e9', '--strength must be between 0 and 2, not 1e9'],
    ['', "--strength must be a number between 0 and 2, not ''"],
    ['NaN', "--strength must be a number between 0 and 2, not 'NaN'"],
    ['Infinity', "--strength must be a number between 0 and 2, not 'Infinity'"],
    ['0x1', "--strength must be a number between 0 and 2, not '0x1'"],
    ['1,5', "--strength must be a number between 0 and 2, not '1,5'"],
    ['strong', "--strength must be a number between 0 and 2, not 'strong'"],
  ])('refuses %j', (text, message) => {
    expect(() => numberOption('--strength', text, range)).toThrow(
      expect.objectContaining({ code: 'usage/invalid', message }),
    );
  });

  it('refuses a fraction where a whole number is meant', () => {
    expect(() => numberOption('--tile', '100.5', { min: 64, max: 8192, whole: true })).toThrow(
      "--tile must be a whole number between 64 and 8192, not '100.5'",
    );
  });
});

describe('choice options', () => {
  it('take their words in any case and list them otherwise', () => {
    expect(choiceOption('--existing', 'SKIP', ['skip', 'rename'])).toBe('skip');
    expect(() => choiceOption('--existing', 'keep', ['skip', 'rename'])).toThrow(
      "--existing must be one of skip, rename, not 'keep'",
    );
  });
});

describe('the options of denoise', () => {
  it('have defaults that the contract accepts', () => {
    const options = parse({});
    expect(() => [
      DenoiseSettings.parse(options.settings),
      EncodeSettings.parse(options.encode),
      RuntimeSettings.parse(options.runtime),
    ]).not.toThrow();
    expect(options).toMatchObject({ policy: 'skip', json: false, quiet: false });
  });

  it.each<[Partial<RawDenoiseOptions>, string]>([
    [{ strength: '2.01' }, '--strength'],
    [{ luma: '-1' }, '--luma'],
    [{ chroma: 'x' }, '--chroma'],
    [{ detail: '1.5' }, '--detail'],
    [{ sigma: '256' }, '--sigma'],
    [{ quality: '0' }, '--quality'],
    [{ threads: '0' }, '--threads'],
    [{ tile: '63' }, '--tile'],
    [{ bitDepth: '12' }, '--bit-depth'],
    [{ metadata: 'gps' }, '--metadata'],
    [{ format: 'gif' }, '--format'],
    [{ provider: 'gpu' }, '--provider'],
    [{ existing: 'ask' }, '--existing'],
    [{ name: '{oops}' }, '--name'],
    [{ out: '' }, '--out'],
  ])('refuse %j', (raw, flag) => {
    expect(() => parse(raw)).toThrow(expect.objectContaining({ code: 'usage/invalid' }));
    expect(() => parse(raw)).toThrow(flag);
  });

  it('reads the extremes of every range, and the usual short names of formats', () => {
    expect(parse({ strength: '0', luma: '2', detail: '1', sigma: '255', bitDepth: '16', format: 'JPG' })).toMatchObject(
      {
        settings: { strength: 0, luma: 2, detail: 1, sigma: 255 },
        encode: { bitDepth: 16, format: 'jpeg' },
      },
    );
    expect(parse({ format: 'tif' }).encode.format).toBe('tiff');
  });
});
