/** Texts of the settings part. */
export const settings = {
  title: 'Settings',
} as const;
