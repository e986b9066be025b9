/** Texts of the common part. */
export const common = {
  appName: 'Stillgrain',
} as const;
