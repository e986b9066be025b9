/** Texts of the compare part. */
export const compare = {
  title: 'Compare',
} as const;
