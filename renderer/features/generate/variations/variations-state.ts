import { create } from 'zustand';
import type { ImageId, PhotoId, SheetVariation, VariationSheet } from '../../../../preload/contract.js';
import { SHEET_COUNT } from '../../../../preload/vocabulary.js';
import { host } from '../../../host.js';
import { currentSettings, useLibrary } from '../../../state/library.js';
import { chosenVae } from '../generate-state.js';
import { IDLE, Job, type JobState } from '../job.js';
import { rollSeed } from '../seed.js';
import {
  branchOff,
  canBranch,
  currentNode,
  goTo,
  plantTree,
  setSheet,
  stepsKey,
  type SheetSettings,
  type Steps,
  type Tree,
} from './tree.js';

/** A variation that is looked at closely. */
export interface Look {
  /** Which of the sheet, or of the pinned ones. */
  readonly variation: SheetVariation;
  /** Larger; null: on its way. */
  readonly picture: ImageId | null;
  readonly base: ImageId | null;
}

export interface VariationsState {
  /** Whose variations are shown; null: none yet. */
  readonly photo: PhotoId | null;
  readonly tree: Tree;
  /** null: not there yet. */
  readonly sheet: VariationSheet | null;
  readonly job: JobState;
  /** What is kept to be exported, in the order of pinning, by its steps. */
  readonly pinned: ReadonlyMap<string, SheetVariation>;
  /** The variation that was clicked or focused last, whose recipe is shown; null: none. */
  readonly pointed: SheetVariation | null;
  /** Whether the photo itself is shown in the place of every variation. */
  readonly holding: boolean;
  readonly look: Look | null;
  readonly lookJob: JobState;
}

export const FIRST_SHEET: SheetSettings = { kind: 'around', strength: 1, seed: 1 };

const NONE: VariationsState = {
  photo: null,
  tree: plantTree(FIRST_SHEET),
  sheet: null,
  job: IDLE,
  pinned: new Map(),
  pointed: null,
  holding: false,
  look: null,
  lookJob: IDLE,
};

export const useVariations = create<VariationsState>(() => NONE);

const sheetJob = new Job((job) => {
  useVariations.setState({ job });
});
const lookJob = new Job((state) => {
  useVariations.setState({ lookJob: state });
});

/** What is kept of photos that are not shown now, the least recent first. */
const others = new Map<PhotoId, Pick<VariationsState, 'tree' | 'pinned'>>();
const MOST_OTHERS = 30;
/** Sheets that were shown, so that walking back asks nothing, the least recent first. */
const sheets = new Map<string, VariationSheet>();
const MOST_SHEETS = 60;

/** Shows the variations of a photo, where they were left. */
export function showPhoto(photo: PhotoId): void {
  const { photo: before, tree, pinned } = useVariations.getState();
  if (photo === before) {
    void loadSheet();
    return;
  }
  if (before !== null) {
    others.delete(before);
    others.set(before, { tree, pinned });
    for (const old of others.keys()) {
      if (others.size <= MOST_OTHERS) break;
      others.delete(old);
    }
  }
  const settings = before === null ? FIRST_SHEET : currentNode(tree).sheet;
  const known = others.get(photo) ?? { tree: plantTree(settings), pinned: new Map() };
  lookJob.cancel();
  useVariations.setState({ photo, ...known, sheet: null, look: null, pointed: null, holding: false });
  void loadSheet();
}

/** What determines a sheet: another file or other sliders of its photo make another one. */
function sheetKey(photo: PhotoId, { tree }: Pick<VariationsState, 'tree'>): string {
  const { id, sheet } = currentNode(tree);
  const modifiedAt = useLibrary.getState().photos.get(photo)?.modifiedAt;
  // A direction has no chance in it.
  const seed = sheet.kind === 'around' ? sheet.seed : 0;
  return JSON.stringify([photo, modifiedAt, currentSettings(photo), id, sheet.kind, sheet.strength, seed]);
}

/** Asks for the sheet of the current place, unless it is known. */
export async function loadSheet(): Promise<void> {
  const state = useVariations.getState();
  const { photo, tree } = state;
  if (photo === null) return;
  const key = sheetKey(photo, state);
  const known = sheets.get(key);
  if (known !== undefined) {
    sheetJob.cancel();
    useVariations.setState({ sheet: known, job: IDLE });
    return;
  }
  const { steps, sheet } = currentNode(tree);
  const answer = await sheetJob.run((ticket, signal) =>
    host().call(
      'generate.variations',
      { ticket, vae: chosenVae(), photo, parent: steps, count: SHEET_COUNT, ...sheet },
      signal,
    ),
  );
  if (answer === null) return;
  sheets.set(key, answer);
  if (sheets.size > MOST_SHEETS) sheets.delete(sheets.keys().next().value!);
  useVariations.setState({ sheet: answer });
}

/** Another VAE makes other variations of every photo: no step of this one leads to the same. */
export function forgetVariations(): void {
  sheetJob.cancel();
  lookJob.cancel();
  others.clear();
  sheets.clear();
  useVariations.setState(NONE);
}

/** Asks again for what the host has cleared away meanwhile. */
export function reloadSheet(): void {
  sheets.clear();
  void loadSheet();
}

export function stopSheet(): void {
  sheetJob.cancel();
}

/** Changes what the sheet is made with; `load`: now, not while a slider still moves. */
export function changeSheet(patch: Partial<SheetSettings>, load = true): void {
  useVariations.setState(({ tree }) => ({ tree: setSheet(tree, patch) }));
  if (load) void loadSheet();
}

export function reroll(): void {
  changeSheet({ seed: rollSeed(currentNode(useVariations.getState().tree).sheet.seed) });
}

/** Goes on from a variation. */
export function varyFurther(variation: SheetVariation): void {
  if (!canBranch(variation.recipe.steps)) return;
  useVariations.setState(({ tree }) => ({ tree: branchOff(tree, variation), sheet: null, look: null }));
  void loadSheet();
}

/** Goes back, or anywhere else in the tree. */
export function walkTo(id: string): void {
  useVariations.setState(({ tree }) => ({ tree: goTo(tree, id), sheet: null, look: null }));
  void loadSheet();
}

export function togglePinned(variation: SheetVariation): void {
  useVariations.setState(({ pinned }) => {
    const next = new Map(pinned);
    const key = stepsKey(variation.recipe.steps);
    if (!next.delete(key)) next.set(key, variation);
    return { pinned: next };
  });
}

export function unpinAll(): void {
  useVariations.setState({ pinned: new Map() });
}

export const isPinned = (pinned: ReadonlyMap<string, SheetVariation>, steps: Steps): boolean =>
  pinned.has(stepsKey(steps));

export function pointAt(pointed: SheetVariation): void {
  useVariations.setState({ pointed });
}

export function setHolding(holding: boolean): void {
  useVariations.setState({ holding });
}

/** Looks at a variation closely; it is shown small until it is there. */
export async function lookAt(variation: SheetVariation): Promise<void> {
  const { photo } = useVariations.getState();
  if (photo === null) return;
  useVariations.setState({ look: { variation, picture: null, base: null } });
  const { steps } = variation.recipe;
  const answer = await lookJob.run((ticket, signal) =>
    host().call('generate.look', { ticket, vae: chosenVae(), photo, steps }, signal),
  );
  if (answer === null) return;
  useVariations.setState({ look: { variation, picture: answer.picture.image, base: answer.base } });
}

export function closeLook(): void {
  lookJob.cancel();
  useVariations.setState({ look: null, holding: false });
}
