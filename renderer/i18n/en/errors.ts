/** Texts of the errors part. */
export const errors = {
  unknown: 'Something went wrong: {{message}}',
} as const;
