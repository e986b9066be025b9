import { create } from 'zustand';
import type { PhotoId } from '../../../preload/contract.js';
import { startDenoising } from '../../state/queue.js';
import { useSession } from '../../state/session.js';
import { openOverlay } from '../../state/view.js';

export interface ExportState {
  /** What the dialog plans for, and starts when it is confirmed. */
  readonly photos: readonly PhotoId[];
}

export const useExport = create<ExportState>(() => ({ photos: [] }));

/** Shows where results go and how they are written, for some photos. */
export function openExport(photos: readonly PhotoId[]): void {
  useExport.setState({ photos });
  openOverlay('export');
}

/** Denoises photos; where results go is asked first, if it was never said. */
export async function denoise(photos: readonly PhotoId[]): Promise<void> {
  if (photos.length === 0) return;
  if (useSession.getState().preferences.export.destination === null) {
    openExport(photos);
    return;
  }
  await startDenoising(photos);
}
