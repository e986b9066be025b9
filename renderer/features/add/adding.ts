import i18next from 'i18next';
import { create } from 'zustand';
import type { UploadProgress } from '../../../preload/contract.js';
import { CallError, unwrap } from '../../../preload/vocabulary.js';
import { host } from '../../host.js';
import { fail, say, useSession } from '../../state/session.js';
import { openOverlay, openPhoto, useView } from '../../state/view.js';
import { settleRemovals } from '../library/removing.js';
import { entriesOf, MAX_DROPPED_FILES, walkEntries, walkFiles, type WalkedDrop } from './walk-drop.js';

/** Adding photos: by dialog, by drop, and the sample. */

export interface AddingState {
  /** Files on their way to the host; null: none. */
  readonly upload: UploadProgress | null;
}

export const useAdding = create<AddingState>(() => ({ upload: null }));

/** Files sent in one go: between two goes the person can stop. */
const FILES_PER_GO = 50;
let stopped = false;

/** Sends nothing more of what was dropped; what has arrived stays. */
export function stopUpload(): void {
  stopped = true;
}

/** Adds what was dropped on the window. Must be called in the event itself. */
export function addDrop(transfer: DataTransfer): void {
  const { bridge } = host();
  settleRemovals();
  if (bridge.takesFolders) {
    void bridge
      .addDropped([...transfer.files], [], () => undefined)
      .then(unwrap)
      .catch(fail);
    return;
  }
  const entries = entriesOf(transfer.items);
  void walkEntries(entries).then(send).catch(fail);
}

/** Adds files of an input. */
export function addFiles(files: readonly File[]): void {
  void send(walkFiles(files)).catch(fail);
}

async function send({ files, leftOut, truncated }: WalkedDrop): Promise<void> {
  if (leftOut.length > 0) say('info', i18next.t('leftOut', { count: leftOut.length, names: someOf(leftOut) }));
  if (truncated) say('warning', i18next.t('tooMany', { count: MAX_DROPPED_FILES }));
  if (files.length === 0) {
    if (leftOut.length === 0) say('info', i18next.t('nothingToAdd'));
    return;
  }
  stopped = false;
  useAdding.setState({ upload: { files: 0, total: files.length } });
  try {
    for (let from = 0; from < files.length && !wasStopped(); from += FILES_PER_GO) {
      const part = files.slice(from, from + FILES_PER_GO);
      const reply = await host().bridge.addDropped([], part, (progress) => {
        useAdding.setState({ upload: { files: from + progress.files, total: files.length } });
      });
      unwrap(reply);
    }
  } finally {
    useAdding.setState({ upload: null });
  }
}

const NAMES_SAID = 3;

/** The first of some names, as a sentence lists them. */
const someOf = (names: readonly string[]): string =>
  new Intl.ListFormat(i18next.language, { type: 'unit' }).format(names.slice(0, NAMES_SAID));

// A function, so that the compiler does not take the flag for settled within the loop.
const wasStopped = (): boolean => stopped;

/** Opens the way to choose photos that this host has. */
export function pick(kind: 'files' | 'folders'): void {
  settleRemovals();
  if (host().host === 'desktop') void host().call('library.pick', { kind }).catch(fail);
  else inputOf(kind).click();
}

/** Opens the folders of the server. */
export function browseServer(): void {
  openOverlay('places');
}

function inputOf(kind: 'files' | 'folders'): HTMLInputElement {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  if (kind === 'folders') input.webkitdirectory = true;
  else input.accept = '.jpg,.jpeg,.jpe,.png,.tif,.tiff,.webp,.avif';
  input.addEventListener('change', () => {
    addFiles([...(input.files ?? [])]);
  });
  return input;
}

/** Adds the photo that comes with the program, and begins the first lesson with it. */
export async function trySample(): Promise<void> {
  try {
    const { photo } = await host().call('library.addSample', {});
    useView.setState({ lesson: photo, panelOpen: true });
    openPhoto(photo);
  } catch (error) {
    fail(error instanceof CallError ? error : new CallError('engine/internal', String(error)));
  }
}

/** Whether the server was started with folders to look into. */
export const useHasRoots = (): boolean => useSession((state) => state.info.hasRoots);
