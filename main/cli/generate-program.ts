import { Option, type Command } from 'commander';
import { METADATA_POLICIES, FORMATS, PROVIDERS } from '../../preload/contract.js';
import { VARIATION_KINDS } from '../../preload/generate/generate-calls.js';
import { EXISTING_POLICIES } from '../app/disposition.js';
import { generateInterpolation, generateMap, generateSamples, generateVariations } from './generate-command.js';
import {
  parseInterpolate,
  parseMap,
  parseSample,
  parseVariations,
  type RawInterpolateOptions,
  type RawMapOptions,
  type RawSampleOptions,
  type RawVariationsOptions,
} from './generate-options.js';
import type { Host } from './host.js';

/** The commands below `stillgrain generate`. */

const HELP = `
Every file says in its XMP that it is synthetic, and what it was made of: seed, photos, models, recipe. The same seed gives
the same file. Originals are never changed.

--vae takes what you called a picture model that the window trained, a folder with NAME-encoder.onnx and
NAME-decoder.onnx, or their path up to the hyphen.

Examples:
  $ stillgrain generate variations photo.jpg --out varied --sheet
  $ stillgrain generate interpolate dawn.jpg noon.jpg dusk.jpg --out day --animation webp
  $ stillgrain generate sample --from photos --out new --count 16 --seed 7
  $ stillgrain generate map photos --out map`;

const VARIATIONS_HELP = `
Variations are the denoised photo with other light and colour, at its full resolution. Kinds (--kind):
  around      random ones around the photo; --seed gives others
  directions  warmer, cooler, brighter, darker and so on: what each does is measured on the photo at hand

To vary one of them further, save its line of --json as a file and give it to --vary.

Examples:
  $ stillgrain generate variations photo.jpg --out varied --previews
  $ stillgrain generate variations photo.jpg --out varied --kind directions --strength 1.5
  $ stillgrain generate variations photo.jpg --out varied --json | sed -n 3p > third.json
  $ stillgrain generate variations photo.jpg --out further --vary third.json --seed 2

Exit codes: 0 all done, 1 some files failed, 2 wrong usage, 130 stopped.`;

const INTERPOLATE_HELP = `
From the first photo to the last, through those between, at a constant speed of the latent space. Frames have the shape of
the first photo; near a photo they have its detail.

Examples:
  $ stillgrain generate interpolate a.jpg b.jpg --out way --frames 48
  $ stillgrain generate interpolate a.jpg b.jpg c.jpg --out loop --animation webp --closed`;

const SAMPLE_HELP = `
A mixture of Gaussians is fitted to the latents of the photos, and new pictures are drawn from it. Without --from they are
drawn from N(0, I), which looks poorer.

Example:
  $ stillgrain generate sample --from photos --out new --count 16 --seed 7`;

const MAP_HELP = `
Photos that look alike lie side by side. map.json has each photo's place and the photos most similar to it; map.png shows
the map.

Example:
  $ stillgrain generate map photos --out map --neighbours 8`;

type Run = (command: (host: Host) => Promise<number>) => Promise<void>;

/** Adds `generate` and the commands below it. */
export function addGenerate(program: Command, run: Run): void {
  const generate = program
    .command('generate')
    .description('make new pictures from photos: variations, ways between them, samples, a map')
    .addHelpText('after', HELP);

  common(generate.command('variations <photos...>'), 'of what is random')
    .description('vary the light and colour of photos, at full resolution')
    .option('--count <n>', 'variations of each photo (default: 9)')
    .option('--kind <kind>', `${VARIATION_KINDS.join(', ')} (default: around)`)
    .option('--strength <n>', 'how far they go, 0 to 3 (default: 1)')
    .option('--sheet', 'a picture of all of them as well')
    .option('--previews', 'that picture alone, which takes seconds')
    .option('--vary <recipe>', 'a variation that is varied further: a line of --json in a file')
    .option(
      '--model <name|path>',
      'denoiser: quality, fast, one of your own, auto, or an .onnx file (default: quality)',
    )
    .option('--denoise <n>', 'how much noise is removed, 0 to 2 (default: 1)')
    .option('--format <format>', `keep, ${FORMATS.join(', ')} (default: keep)`)
    .option('--metadata <policy>', `${METADATA_POLICIES.join(', ')} (default: all)`)
    .addHelpText('after', VARIATIONS_HELP)
    .action((photos: string[], raw: RawVariationsOptions) => {
      const options = parseVariations(raw);
      return run((host) => generateVariations(photos, options, host));
    });

  common(generate.command('interpolate <photos...>'), 'of nothing yet: a way has no chance in it')
    .description('pictures on the way between 2 to 8 photos')
    .option('--frames <n>', 'how many (default: 24)')
    .option('--animation <format>', 'webp: one animated file instead of a file for each frame')
    .option('--fps <n>', 'frames per second of the animation (default: 12)')
    .option('--closed', 'back to the first photo at the end')
    .option('--detail <n>', "share of the photos' own detail, 0 to 1 (default: 1)")
    .option('--size <n>', 'longer side in pixels (default: 512)')
    .addHelpText('after', INTERPOLATE_HELP)
    .action((photos: string[], raw: RawInterpolateOptions) => {
      const options = parseInterpolate(photos, raw);
      return run((host) => generateInterpolation(options, host));
    });

  common(generate.command('sample'), 'of the samples')
    .description('new pictures like those of some photos')
    .option('--from <photos...>', 'photos, or folders of them')
    .option('--count <n>', 'how many (default: 9)')
    .option('--size <n>', 'side in pixels (default: 256)')
    .addHelpText('after', SAMPLE_HELP)
    .action((raw: RawSampleOptions) => {
      const options = parseSample(raw);
      return run((host) => generateSamples(options, host));
    });

  common(generate.command('map <photos...>'), 'of nothing yet: a map has no chance in it')
    .description('lay photos out by how they look, in two dimensions')
    .option('--neighbours <n>', 'similar photos listed for each (default: 5)')
    .option('--size <n>', 'side of the picture in pixels (default: 1600)')
    .addHelpText('after', MAP_HELP)
    .action((photos: string[], raw: RawMapOptions) => {
      const options = parseMap(raw);
      return run((host) => generateMap(photos, options, host));
    });
}

function common(command: Command, seedOf: string): Command {
  return command
    .requiredOption('-o, --out <dir>', 'folder for the results; made if it is not there')
    .option('--seed <n>', `seed ${seedOf} (default: 1)`)
    .option('--vae <name|dir|prefix>', 'a VAE of your own (default: the one that comes with Stillgrain)')
    .option('--existing <policy>', `files that are there already: ${EXISTING_POLICIES.join(', ')} (default: skip)`)
    .option('--provider <provider>', `auto, ${PROVIDERS.join(', ')} (default: auto)`)
    .option('--threads <n>', 'threads of the runtime (default: one per core)')
    .addOption(new Option('--json', 'one JSON line per file, with its recipe'));
}
