/** One figure, the budget it is held against, and whether it keeps to it. */
export interface Finding {
  readonly what: string;
  readonly figure: string;
  readonly budget: string;
  readonly ok: boolean;
}

/** Prints a figure as a line. */
export function printFinding({ what, figure, budget, ok }: Finding): void {
  console.log(`${what}: ${figure} (budget ${budget}): ${ok ? 'ok' : 'OVER'}`);
}

/** A time that must be shorter than its budget, in milliseconds. */
export function timeFinding(what: string, ms: number, budgetMs: number, note = ''): Finding {
  return { what, figure: `${ms.toFixed(0)} ms${note}`, budget: `under ${budgetMs} ms`, ok: ms < budgetMs };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
