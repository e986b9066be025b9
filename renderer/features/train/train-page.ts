import { create } from 'zustand';

/** The pages of the view. */
export const TRAIN_PAGES = ['learn', 'pictures', 'models', 'compare'] as const;
export type TrainPage = (typeof TRAIN_PAGES)[number];

export interface TrainPages {
  readonly page: TrainPage;
  /** The version of a denoiser, or the VAE, whose card is shown; null: the first. */
  readonly version: string | null;
  /** The models that are compared, as they are named in settings. */
  readonly a: string;
  readonly b: string;
}

/** Where the person is in the view. */
export const useTrainPage = create<TrainPages>(() => ({ page: 'learn', version: null, a: 'fast', b: 'quality' }));

export const showPage = (page: TrainPage): void => {
  useTrainPage.setState({ page });
};
export const showVersion = (version: string): void => {
  useTrainPage.setState({ page: 'models', version });
};
/** Compares a model with the one that it came from, or another. */
export const compareModels = (a: string, b: string): void => {
  useTrainPage.setState({ page: 'compare', a, b });
};
