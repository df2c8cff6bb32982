import { type OpenedMessage, type OpenedPart, PATH_SEPARATOR } from '../../core/part.ts';
import { visibleText } from './visible-text.ts';

/** One part as the attachment tree shows it. */
export interface PartRow {
  /** Its path below the part that it is in. */
  readonly name: string;
  readonly depth: number;
  readonly type: string;
  readonly bytes: number;
  /** In words: what Holdfast saw in it. */
  readonly seen: string;
  readonly hidden: boolean;
  readonly incomplete: boolean;
}

/** Every part of a message, in order, as deep as it was packed. */
export function partTree({ parts }: OpenedMessage): readonly PartRow[] {
  const known = new Set(parts.map(({ path }) => path));
  return parts.map((part) => {
    const steps = part.path.split(PATH_SEPARATOR);
    // What stands in no part of its own is named in full: nothing above it would say where it is.
    const above = steps.findLastIndex((_, at) => at > 0 && known.has(steps.slice(0, at).join(PATH_SEPARATOR)));
    return {
      name: visibleText(steps.slice(Math.max(0, above)).join(PATH_SEPARATOR)),
      depth: Math.min(Math.max(0, above), 8),
      type: part.type,
      bytes: part.bytes,
      seen: seen(part),
      hidden: isHidden(part),
      incomplete: part.content.kind === 'incomplete',
    };
  });
}

function isHidden({ content }: OpenedPart): boolean {
  return (content.kind === 'text' && content.hidden === true) || (content.kind === 'table' && content.table.hidden);
}

function seen({ content }: OpenedPart): string {
  switch (content.kind) {
    case 'text':
      return `${content.text.length.toLocaleString('en-GB')} characters of text`;
    case 'table':
      return `table of ${content.table.rows.toLocaleString('en-GB')} rows and ${content.table.columns.toLocaleString('en-GB')} columns`;
    case 'container':
      return 'opened into the parts below';
    case 'incomplete':
      return content.reason;
  }
}
