import type { RegisterContext } from '../registers/register-context.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';

/** The ids of subjects, measures and datasets that register entries may name under these rules. */
export function referenceRules(rules: CompiledRules): Pick<RegisterContext, 'subjects' | 'measures' | 'datasets'> {
  return {
    subjects: rules.subjects.map((subject) => subject.id),
    measures: rules.subjects.flatMap((subject) =>
      subject.measures.map((measure) => ({ id: measure.id, subject: subject.id, units: measure.units })),
    ),
    datasets: rules.datasets.map((dataset) => dataset.id),
  };
}
