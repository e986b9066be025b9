import { create } from 'zustand';
import type { CallParams, DenoiseSettings, PhotoId } from '../../preload/contract.js';
import { DEFAULT_DENOISE } from '../../preload/vocabulary.js';
import { host } from '../host.js';
import { EMPTY_HISTORY, makeStep, record, stepBack, stepForward, type History } from './adjust-history.js';
import { AdjustSender, DEFAULTS, type Changes, type Slot } from './adjust-sender.js';
import { currentTarget, readSlot, slotsOf } from './adjust-target.js';
import { holdAdjustments, releaseAdjustments, useLibrary } from './library.js';
import { fail, holdPreferences, releasePreferences, useSession } from './session.js';

/** Changing the sliders of photos: at once in the window, soon in the host, with undo. */

export interface AdjustState {
  readonly history: History;
  /** Settings that were copied. */
  readonly clipboard: DenoiseSettings | null;
}

export const useAdjust = create<AdjustState>(() => ({ history: EMPTY_HISTORY, clipboard: null }));

/** A slider that is being dragged: everything until it ends is one step. */
interface Gesture {
  readonly control: string;
  readonly before: Map<Slot, DenoiseSettings | null>;
  readonly began: number;
}

let gesture: Gesture | undefined;
/** What a hovered preset has replaced. */
let previewed: Changes | undefined;
/** The history when the host last had everything. */
let settled: History = EMPTY_HISTORY;

const MAX_CHANGES = 10_000;

const sender = new AdjustSender({
  send: async (changes) => {
    const defaults = changes.get(DEFAULTS);
    if (defaults) await host().call('preferences.set', { adjustments: defaults });
    const groups = groupChanges(changes);
    for (let from = 0; from < groups.length; from += MAX_CHANGES) {
      await host().call('library.adjust', { changes: groups.slice(from, from + MAX_CHANGES) });
    }
  },
  confirmed: (slots) => {
    release(slots);
    if (sender.idle) settled = useAdjust.getState().history;
  },
  refused: (before, error) => {
    write(before);
    release([...before.keys()]);
    // The steps since then lead to values that never came to be.
    useAdjust.setState({ history: settled });
    endChange();
    fail(error);
  },
});

type AdjustChanges = CallParams<'library.adjust'>['changes'];

/** Photos that get the same settings go together. */
export function groupChanges(changes: Changes): AdjustChanges {
  const groups = new Map<string, AdjustChanges[number]>();
  for (const [slot, adjustments] of changes) {
    if (slot === DEFAULTS) continue;
    const key = JSON.stringify(adjustments);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { photos: [slot], adjustments });
    else group.photos.push(slot);
  }
  return [...groups.values()];
}

function write(changes: Changes): void {
  const defaults = changes.get(DEFAULTS);
  if (defaults) holdPreferences({ adjustments: defaults });
  const photos = new Map<PhotoId, DenoiseSettings | null>();
  for (const [slot, settings] of changes) if (slot !== DEFAULTS) photos.set(slot, settings);
  if (photos.size > 0) holdAdjustments(photos);
}

function release(slots: readonly Slot[]): void {
  releaseAdjustments(slots.flatMap((slot) => (slot === DEFAULTS ? [] : slot)));
  if (slots.includes(DEFAULTS)) releasePreferences();
}

const settingsIn = (slot: Slot): DenoiseSettings => readSlot(slot) ?? useSession.getState().preferences.adjustments;

const read = (slots: Iterable<Slot>): Map<Slot, DenoiseSettings | null> =>
  new Map([...slots].map((slot) => [slot, readSlot(slot)]));

/** Changes some settings of the target: part of a drag of `control` until `endChange`. */
export function change(patch: Partial<DenoiseSettings>, control: string): void {
  endPreview();
  if (gesture !== undefined && gesture.control !== control) endChange();
  const slots = slotsOf(currentTarget());
  const before = read(slots);
  gesture ??= { control, before: new Map(), began: Date.now() };
  for (const [slot, value] of before) if (!gesture.before.has(slot)) gesture.before.set(slot, value);
  const after = new Map(slots.map((slot) => [slot, { ...settingsIn(slot), ...patch }]));
  write(after);
  sender.push(after, before, false);
}

/** Ends a drag: what it changed is one step to undo. */
export function endChange(): void {
  if (gesture === undefined) return;
  const { control, before, began } = gesture;
  gesture = undefined;
  const step = makeStep(before, read(before.keys()), control, { began, ended: Date.now() });
  useAdjust.setState(({ history }) => ({ history: record(history, step) }));
  sender.flush();
}

/** Changes some settings of the target in one step. */
export function changeOnce(patch: Partial<DenoiseSettings>, control: string): void {
  change(patch, control);
  endChange();
}

/** Sets slots to whole settings, in one step. */
function replace(after: Changes, control: string): void {
  endPreview();
  endChange();
  const now = Date.now();
  const before = read(after.keys());
  const step = makeStep(before, after, control, { began: now, ended: now });
  if (step.after.size === 0) return;
  write(step.after);
  sender.push(step.after, step.before, true);
  useAdjust.setState(({ history }) => ({ history: record(history, step) }));
}

/** Gives the target these settings. */
export function applySettings(settings: DenoiseSettings, control = 'settings'): void {
  replace(new Map(slotsOf(currentTarget()).map((slot) => [slot, settings])), control);
}

/** Gives the target part of some settings: a built-in preset leaves model and noise level alone. */
export function applyPatch(patch: Partial<DenoiseSettings>, control: string): void {
  const slots = slotsOf(currentTarget());
  replace(new Map(slots.map((slot) => [slot, { ...settingsIn(slot), ...patch }])), control);
}

/** What one control goes back to: the defaults, for a photo; the program's, for the defaults themselves. */
export function baseline(): DenoiseSettings {
  return currentTarget().length === 0 ? DEFAULT_DENOISE : useSession.getState().preferences.adjustments;
}

/** Puts one control back. */
export function resetControl(...keys: readonly (keyof DenoiseSettings)[]): void {
  const base = baseline();
  const patch: Partial<DenoiseSettings> = Object.fromEntries(keys.map((key) => [key, base[key]]));
  // A photo without settings of its own has nothing to put back.
  const own = slotsOf(currentTarget()).flatMap((slot) => {
    const settings = readSlot(slot);
    return settings === null ? [] : [[slot, { ...settings, ...patch }] as const];
  });
  replace(new Map(own), `reset ${keys.join(' ')}`);
}

/** Takes a photo's own settings away, or makes the defaults those of the program. */
export function resetAll(): void {
  const target = currentTarget();
  const settings = target.length === 0 ? DEFAULT_DENOISE : null;
  replace(new Map(slotsOf(target).map((slot) => [slot, settings])), 'reset');
}

/** Copies the settings of the photo that has the focus, or of the first of the target. */
export function copySettings(active: PhotoId | null): void {
  const target = currentTarget();
  const source = active !== null && target.includes(active) ? active : slotsOf(target)[0]!;
  useAdjust.setState({ clipboard: settingsIn(source) });
}

/** Gives the target what was copied. */
export function pasteSettings(): void {
  const { clipboard } = useAdjust.getState();
  if (clipboard !== null) applySettings(clipboard, 'paste');
}

/** Gives other photos the settings that one has. */
export function applyTo(photos: Iterable<PhotoId>, from: PhotoId): void {
  const settings = settingsIn(from);
  const others = [...photos].filter((id) => id !== from && useLibrary.getState().photos.has(id));
  replace(new Map(others.map((id) => [id, settings])), 'apply');
}

/** Shows settings on the target without sending them: while a preset is under the pointer. */
export function preview(patch: Partial<DenoiseSettings>): void {
  endChange();
  const slots = slotsOf(currentTarget());
  if (slots[0] === DEFAULTS) return;
  previewed ??= read(slots);
  const before = previewed;
  const base = (slot: Slot): DenoiseSettings => before.get(slot) ?? useSession.getState().preferences.adjustments;
  write(new Map([...before.keys()].map((slot) => [slot, { ...base(slot), ...patch }])));
}

/** Puts back what `preview` replaced. */
export function endPreview(): void {
  if (previewed === undefined) return;
  const before = previewed;
  previewed = undefined;
  write(before);
  release([...before.keys()].filter((slot) => !sender.holds(slot)));
}

/** One step back. */
export function undo(): void {
  travel(stepBack);
}

/** One step forward again. */
export function redo(): void {
  travel(stepForward);
}

function travel(step: typeof stepBack): void {
  endPreview();
  endChange();
  const next = step(useAdjust.getState().history);
  if (next === undefined) return;
  const { photos } = useLibrary.getState();
  const changes: Changes = new Map([...next.changes].filter(([slot]) => slot === DEFAULTS || photos.has(slot)));
  const before = read(changes.keys());
  useAdjust.setState({ history: next.history });
  write(changes);
  sender.push(changes, before, true);
}
