/** Texts of the export part. */
export const exportTexts = {
  title: 'Export',
} as const;
