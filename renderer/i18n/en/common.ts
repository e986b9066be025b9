/** Texts of the common part. */
export const common = {
  appName: 'Stillgrain',
  close: 'Close',
  dismiss: 'Dismiss',
} as const;
