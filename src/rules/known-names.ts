import type { CompiledRules } from './compiled-rules.ts';

/** The names of the rules that register entries may use. */
export function knownNames(rules: Pick<CompiledRules, 'subjects' | 'datasets'>) {
  return {
    subjects: rules.subjects.map(({ id }) => id),
    measures: rules.subjects.flatMap((subject) =>
      subject.measures.map(({ id, units }) => ({ id, subject: subject.id, units })),
    ),
    datasets: rules.datasets.map(({ id }) => id),
  };
}
