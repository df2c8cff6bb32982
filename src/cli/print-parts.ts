import { type OpenedMessage, type OpenedPart, PATH_SEPARATOR, type PartContent } from '../core/part.ts';

/** One part as `holdfast open` prints it (contract section 3). */
export interface PartLine {
  readonly path: string;
  readonly type: string;
  readonly bytes: number;
  readonly hidden?: true;
  readonly text?: string;
  readonly table?: {
    readonly name: string;
    readonly rows: number;
    readonly columns: number;
    readonly header: readonly string[];
    readonly hidden: boolean;
  };
  readonly incomplete?: string;
  /** Why it is incomplete, or its text is not all of its rows, in words. */
  readonly detail?: string;
}

const CUT = 'its first rows and its words are shown';

/** Whether a table has more rows than its text has lines. */
function isCut({ table: { rows }, text }: PartContent & { kind: 'table' }): boolean {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && lines < rows; at = text.indexOf('\n', at + 1)) lines += 1;
  return rows > lines;
}

/** `cells`: a table's cells are its text, tab-separated. */
export function partLine(part: OpenedPart, cells: boolean): PartLine {
  const { path, type, bytes, content } = part;
  const line = { path, type, bytes };
  switch (content.kind) {
    case 'text':
      return { ...line, ...(content.hidden === true ? { hidden: true as const } : {}), text: content.text };
    case 'table': {
      const { name, rows, columns, header, hidden } = content.table;
      const table = { name, rows, columns, header, hidden };
      if (!cells) return { ...line, table };
      const detail = isCut(content) ? { detail: `a long table: ${CUT}` } : {};
      return { ...line, text: content.text, table, ...detail };
    }
    case 'container':
      return line;
    case 'incomplete':
      return {
        ...line,
        incomplete: content.reason,
        ...(content.detail === undefined ? {} : { detail: content.detail }),
      };
  }
}

/** The parts as a tree for a terminal; control characters are shown, never sent. */
export function partTree(opened: OpenedMessage, cells: boolean): string {
  return opened.parts.map((part) => node(part, cells)).join('');
}

function node(part: OpenedPart, cells: boolean): string {
  const steps = part.path.split(PATH_SEPARATOR);
  const indent = '  '.repeat(steps.length - 1);
  const { content } = part;
  const said: string[] = [part.type, `${part.bytes} bytes`];
  let text = '';
  if (content.kind === 'text') {
    if (content.hidden === true) said.push('hidden');
    text = content.text;
  } else if (content.kind === 'table') {
    const { rows, columns, hidden, header } = content.table;
    said.push(`${rows} rows`, `${columns} columns`, ...(hidden ? ['hidden'] : []));
    if (cells && isCut(content)) said.push(CUT);
    text = cells ? content.text : header.length > 0 ? `header: ${header.join(' | ')}` : '';
  } else if (content.kind === 'incomplete')
    said.push(`INCOMPLETE: ${content.reason}${content.detail === undefined ? '' : ` (${content.detail})`}`);
  const lines = text === '' ? [] : visibleText(text).split('\n');
  return [
    `${indent}${visibleText(steps.at(-1) ?? '')}  [${said.map(visibleText).join(', ')}]`,
    ...lines.map((line) => `${indent}  | ${line}`),
  ]
    .join('\n')
    .concat('\n');
}

/** A terminal obeys escape sequences in what it is shown; these must not reach it. */
function visibleText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, '�');
}
