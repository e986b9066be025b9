import { create } from 'zustand';
import type { PhotoId } from '../../preload/contract.js';
import { useSelection } from './selection.js';

/** What fills the window. */
export type View = 'library' | 'compare' | 'train' | 'generate';
/** What lies over it. */
export type Overlay = 'none' | 'settings' | 'export' | 'shortcuts' | 'problems' | 'places';

export interface ViewState {
  readonly view: View;
  readonly overlay: Overlay;
  /** Whether the list of the queue is open. */
  readonly queueOpen: boolean;
  /** Whether the sliders are shown beside the view. */
  readonly panelOpen: boolean;
  /** The sample photo that the first lesson is given with; null: no lesson. */
  readonly lesson: PhotoId | null;
}

/** Narrower windows start with the photos alone. */
const PANEL_FITS_PX = 1000;

export const useView = create<ViewState>(() => ({
  view: 'library',
  overlay: 'none',
  queueOpen: false,
  panelOpen: typeof window === 'undefined' || window.innerWidth >= PANEL_FITS_PX,
  lesson: null,
}));

/** The views that work on photos one by one, beside which their sliders are shown. */
export const adjusts = (view: View): boolean => view === 'library' || view === 'compare';

/** Shows a photo in the compare view. */
export function openPhoto(id: PhotoId): void {
  useSelection.setState({ active: id, anchor: id });
  useView.setState({ view: 'compare' });
}

export const showLibrary = (): void => {
  useView.setState({ view: 'library' });
};
export const showTraining = (): void => {
  useView.setState({ view: 'train' });
};
export const showGeneration = (): void => {
  useView.setState({ view: 'generate' });
};
export const openOverlay = (overlay: Overlay): void => {
  useView.setState({ overlay });
};
export const closeOverlay = (): void => {
  useView.setState({ overlay: 'none' });
};

export const toggleQueue = (): void => {
  useView.setState(({ queueOpen }) => ({ queueOpen: !queueOpen }));
};
export const togglePanel = (): void => {
  useView.setState(({ panelOpen }) => ({ panelOpen: !panelOpen }));
};
