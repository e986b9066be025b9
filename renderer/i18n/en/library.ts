/** Texts of the library part. */
export const library = {
  title: 'Library',
} as const;
