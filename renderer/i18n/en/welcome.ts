/** Texts of the welcome part. */
export const welcome = {
  title: 'Welcome to Stillgrain',
} as const;
