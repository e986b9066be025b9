/** Texts of the adjust part. */
export const adjust = {
  title: 'Adjust',
} as const;
