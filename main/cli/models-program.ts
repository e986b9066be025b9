import type { Command } from 'commander';
import type { Host } from './host.js';
import { exportModel, importModel, promoteModel, rollBackModel, showModel } from './library-command.js';
import { models } from './models-command.js';

const MODELS_HELP = `
Models of your own are those that 'stillgrain learn' has made, and those that were imported. Versions of one name form a
history. The promoted one is what --model NAME of denoise means; --model ID means one version, --model auto the promoted
version that has learnt from a photo's camera near its ISO speed.

Examples:
  $ stillgrain models show night
  $ stillgrain models promote 3f9a0c2b7d11
  $ stillgrain models rollback night
  $ stillgrain models export night night.onnx
  $ stillgrain models import night.onnx --name night`;

type Run = (command: (host: Host) => Promise<number>) => Promise<void>;
interface Raw {
  readonly json?: boolean;
  readonly name?: string;
}

/** Adds `models` and the commands below it. */
export function addModelsCommand(program: Command, run: Run): void {
  const command = program
    .command('models')
    .description('list the models that come with Stillgrain and your own; promote, roll back, export, import yours')
    .option('--json', 'print JSON')
    .addHelpText('after', MODELS_HELP)
    .action(({ json = false }: Raw) => run((host) => models({ json }, host)));

  const below = (name: string, description: string): Command =>
    command.command(name).description(description).option('--json', 'print JSON');

  below('list', 'list all models; with --json, your own as well').action((_: Raw, self: Command) =>
    run((host) => models({ ...options(self), list: true }, host)),
  );
  below('show', 'print what is known of a model of yours: parent, data, curves, scores')
    .argument('<name|id>', 'a name means its promoted version, else the most recent')
    .action((name: string, _: Raw, self: Command) => run((host) => showModel(name, options(self), host)));
  below('promote', 'let a name stand for a version')
    .argument('<name|id>', 'a name means its most recent version')
    .action((name: string, _: Raw, self: Command) => run((host) => promoteModel(name, options(self), host)));
  below('rollback', 'take back the last promotion of a name')
    .argument('<name>')
    .action((name: string, _: Raw, self: Command) => run((host) => rollBackModel(name, options(self), host)));
  below('export', 'write a model of yours, with all that is known of it, into one .onnx file')
    .argument('<name|id>')
    .argument('<file>', 'must not be there yet')
    .action((name: string, file: string, _: Raw, self: Command) =>
      run((host) => exportModel(name, file, options(self), host)),
    );
  below('import', 'take in a denoiser from an .onnx file')
    .argument('<file>')
    .option('--name <name>', 'what it is to be called (default: as the file says)')
    .action((file: string, { name }: Raw, self: Command) =>
      run((host) => importModel(file, name === undefined ? options(self) : { ...options(self), name }, host)),
    );
}

/** `models` itself has a --json as well, and commander gives one behind the command's name to it. */
function options(command: Command): { json: boolean } {
  const { json = false }: Raw = command.optsWithGlobals();
  return { json };
}
