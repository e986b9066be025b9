import { Command, CommanderError, Option } from 'commander';
import { FORMATS, METADATA_POLICIES, PRECISIONS, PROVIDERS } from '../../preload/contract.js';
import { NOISY_RECIPES } from '../../preload/learn/learn-call.js';
import { LOSS_NAMES } from '../../preload/training/gradient-calls.js';
import { EXISTING_POLICIES } from '../app/disposition.js';
import { AppError, toWireError } from '../app/errors.js';
import { NAME_TOKENS } from '../app/naming.js';
import { compare } from './compare-command.js';
import { denoise } from './denoise-command.js';
import { doctor, type RawDoctorOptions } from './doctor-command.js';
import { estimate } from './estimate-command.js';
import { addGenerate } from './generate-program.js';
import { gradient, GRADIENT_HELP, parseGradientOptions, type RawGradientOptions } from './gradient-command.js';
import { withHost, type Host } from './host.js';
import { installCuda } from './install-cuda.js';
import { learn, LEARN_HELP, parseLearnOptions, type RawLearnOptions } from './learn-command.js';
import { addModelsCommand } from './models-program.js';
import { parseDenoiseOptions, type RawDenoiseOptions } from './options.js';
import type { RawServeOptions } from './serve-command.js';
import { printable } from './text.js';
import { parseTrainOptions, train, TRAIN_HELP, type RawTrainOptions } from './train-command.js';
import { version } from './version.js';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const NAME_HELP = Object.entries(NAME_TOKENS)
  .map(([token, meaning]) => `  {${token}}`.padEnd(15) + meaning)
  .join('\n');

const DENOISE_HELP = `
Names (--name), default {name}; a slash makes a folder:
${NAME_HELP}

What is already there (--existing):
  skip       leave it; results whose photo or settings have changed since are done again
  overwrite  replace it
  rename     put a number behind the new file's name

Camera, dates, captions and the like (--metadata):
  all          keep everything
  no-location  keep everything but where it was taken
  none         keep nothing but colour profile and orientation

Examples:
  $ stillgrain denoise holiday --out holiday-clean
  $ stillgrain denoise *.jpg --out clean --strength 0.7 --detail 0.3
  $ stillgrain denoise scans --out clean --format tiff --bit-depth 16 --name '{parent}/{name}-{index:3}'
  $ stillgrain denoise photos --out clean --model fast --json | jq .sigma

A run that was stopped goes on where it was when the same command is given again. Originals are never changed.
Exit codes: 0 all done, 1 some files failed, 2 wrong usage, 130 stopped.`;

const SERVE_HELP = `
Open the printed address in a browser of this machine; nobody else is let in. From another machine, forward the port:
  $ ssh -L 8080:127.0.0.1:8080 HOST stillgrain serve --port 8080 --root ~/Pictures

Photos that are dropped on the page are sent to the server and kept until they are taken off the list.`;

const EXAMPLES = `
Examples:
  $ stillgrain denoise photos --out clean
  $ stillgrain serve --root photos
  $ stillgrain estimate photos
  $ stillgrain help denoise`;

/** Runs one command line and returns the exit code: 0 all done, 1 some files failed, 2 wrong usage, 130 stopped. */
export async function runCli(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = buildProgram(async (command) => {
    exitCode = await withHost(command);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has said what is wrong; help and version come this way, too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    const wire = toWireError(error);
    if (wire.code === 'engine/cancelled') return 130;
    process.stderr.write(`stillgrain: ${printable(wire.message)}\n`);
    return error instanceof AppError && wire.code === 'usage/invalid' ? EXIT_USAGE : EXIT_FAILED;
  }
}

function buildProgram(run: (command: (host: Host) => Promise<number>) => Promise<void>): Command {
  const program = new Command('stillgrain')
    .description('Removes noise from photos. Originals are never changed; nothing leaves this machine.')
    .version(version())
    .showHelpAfterError('(stillgrain --help says more)')
    .addHelpText('after', EXAMPLES)
    .exitOverride();

  program
    .command('denoise')
    .description('denoise photos, or folders of them, into another folder')
    .argument('<files or folders...>', 'photos, and folders, which are walked with all folders in them')
    .requiredOption('-o, --out <dir>', 'folder for the results; made if it is not there')
    .option('--model <name|path>', 'quality, fast, one of your own, auto, or an .onnx file (default: quality)')
    .option(
      '--fallback <name>',
      'shipped model for photos that it fits much better, or none (default: what your own model was learnt from)',
    )
    .option('--strength <n>', 'how much noise is removed, 0 to 2 (default: 1)')
    .option('--luma <n>', 'the same for brightness noise alone, 0 to 2 (default: 1)')
    .option('--chroma <n>', 'the same for colour noise alone, 0 to 2 (default: 1)')
    .option('--detail <n>', 'share of fine detail to give back, 0 to 1 (default: 0)')
    .option('--sigma <n>', 'noise level, 0 to 255, instead of measuring it')
    .option('--format <format>', `keep, ${FORMATS.join(', ')} (default: keep)`)
    .option('--quality <n>', 'of JPEG, WebP and AVIF, 1 to 100 (default: visually lossless)')
    .option('--bit-depth <depth>', '8, 16 or keep (default: keep)')
    .option('--metadata <policy>', `${METADATA_POLICIES.join(', ')} (default: all)`)
    .option('--name <template>', 'how results are named (default: {name})')
    .option('--existing <policy>', `files that are there already: ${EXISTING_POLICIES.join(', ')} (default: skip)`)
    .option('--no-recursive', 'do not walk folders within folders')
    .option('--provider <provider>', `auto, ${PROVIDERS.join(', ')} (default: auto)`)
    .option('--threads <n>', 'threads of the runtime (default: one per core)')
    .option('--tile <n>', 'side of the tiles in pixels (default: by memory)')
    .option(
      '--precision <precision>',
      `auto, ${PRECISIONS.join(', ')}: auto takes 8 bits where doctor found them worth it (default: float)`,
    )
    .addOption(jsonOption('one JSON line per photo and a last one for the run, on stdout'))
    .option('-q, --quiet', 'print nothing but errors')
    .addHelpText('after', DENOISE_HELP)
    .action((inputs: string[], raw: RawDenoiseOptions) => {
      // Checked before an engine is started.
      const options = parseDenoiseOptions(raw);
      return run((host) => denoise(inputs, options, host));
    });

  program
    .command('estimate')
    .description('measure the noise of photos')
    .argument('<files...>', 'photos, or folders of them')
    .addOption(jsonOption('one JSON line per photo'))
    .action((inputs: string[], { json = false }: { json?: boolean }) =>
      run((host) => estimate(inputs, { json }, host)),
    );

  program
    .command('compare')
    .description('measure how far two images differ: PSNR, SSIM, mean shift')
    .argument('<A>', 'the reference')
    .argument('<B>', 'an image of the same size')
    .addOption(jsonOption())
    .action((a: string, b: string, { json = false }: { json?: boolean }) =>
      run((host) => compare(a, b, { json }, host)),
    );

  program
    .command('train')
    .description('train a net on photos, from the start or from a model')
    .argument('<recipe>', 'denoise-fast, denoise-quality, noise-estimator, vae, vae-gan, or the path of a recipe')
    .requiredOption('--data <dirs...>', 'photos, or folders of them')
    .requiredOption('-o, --out <dir>', 'folder of the run; made if it is not there')
    .option(
      '--init <model>',
      'an .onnx file whose weights are where it starts; of an autoencoder the folder of its run, or what its two files begin with',
    )
    .option('--minutes <n>', 'end after so much time')
    .option('--steps <n>', "end after so many steps (default: the recipe's)")
    .option('--resume', 'go on with the run in the folder')
    .option('--provider <provider>', `auto, ${PROVIDERS.join(', ')} (default: auto)`)
    .option('--threads <n>', 'threads of the runtime (default: one per core)')
    .addOption(jsonOption('one JSON line for each piece of news'))
    .addHelpText('after', TRAIN_HELP)
    .action((recipe: string, raw: RawTrainOptions) => {
      const options = parseTrainOptions(recipe, raw);
      return run((host) => train(options, host));
    });

  program
    .command('learn')
    .description('fine-tune a denoiser on your own photos')
    .argument('[photos...]', 'noisy photos, or folders of them')
    .option('--name <name>', "what the model is called (default: 'my photos')")
    .option('-o, --out <dir>', "folder of the run, made if it is not there (default: one of Stillgrain's own)")
    .option('--clean <photos...>', 'clean photos to put the noise on, or folders of them')
    .option('--pairs <dirs...>', 'frames of the same scenes to learn from, in place of photos')
    .option('--recipe <recipe>', `with noisy photos alone: ${NOISY_RECIPES.join(' or ')} (default: refine)`)
    .option('--model <model>', 'the model to start from: fast, quality or an .onnx file (default: fast)')
    .option('--minutes <n>', 'most time to spend on training; few photos need less (default: 10)')
    .option('--rate <x>', 'factor of the learning rate (default: 1)')
    .option('--seed <n>', 'another run of chance (default: 1)')
    .option('--resume', 'go on with the run in the folder')
    .option('--provider <provider>', `auto, ${PROVIDERS.join(', ')} (default: auto)`)
    .option('--threads <n>', 'threads of the runtime (default: one per core)')
    .addOption(jsonOption('one JSON line for each piece of news'))
    .addHelpText('after', LEARN_HELP)
    .action((photos: string[], raw: RawLearnOptions) => {
      const options = parseLearnOptions(photos, raw);
      return run((host) => learn(options, host));
    });

  program
    .command('gradient')
    .description("write the gradient of a model's loss, or check it, to trust training with a net of your own")
    .argument('[model.onnx]', 'a model, as PyTorch exports it or any other program')
    .option('-i, --input <name=file.npy...>', 'an array for each input of the model')
    .option('--target <file.npy>', 'what the output should be')
    .option('--loss <loss>', `${LOSS_NAMES.join(', ')}: the mean over all elements`)
    .option('--output <name>', 'the output that the loss is of (default: the only one)')
    .option('--freeze <names...>', 'initializers that are not to be trained')
    .option('--steps <n>', 'steps of AdamW to do; needs --lr')
    .option('--lr <x>', 'learning rate of the steps')
    .option('-o, --out <dir>', 'folder for the results; made if it is not there')
    .option('--check', 'compare with finite differences and print a table')
    .option('--provider <provider>', `auto, ${PROVIDERS.join(', ')} (default: auto)`)
    .addOption(jsonOption())
    .addHelpText('after', GRADIENT_HELP)
    .action((model: string | undefined, raw: RawGradientOptions) => {
      const options = parseGradientOptions(model, raw);
      return run((host) => gradient(options, host));
    });

  addGenerate(program, run);
  addModelsCommand(program, run);

  program
    .command('doctor')
    .description('say what this machine is and what works on it')
    .option('--retest', 'try every accelerator again, not only those of which nothing is known')
    .option('--install-cuda', 'install what NVIDIA cards need to be used by CUDA, from nuget.org (Linux)')
    .addOption(jsonOption())
    .action(({ json = false, retest = false, installCuda: cuda = false }: RawDoctorOptions) =>
      run((host) => (cuda ? installCuda(host.terminal) : doctor({ json, retest }, host))),
    );

  program
    .command('serve')
    .description('show the window in a browser of this machine')
    .option('--port <n>', 'port to listen on (default: any that is free)')
    .option('--root <dirs...>', 'folders of this machine that the window may read from and write to')
    .addOption(jsonOption('print the address as JSON'))
    .addHelpText('after', SERVE_HELP)
    .action(async (raw: RawServeOptions) => {
      // Loaded when it is wanted: the other commands start without a server.
      const { serve } = await import('./serve-command.js');
      await run((host) => serve(raw, host));
    });

  return program;
}

const jsonOption = (description = 'print JSON'): Option => new Option('--json', description);
