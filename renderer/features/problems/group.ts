import type { LibraryProblem } from '../../../preload/contract.js';
import { errorText } from '../../i18n/error-text.js';

/** Files that could not be read, by what is wrong with them. */

export interface ProblemGroup {
  readonly code: string;
  /** What is wrong and what to do. */
  readonly reason: string;
  readonly problems: readonly LibraryProblem[];
}

/** The groups, the largest first. */
export function groupProblems(problems: readonly LibraryProblem[]): readonly ProblemGroup[] {
  const groups = new Map<string, LibraryProblem[]>();
  for (const problem of problems) {
    const group = groups.get(problem.error.code) ?? [];
    group.push(problem);
    groups.set(problem.error.code, group);
  }
  return [...groups]
    .map(([code, members]) => ({ code, reason: errorText(members[0]!.error), problems: members }))
    .sort((a, b) => b.problems.length - a.problems.length);
}

/** All of it as text, to be kept or sent. */
export function problemsAsText(groups: readonly ProblemGroup[]): string {
  return groups
    .map(({ reason, problems }) =>
      [reason, ...problems.map(({ name, error }) => `  ${name}: ${error.message}`)].join('\n'),
    )
    .join('\n\n');
}
