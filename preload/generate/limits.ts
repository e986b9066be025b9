/** Limits of generating, apart from their schemas, so that the window can have them without those. */

/** Strength of a step: 1 is a plain change, 0 none. */
export const MAX_STEP_STRENGTH = 3;
/** Steps of one variation: each goes on from where the one before ended. */
export const MAX_STEPS = 32;
/** Seeds count by their low 32 bits. */
export const MAX_SEED = 2 ** 32 - 1;
/** Photos that a way may lead along. */
export const MOST_INTERPOLATED = 8;

/** Steps of a variation that the window varies further: what comes of it can still be looked at. */
export const MOST_PARENT_STEPS = MAX_STEPS - 2;
/** Variations on one sheet of the window. */
export const SHEET_COUNT = 9;
/** Frames of a way in the window. */
export const MOST_WINDOW_FRAMES = 120;
/** New pictures that the window asks for at once. */
export const MOST_WINDOW_SAMPLES = 36;
/** Photos of a map or of a prior in the window: every one is compared with every other, and each point reads all again. */
export const MOST_MAPPED = 2000;
/** Points of the map that one request decodes. */
export const MOST_POINTS = 12;
/** Longest side of new pictures, in pixels. */
export const SAMPLE_PX = 512;
/** Longest sides that frames are exported in, in pixels. */
export const FRAME_SIDES = [480, 960, 1600] as const;
