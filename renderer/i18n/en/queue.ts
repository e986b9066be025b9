/** Texts of the queue part. */
export const queue = {
  title: 'Queue',
} as const;
