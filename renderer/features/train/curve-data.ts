import type { TrainingRun } from '../../../preload/contract.js';

type Curves = TrainingRun['curves'];

/**
 * Held-out scores as columns to draw. Each round measures with pictures of its own: the line breaks where one ends and the
 * next begins, at the same step.
 */
export function scoreColumns(
  heldOut: Curves['heldOut'],
  rounds: Curves['rounds'],
): { x: number[]; y: (number | null)[] } {
  const x: number[] = [];
  const y: (number | null)[] = [];
  heldOut.forEach(({ step, psnr }, index) => {
    const before = heldOut[index - 1];
    const isNewRound = before?.step === step && rounds.includes(step);
    // An axis does not go back: the gap lies between two steps.
    if (isNewRound) {
      x.push(step + 0.25);
      y.push(null);
    }
    x.push(isNewRound ? step + 0.5 : step);
    y.push(psnr);
  });
  return { x, y };
}
