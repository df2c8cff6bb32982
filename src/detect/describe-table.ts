import type { DatasetEvidence } from './dataset-evidence.ts';
import type { MicrodataScore } from './microdata-score.ts';

const NUMBERS = new Intl.NumberFormat('en-GB');

/** "85,000 rows of lettings, 31 column names of ...": what a reviewer reads; counts and column kinds, never a cell. */
export function describeTable(
  total: number,
  rows: string,
  dataset: { readonly title: string; readonly evidence: DatasetEvidence } | null,
  score: MicrodataScore,
  place: { readonly hidden: boolean; readonly pasted: boolean },
): string {
  const parts = [
    `${NUMBERS.format(total)} rows of ${rows}${place.hidden ? ' in a hidden place' : ''}${place.pasted ? ' pasted into text' : ''}`,
    ...(dataset === null ? [] : [`${evidenceWords(dataset.evidence)} ${dataset.title}`]),
    ...score.parts
      .filter((part) => part.points > 0 && part.id !== 'uniqueness')
      .toSorted((a, b) => b.points - a.points)
      .slice(0, 5)
      .map((part) => (part.columns <= 1 ? part.title : `${part.title} (${part.columns} columns)`)),
    ...(score.uniqueness === null || score.uniqueness.alone < 0.05
      ? []
      : [
          `${Math.round(score.uniqueness.alone * 100)}% of ${NUMBERS.format(score.uniqueness.sample)} sampled rows are alone in their combination of places, dates and personal details`,
        ]),
  ];
  return `${parts.join('; ')}.`;
}

function evidenceWords({ by, columns }: DatasetEvidence): string {
  switch (by) {
    case 'names':
      return `${columns} column names of`;
    case 'order':
      return `${columns} columns without a header in the order of`;
    case 'behaviour':
      return `${columns} columns that behave like those of`;
  }
}
