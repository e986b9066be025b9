/** What a file in a folder is taken for, by its extension alone: contents are the engine's to judge. */
export type FileKind = 'photo' | UnsupportedKind | 'other';
export type UnsupportedKind = 'RAW' | 'HEIC' | 'other image';

const EXTENSIONS: Readonly<Record<Exclude<FileKind, 'other'>, string>> = {
  photo: 'jpg jpeg jpe png tif tiff webp avif',
  RAW: '3fr arw cr2 cr3 crw dcr dng erf fff iiq k25 kdc mef mos mrw nef nrw orf pef raf raw rw2 rwl sr2 srf srw x3f',
  HEIC: 'heic heif hif',
  'other image': 'bmp dib exr gif hdr j2k jp2 jpf jpx jxl jxr pbm pcx pgm pnm ppm psb psd qoi svg tga wdp xcf',
};

const KINDS = new Map(
  Object.entries(EXTENSIONS).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind as FileKind])),
);

/** The kind of file that a name stands for. */
export function kindOf(name: string): FileKind {
  const dot = name.lastIndexOf('.');
  return dot < 1 ? 'other' : (KINDS.get(name.slice(dot + 1).toLowerCase()) ?? 'other');
}
