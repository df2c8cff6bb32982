/** A report as its writers see it: headings, labelled texts, lists and tables; no format of its own. */
export type ReportBlock =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'field'; readonly label: string; readonly text: string }
  | { readonly kind: 'table'; readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] };

export interface ReportDocument {
  readonly title: string;
  readonly blocks: readonly ReportBlock[];
}

/** Paragraphs of a text that people typed; an empty one says that nothing was said. */
export function paragraphsOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trimEnd());
  return lines.every((line) => line === '') ? ['Not stated'] : lines.filter((line) => line !== '');
}
