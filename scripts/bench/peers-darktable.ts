import type { Setting } from './peers-programs.js';

/**
 * darktable takes a module's settings from a sidecar file, as the bytes of the C structure that holds them, in
 * hexadecimal. Two of its modules denoise a developed picture: `nlmeans` ("astrophoto denoise") and `denoiseprofile`,
 * whose noise profile is given outright, since a PNG has no camera.
 */

/** Version of each structure in darktable 4.2: later versions of the program still read it. */
const VERSION = { nlmeans: 2, denoiseprofile: 11 } as const;
const MODE = { nlmeans: 0, wavelets: 1 } as const;
const [CHANNELS, BANDS] = [6, 7];
/** The wavelets' curves of the last two channels, brightness and colour apart: colour is smoothed more than the middle. */
const COLOUR_CURVE = 0.8;
/** Variance over brightness in linear light that noise of sigma 1 (8 bits) amounts to, about: measured by trying. */
const PROFILE_PER_VARIANCE = 1.6e-5;

/** Settings of both modules around what suits a noise level. */
export function darktableGrid(sigma: number): Setting[] {
  const profile = (mode: string, strength: number): Setting => ({ module: 'denoiseprofile', sigma, mode, strength });
  const patches = (radius: number, strength: number): Setting => ({
    module: 'nlmeans',
    radius,
    strength: strength * sigma,
  });
  return [
    ...[patches(3, 10), patches(3, 16), patches(3, 26)],
    ...[profile('nlmeans', 0.3), profile('nlmeans', 0.45)],
    ...[profile('wavelets', 0.5), profile('wavelets', 0.75), profile('wavelets', 1)],
  ];
}

/** A sidecar whose history is one module and nothing else. */
export function darktableSidecar(setting: Setting): string {
  const module = setting['module'] === 'nlmeans' ? 'nlmeans' : 'denoiseprofile';
  const bytes = module === 'nlmeans' ? nlmeansBytes(setting) : profileBytes(setting);
  const attributes = {
    num: 0,
    operation: module,
    enabled: 1,
    modversion: VERSION[module],
    params: bytes.toString('hex'),
    multi_name: '',
    multi_priority: 0,
  };
  const item = Object.entries(attributes).map(([name, value]) => `darktable:${name}="${value}"`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:darktable="http://darktable.sf.net/" darktable:xmp_version="4"
 darktable:raw_params="0" darktable:auto_presets_applied="1" darktable:history_end="1" darktable:iop_order_version="2">
<darktable:history><rdf:Seq><rdf:li ${item.join(' ')}/></rdf:Seq></darktable:history>
</rdf:Description></rdf:RDF></x:xmpmeta>
`;
}

/** Radius, strength, and how much of it goes to brightness and to colour. */
function nlmeansBytes({ radius, strength }: Setting): Buffer {
  return floats([Number(radius), Number(strength), 1, 1]);
}

function profileBytes({ sigma, mode, strength }: Setting): Buffer {
  const slope = PROFILE_PER_VARIANCE * Number(sigma) ** 2;
  // Patch radius, neighbourhood, strength, shadows, bias, scattering, weight of the central pixel, overshooting.
  const sliders = [1, 7, Number(strength), 1, 0, 0, 0.1, 1];
  const curves = Array.from({ length: CHANNELS * BANDS }, (_, i) => (i % BANDS) / (BANDS - 1));
  const heights = curves.map((_, i) => (i < (CHANNELS - 2) * BANDS ? 0.5 : COLOUR_CURVE));
  return Buffer.concat([
    floats([...sliders, slope, slope, slope, 0, 0, 0]),
    integers([mode === 'wavelets' ? MODE.wavelets : MODE.nlmeans]),
    floats([...curves, ...heights]),
    // White balance, fixes and the newer variance transform on; wavelets in Y0U0V0.
    integers([1, 1, 1, 1]),
  ]);
}

const floats = (values: readonly number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);
const integers = (values: readonly number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);
