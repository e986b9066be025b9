import type { EncodeSettings, Format } from '../../../preload/contract.js';

/** ExifTool arguments for copying metadata. Pure. */

export interface MetadataJob {
  /** The original: only read. */
  readonly source: string;
  /** A finished image file, still under its temporary name: rewritten. */
  readonly target: string;
  readonly format: Format;
  readonly policy: EncodeSettings['metadata'];
  /** The EXIF orientation that the result is to state; null leaves what the original states. */
  readonly orientation: number | null;
  /** Whether the target says by itself, in XMP, that it is generated: what the original says of that is left out. */
  readonly marked?: boolean;
}

/**
 * Never copied. Previews show the noisy original; the rest describes parts of the original file that the result does
 * not have (gain maps, the clip of a motion photo), so that a viewer would look for them in vain.
 */
const NEVER = [
  '--IFD1:all',
  '--ThumbnailImage',
  '--PreviewImage',
  '--PhotoshopThumbnail',
  '--XMP-xmp:Thumbnails*',
  '--XMP-hdrgm:all',
  '--XMP-HDRGainMap:all',
  '--XMP-GContainer:all',
  '--XMP-GCamera:MotionPhoto*',
  '--XMP-GCamera:MicroVideo*',
];

/** 'Location' is ExifTool's own grouping over EXIF, XMP and IPTC; GPS dates and times are in its 'Time'. */
const LOCATION = ['--Location:all', '--GPS:all', '--GPS*', '--XMP-iptcExt:Location*'];

/** Where formats without IPTC keep the same facts, after the IPTC-to-XMP mapping of the Metadata Working Group. */
const IPTC_TO_XMP: readonly (readonly [iptc: string, xmp: string, isLocation?: true])[] = [
  ['Caption-Abstract', 'XMP-dc:Description'],
  ['ObjectName', 'XMP-dc:Title'],
  ['By-line', 'XMP-dc:Creator'],
  ['CopyrightNotice', 'XMP-dc:Rights'],
  ['Keywords', 'XMP-dc:Subject'],
  ['Headline', 'XMP-photoshop:Headline'],
  ['Credit', 'XMP-photoshop:Credit'],
  ['Source', 'XMP-photoshop:Source'],
  ['SpecialInstructions', 'XMP-photoshop:Instructions'],
  ['By-lineTitle', 'XMP-photoshop:AuthorsPosition'],
  ['Writer-Editor', 'XMP-photoshop:CaptionWriter'],
  ['City', 'XMP-photoshop:City', true],
  ['Province-State', 'XMP-photoshop:State', true],
  ['Country-PrimaryLocationName', 'XMP-photoshop:Country', true],
  ['Sub-location', 'XMP-iptcCore:Location', true],
];

const HOLDS_IPTC: Readonly<Record<Format, boolean>> = { jpeg: true, png: true, tiff: true, webp: false, avif: false };

/** On Windows, file names come as UTF-8 too. */
const FILE_NAMES = process.platform === 'win32' ? ['-charset', 'filename=utf8'] : [];

const OPTIONS = [
  // Minor errors of the original's metadata are warnings; they must not cost the photo its metadata.
  '-m',
  '-q',
  '-overwrite_original',
  // Else Perl checks the checksum of every PNG chunk of the file that has just been written: 5 s for 24 megapixels.
  '-fast',
  '-api',
  'LargeFileSupport=1',
  // Viewers stop reading a PNG at its pixels.
  '-api',
  'PNGEarlyXMP=1',
  ...FILE_NAMES,
];

/** Arguments that copy everything `job` allows. */
export function copyArguments(job: MetadataJob, leaveOutMakerNotes: boolean): string[] {
  const { policy, format, source, target, orientation, marked = false } = job;
  const args = [...OPTIONS];
  if (policy !== 'none') {
    const withLocation = policy === 'all';
    const from = ['-tagsFromFile', source];
    if (!HOLDS_IPTC[format]) {
      const mapped = IPTC_TO_XMP.filter(([, , isLocation]) => withLocation || isLocation !== true);
      args.push(...from, ...mapped.map(([iptc, xmp]) => `-${xmp}<IPTC:${iptc}`));
    }
    // Left out of 'all' for safety; without it every character outside Latin would become a question mark.
    args.push(...from, '-all:all', '-IPTC:CodedCharacterSet', ...NEVER);
    if (marked) args.push('--XMP-iptcExt:DigitalSourceType');
    if (!withLocation) args.push(...LOCATION);
    if (leaveOutMakerNotes) args.push('--MakerNotes');
  }
  if (orientation !== null) {
    args.push(`-IFD0:Orientation#=${orientation}`);
    if (policy !== 'none') args.push('--XMP-tiff:Orientation');
  }
  return [...args, target];
}

/** Arguments that list the places named in maker notes, which are copied whole or not at all. */
export function locationQuery(source: string): string[] {
  return ['-m', '-q', '-s', ...FILE_NAMES, '-MakerNotes:Location:all', source];
}
