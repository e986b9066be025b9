import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { EngineResult } from '../../preload/engine-protocol.js';
import type { OutputFile, Problem, VariationsReport } from '../../preload/generate/generate-calls.js';
import { VariationRecipe, type VariationStep } from '../../preload/generate/recipe.js';
import { chooseModels } from '../app/auto-model.js';
import { resolvedChoice } from '../app/choose-model.js';
import { AppError, EngineUnavailable, toWireError } from '../app/errors.js';
import { numberedNames, placeOutput, variationName } from '../app/generated-names.js';
import { ModelLibrary } from '../app/model-library.js';
import { prepareOutputFolder } from '../app/output-folder.js';
import { safeName } from '../app/safe-name.js';
import { scan } from '../app/scan.js';
import { cacheFolder } from '../app/state-folder.js';
import { chooseVae } from '../app/choose-vae.js';
import { VaeLibrary } from '../app/vae-library.js';
import type { InterpolateOptions, MapOptions, SampleOptions, VariationsOptions } from './generate-options.js';
import type { Host } from './host.js';
import { EXIT_INTERRUPTED } from './interrupt.js';
import { count, printable, shownPath } from './text.js';

/** Side of previews on a contact sheet, in pixels. */
const PREVIEW_PX = 480;

/** `stillgrain generate variations`. Returns the exit code. */
export async function generateVariations(
  inputs: readonly string[],
  options: VariationsOptions,
  host: Host,
): Promise<number> {
  const { terminal, interrupt } = host;
  const vae = await chooseVae(options.vae, new VaeLibrary(host.state));
  const models = await chooseModels(
    interrupt.signal,
    options.settings.model,
    host.engine,
    new ModelLibrary(host.state),
  );
  if (models.note !== null) terminal.err(`stillgrain: ${printable(models.note)}`);
  const out = (await prepareOutputFolder(options.out)).path;
  const parent = options.vary === null ? [] : await readSteps(options.vary);
  const { photos, problems } = await listPhotos(inputs, out, host);
  requirePhotos(photos, problems);
  const previews = await mkdtemp(join(tmpdir(), 'stillgrain-'));
  const taken = new Set<string>();
  let failed = problems.length;
  try {
    for (const photo of photos) {
      try {
        const [chosen] = await models.each([photo]);
        const settings = { ...options.settings, ...resolvedChoice(options.settings, chosen!) };
        failed += await varyOne(photo, parent, previews, out, taken, { ...options, vae, settings }, host);
      } catch (error) {
        if (interrupt.signal.aborted) return EXIT_INTERRUPTED;
        if (error instanceof EngineUnavailable) throw error;
        failed++;
        const wire = toWireError(error);
        if (options.json) terminal.out(JSON.stringify({ input: photo, status: 'failed', error: wire }));
        else terminal.err(`failed  ${shownPath(photo)}: ${printable(wire.message)}`);
      }
    }
  } finally {
    await rm(previews, { recursive: true, force: true });
  }
  return failed > 0 ? 1 : 0;
}

/** Varies one photo; returns how many of its variations failed. */
async function varyOne(
  photo: string,
  parent: VariationStep[],
  folder: string,
  out: string,
  taken: Set<string>,
  options: VariationsOptions,
  { engine, interrupt, terminal }: Host,
): Promise<number> {
  const { vae, runtime, kind, strength, seed, settings, policy, encode } = options;
  const stem = basename(photo, extname(photo));
  const sheet = options.sheet ? await placeOutput(out, safeName(`${stem}-sheet`, '.png'), policy, taken) : null;
  const common = { vae, runtime, photo, settings };
  const report = await engine.call(interrupt.signal, 'variations', {
    ...common,
    parent,
    kind,
    count: options.count,
    strength,
    seed,
    folder,
    side: PREVIEW_PX,
    sheet,
  });
  const line = (
    status: string,
    output: string | null,
    variation: VariationsReport['variations'][number],
    more = {},
  ) => {
    const { name, recipe, distance } = variation;
    if (options.json) terminal.out(JSON.stringify({ input: photo, output, status, name, distance, recipe, ...more }));
    else if (output !== null) terminal.out(`${shownPath(output)}  ${name}`);
  };
  if (sheet !== null && !options.json) terminal.out(shownPath(sheet.path));
  if (options.sheetOnly) {
    for (const variation of report.variations) line('previewed', null, variation);
    return 0;
  }
  const items: { steps: VariationStep[]; output: OutputFile }[] = [];
  const wanted = new Map<string, VariationsReport['variations'][number]>();
  for (const variation of report.variations) {
    const output = await placeOutput(out, variationName(photo, variation.name, encode.format), policy, taken);
    if (output === null) {
      line('skipped', null, variation, { reason: 'exists' });
      if (!options.json)
        terminal.err(`skipped  ${variationName(photo, variation.name, encode.format)}: it is there already`);
      continue;
    }
    items.push({ steps: variation.recipe.steps, output });
    wanted.set(output.path, variation);
  }
  if (items.length === 0) return 0;
  let failures = 0;
  await engine.call(interrupt.signal, 'exportVariations', { ...common, encode, items }, undefined, (item) => {
    const variation = wanted.get(item.output)!;
    if (item.error === null) line('done', item.output, variation, item.notes.length > 0 ? { notes: item.notes } : {});
    else {
      failures++;
      if (options.json) line('failed', item.output, variation, { error: item.error });
      else terminal.err(`failed  ${shownPath(item.output)}: ${printable(item.error.message)}`);
    }
  });
  return failures;
}

/** The steps of a variation that is to be varied further. @throws AppError usage/invalid, input/not-found */
async function readSteps(file: string): Promise<VariationStep[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new AppError('input/not-found', `the recipe ${shownPath(file)} could not be read`);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new AppError('usage/invalid', `the recipe ${shownPath(file)} is not JSON`);
  }
  const inner = typeof json === 'object' && json !== null && 'recipe' in json ? json.recipe : json;
  const parsed = VariationRecipe.safeParse(inner);
  if (parsed.success) return parsed.data.steps;
  throw new AppError('usage/invalid', `${shownPath(file)} is no recipe of a variation, as --json prints it`);
}

/** `stillgrain generate interpolate`. Returns the exit code. */
export async function generateInterpolation(options: InterpolateOptions, host: Host): Promise<number> {
  const { engine, interrupt, terminal } = host;
  const { photos, frames, policy, animation: format, runtime, closed, detail, size } = options;
  const vae = await chooseVae(options.vae, new VaeLibrary(host.state));
  const out = (await prepareOutputFolder(options.out)).path;
  const taken = new Set<string>();
  const outputs: OutputFile[] = [];
  let animation: (OutputFile & { framesPerSecond: number }) | null = null;
  if (format === null) {
    for (const name of numberedNames('frame', frames, '.png')) {
      outputs.push(await placeOrRefuse(out, name, policy, taken));
    }
  } else {
    const place = await placeOrRefuse(out, 'interpolation.webp', policy, taken);
    animation = { ...place, framesPerSecond: options.fps };
  }
  const request = { vae, runtime, photos: [...photos], frames, closed, detail, side: size, outputs, animation };
  const { files } = await engine.call(interrupt.signal, 'interpolate', request);
  printFiles(files, options.json, host);
  if (!options.json) terminal.out(count(frames, 'frame'));
  return 0;
}

/** `stillgrain generate sample`. Returns the exit code. */
export async function generateSamples(options: SampleOptions, host: Host): Promise<number> {
  const { engine, interrupt, terminal } = host;
  const { policy, runtime, seed, size } = options;
  const vae = await chooseVae(options.vae, new VaeLibrary(host.state));
  const out = (await prepareOutputFolder(options.out)).path;
  const { photos, problems } = await listPhotos(options.from, out, host);
  if (options.from.length > 0) requirePhotos(photos, problems);
  const taken = new Set<string>();
  const outputs: OutputFile[] = [];
  for (const name of numberedNames('sample', options.count, '.png')) {
    outputs.push(await placeOrRefuse(out, name, policy, taken));
  }
  const cache = await latentCache();
  const request = { vae, runtime, photos, seed, side: size, outputs, indices: null, cache };
  const report = await engine.call(interrupt.signal, 'sample', request);
  printProblems(report.problems, options.json, host);
  printFiles(report.files, options.json, host);
  if (!options.json) terminal.out(priorLine(report, photos.length));
  return problems.length + report.problems.length > 0 ? 1 : 0;
}

function priorLine({ components }: EngineResult<'sample'>, photos: number): string {
  if (components === 0) return 'drawn from N(0, I): samples look better with --from PHOTOS';
  return `drawn from a mixture of ${count(components, 'Gaussian')}, fitted to ${count(photos, 'photo')}`;
}

/** `stillgrain generate map`. Returns the exit code. */
export async function generateMap(inputs: readonly string[], options: MapOptions, host: Host): Promise<number> {
  const { engine, interrupt, terminal } = host;
  const { policy, runtime, neighbours, size } = options;
  const vae = await chooseVae(options.vae, new VaeLibrary(host.state));
  const out = (await prepareOutputFolder(options.out)).path;
  const { photos, problems } = await listPhotos(inputs, out, host);
  requirePhotos(photos, problems);
  const taken = new Set<string>();
  const file = await placeOrRefuse(out, 'map.json', policy, taken);
  const picture = await placeOrRefuse(out, 'map.png', policy, taken);
  const cache = await latentCache();
  const request = { vae, runtime, photos, cache, neighbours, file, picture, side: size };
  const report = await engine.call(interrupt.signal, 'latentMap', request);
  if (options.json) terminal.out(JSON.stringify(report));
  else {
    printProblems(report.problems, false, host);
    for (const { path } of [file, picture]) terminal.out(shownPath(path));
    const [first, second] = report.explained.map((share) => `${Math.round(share * 100)} %`);
    terminal.out(`${count(report.points.length, 'photo')}; the axes have ${first!} and ${second!} of the variance`);
  }
  return problems.length + report.problems.length > 0 ? 1 : 0;
}

async function latentCache(): Promise<string> {
  const cache = join(cacheFolder(), 'latents');
  await mkdir(cache, { recursive: true, mode: 0o700 });
  return cache;
}

/** Files that only make sense together are not skipped one by one. */
async function placeOrRefuse(
  folder: string,
  name: string,
  policy: VariationsOptions['policy'],
  taken: Set<string>,
): Promise<OutputFile> {
  const place = await placeOutput(folder, name, policy, taken);
  if (place !== null) return place;
  const path = shownPath(join(folder, name));
  throw new AppError(
    'output/exists',
    `${path} is there already: give --existing overwrite or rename, or another --out`,
  );
}

interface Listed {
  readonly photos: string[];
  readonly problems: Problem[];
}

async function listPhotos(inputs: readonly string[], out: string, { terminal, interrupt }: Host): Promise<Listed> {
  const photos: string[] = [];
  const problems: Problem[] = [];
  for await (const event of scan(inputs, { recursive: true, exclude: [out] })) {
    if (interrupt.signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
    if (event.type === 'photo') photos.push(event.photo.path);
    else if (event.type === 'problem') {
      problems.push({ path: event.path, error: event.error });
      terminal.err(`left out  ${shownPath(event.path)}: ${printable(event.error.message)}`);
    }
  }
  return { photos, problems };
}

function requirePhotos(photos: readonly string[], problems: readonly Problem[]): void {
  if (photos.length > 0) return;
  const why = problems[0] === undefined ? '(JPEG, PNG, TIFF, WebP, AVIF)' : `: ${problems[0].error.message}`;
  throw new AppError('input/not-found', `no photos found ${why}`);
}

function printProblems(problems: readonly Problem[], json: boolean, { terminal }: Host): void {
  for (const { path, error } of problems) {
    if (json) terminal.out(JSON.stringify({ input: path, status: 'failed', error }));
    else terminal.err(`left out  ${shownPath(path)}: ${printable(error.message)}`);
  }
}

function printFiles(files: EngineResult<'sample'>['files'], json: boolean, { terminal }: Host): void {
  for (const file of files) terminal.out(json ? JSON.stringify({ status: 'done', ...file }) : shownPath(file.output));
}
