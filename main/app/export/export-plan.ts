import { access, constants, readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { DenoiseSettings, ExportPlan, ExportSettings, Place, PlaceId } from '../../../preload/contract.js';
import { AppError, toWireError } from '../../core/errors.js';
import { cancelled } from '../engine-errors.js';
import { outputError } from '../fs-errors.js';
import { parseTemplate } from '../naming.js';
import { checkFolder, freeBytes } from '../output-folder.js';
import { numbered, pathKey } from '../output-plan.js';
import { desiredFor } from '../photo-plan.js';
import type { Photo } from '../scan.js';
import { besideFolder, outboxFolder } from './lanes.js';
import { outputLabel } from './queue-view.js';

/** A photo as the library knows it. */
export interface LibraryPhoto extends Photo {
  readonly bytes: number;
}

/** One photo of an export that is being thought about. */
export interface ExportCandidate {
  readonly photo: LibraryPhoto;
  readonly settings: DenoiseSettings;
}

/** A folder that the person has allowed, and where it is. */
export interface ResolvedPlace {
  readonly place: Place;
  /** Absolute. */
  readonly path: string;
}

/** What the name of the template's setting is in messages. */
export const TEMPLATE_SUBJECT = 'the name';

/** What to do about a result that would replace an original. */
export const CONFLICT_HINT = "choose another folder, or a name such as '{name}-denoised'";

/** So many photos are named between two looks at the rest of the world. */
const CHUNK = 500;
/** Only macOS and Windows merge letter case on their own disks; the plan is not worth a try on the disk itself. */
const CASE_SENSITIVE = process.platform !== 'darwin' && process.platform !== 'win32';

/** Says what an export would do. Writes nothing; what stands in the way is part of the answer. */
export async function planExport(
  signal: AbortSignal,
  candidates: readonly ExportCandidate[],
  settings: ExportSettings,
  placeOf: (id: PlaceId) => ResolvedPlace | null,
  state: string,
): Promise<ExportPlan> {
  const { destination } = settings;
  const bytes = candidates.reduce((sum, { photo }) => sum + photo.bytes, 0);
  const plan: ExportPlan = {
    photos: candidates.length,
    bytes,
    existing: 0,
    example: null,
    destination: null,
    freeBytes: null,
    error: null,
  };
  try {
    const template = parseTemplate(settings.template, TEMPLATE_SUBJECT);
    if (destination === null) throw noDestination();
    const place = destination.kind === 'place' ? placeOf(destination.place) : null;
    if (destination.kind === 'place' && place === null) throw lostPlace();
    plan.destination = place?.place ?? null;
    const outOf = (photo: Photo): string =>
      destination.kind === 'beside'
        ? besideFolder(photo.path, destination.folder)
        : (place?.path ?? outboxFolder(state));
    const naming = { template, encode: settings.encode, keepFolders: keepsFolders(settings) };
    const outputs: string[] = [];
    let conflict: string | null = null;
    for (const [index, { photo, settings: denoise }] of candidates.entries()) {
      if (index % CHUNK === 0) await breathe(signal);
      const out = { path: outOf(photo), caseSensitive: CASE_SENSITIVE };
      const output = desiredFor({ photo, index, settings: denoise, modelName: denoise.model, out }, naming);
      if (pathKey(output, CASE_SENSITIVE) === pathKey(photo.path, CASE_SENSITIVE)) conflict ??= output;
      outputs.push(output);
    }
    const first = candidates[0]?.photo;
    const taken = destination.kind === 'download' ? new Set<string>() : await takenNames(signal, outputs);
    plan.existing = outputs.filter((output) => taken.has(pathKey(output, CASE_SENSITIVE))).length;
    if (first !== undefined) {
      const isTaken = (path: string): boolean => taken.has(pathKey(path, CASE_SENSITIVE));
      let example = outputs[0]!;
      for (let number = 2; settings.existing === 'rename' && isTaken(example); number++) {
        example = numbered(outputs[0]!, number);
      }
      plan.example = outputLabel(settings, outOf(first), example);
    }
    const folder =
      place?.path ?? (destination.kind === 'download' || first === undefined ? state : dirname(first.path));
    const free = await freeBytes(folder);
    plan.freeBytes = Number.isFinite(free) ? free : null;
    if (destination.kind !== 'download') await checkWritable(folder);
    if (conflict !== null && settings.existing !== 'rename') {
      throw new AppError(
        'output/conflict',
        `the result would replace an original, ${basename(conflict)}: ${CONFLICT_HINT}`,
      );
    }
  } catch (error) {
    if (signal.aborted) throw cancelled();
    plan.error = toWireError(error);
  }
  return plan;
}

/** Whether results keep their photos' folders: beside the originals they have them already. */
export const keepsFolders = ({ keepFolders, destination }: ExportSettings): boolean =>
  keepFolders && destination?.kind !== 'beside';

export const noDestination = (): AppError =>
  new AppError('usage/invalid', 'no folder for the results is chosen yet: choose one');

export const lostPlace = (): AppError =>
  new AppError('output/gone', 'the folder for the results is not known any more: choose it again');

/** The keys of names that files have in the folders of these outputs; each folder is read once. */
async function takenNames(signal: AbortSignal, outputs: readonly string[]): Promise<Set<string>> {
  const taken = new Set<string>();
  for (const folder of new Set(outputs.map((output) => dirname(output)))) {
    if (signal.aborted) throw cancelled();
    const prefix = pathKey(folder, CASE_SENSITIVE);
    const separator = prefix.endsWith('/') || prefix.endsWith('\\') ? '' : process.platform === 'win32' ? '\\' : '/';
    for (const name of await readdir(folder).catch(() => [])) {
      taken.add(prefix + separator + pathKey(name, CASE_SENSITIVE));
    }
  }
  return taken;
}

async function checkWritable(folder: string): Promise<void> {
  await checkFolder(folder);
  await access(folder, constants.W_OK).catch((error: unknown) => {
    throw outputError(error, folder);
  });
}

/** Lets other work go on, and stops when nobody wants the answer any more. */
async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal.aborted) throw cancelled();
}
