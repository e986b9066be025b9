/** How long what failed at work is left alone before it is tried again: ever longer, since what goes on failing is broken. */

const FIRST_MS = 10 * 60_000;
const GROWTH = 6;

/** Milliseconds of rest after so many failures, 1 or more, in short succession: 10 minutes, an hour, 6 hours. */
export const restAfter = (failures: number): number => FIRST_MS * GROWTH ** (failures - 1);
