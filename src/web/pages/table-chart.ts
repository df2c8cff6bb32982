import { DISTINCT_LIMIT, type OpenedMessage } from '../../core/part.ts';

const MOST_TABLES = 12;
const MOST_COLUMNS = 60;
const STEP = 12;
const HEIGHT = 40;

export interface TableChart {
  readonly path: string;
  readonly rows: number;
  readonly columns: number;
  readonly width: number;
  readonly height: number;
  readonly bars: readonly { readonly x: number; readonly y: number; readonly height: number; readonly kind: string }[];
  /** The same in words, for whoever does not see it. */
  readonly words: string;
  readonly cut: boolean;
}

/** How each table's columns are filled and with what, a bar a column: rows of people look unlike a published table. */
export function tableCharts({ parts }: OpenedMessage): readonly TableChart[] {
  return parts
    .flatMap(({ path, content }) =>
      content.kind === 'table' && content.table.profiles.length > 0 ? [{ path, table: content.table }] : [],
    )
    .slice(0, MOST_TABLES)
    .map(({ path, table }) => {
      const shown = table.profiles.slice(0, MOST_COLUMNS);
      const most = Math.max(1, ...shown.map(({ filled }) => filled));
      const kinds = shown.map((profile) => kindOf(profile));
      const bars = shown.map(({ filled }, index) => {
        const height = Math.round((filled / most) * HEIGHT);
        return { x: index * STEP, y: HEIGHT - height, height, kind: kinds[index] ?? 'text' };
      });
      return {
        path,
        rows: table.rows,
        columns: table.columns,
        width: Math.max(1, shown.length) * STEP,
        height: HEIGHT,
        bars,
        words: wordsOf(kinds, shown.filter(({ distinct }) => distinct >= DISTINCT_LIMIT).length),
        cut: table.profiles.length > MOST_COLUMNS,
      };
    });
}

type Profile = OpenedMessage['parts'][number]['content'] extends infer Content
  ? Content extends { readonly kind: 'table'; readonly table: { readonly profiles: readonly (infer One)[] } }
    ? One
    : never
  : never;

function kindOf({ filled, integers, decimals, dates }: Profile): 'number' | 'date' | 'text' | 'empty' {
  if (filled === 0) return 'empty';
  if (dates * 2 > filled) return 'date';
  return (integers + decimals) * 2 > filled ? 'number' : 'text';
}

const KIND_WORDS = { number: 'of numbers', date: 'of dates', text: 'of text', empty: 'empty' } as const;

function wordsOf(kinds: readonly (keyof typeof KIND_WORDS)[], various: number): string {
  const counted = (['number', 'date', 'text', 'empty'] as const).flatMap((kind) => {
    const count = kinds.filter((one) => one === kind).length;
    return count === 0 ? [] : [`${count} ${KIND_WORDS[kind]}`];
  });
  const many = various === 0 ? '' : `; ${various} with ${DISTINCT_LIMIT} different values or more`;
  return `Columns: ${counted.join(', ')}${many}`;
}
