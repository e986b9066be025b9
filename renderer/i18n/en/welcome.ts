/** Texts of the welcome and of the first lesson. */
export const welcome = {
  title: 'Drop noisy photos here',
  titleAgain: 'Drop photos to begin',
  text: 'Files and whole folders, as many as you like. They stay on this computer, and the originals are never changed.',
  formats: 'JPEG, PNG, TIFF in 8 and 16 bit, WebP, AVIF',
  sampleText: 'Nothing at hand?',
  sample: 'Try it with a sample photo',
  lesson: 'Three steps to begin with',
  stepDrag: 'Drag the divider to compare',
  stepStrength: 'Move Strength',
  stepDenoise: 'Press Denoise',
  stepDone: 'Done',
  endLesson: 'End the lesson',
} as const;
