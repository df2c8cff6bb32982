/** How a sheet, its columns and its rows are hidden, as its file says. */
export interface HiddenState {
  readonly name: string;
  /** `hidden`, `very hidden` (not offered in any menu), or null where the sheet is seen. */
  readonly sheet: 'hidden' | 'very hidden' | null;
  /** Non-zero where a column is hidden, or has no width, by place from 0. */
  readonly columns: Uint8Array;
  /** Numbers of hidden rows, from 1, in ascending order. */
  readonly rows: readonly number[];
  /** Rows are hidden unless they say otherwise. */
  readonly rowsByDefault: boolean;
  /** Cells whose format or colour shows nothing. */
  readonly invisibleCells: number;
}

/** A sheet's hidden state in words, a line for each kind: `columns D:F hidden`; none where nothing is hidden. */
export function hiddenStateLines(state: HiddenState): readonly string[] {
  const { name, sheet, columns, rows, rowsByDefault, invisibleCells } = state;
  const hiddenColumns = [...columns].flatMap((hidden, at) => (hidden === 0 ? [] : [at]));
  return [
    ...(sheet === null ? [] : [`sheet '${name}' (${sheet})`]),
    ...(hiddenColumns.length === 0 ? [] : [`columns ${ranges(hiddenColumns, columnName)} hidden`]),
    ...(rows.length === 0 ? [] : [`rows ${ranges(rows, String)} hidden`]),
    ...(rowsByDefault ? ['rows hidden unless they say otherwise'] : []),
    ...(invisibleCells === 0 ? [] : [`${invisibleCells} cells whose format shows nothing`]),
  ];
}

/** Ranges named; of more, the first ones. */
const MAX_RANGES = 40;

function ranges(places: readonly number[], nameOf: (place: number) => string): string {
  const found: [first: number, last: number][] = [];
  for (const place of places) {
    const last = found.at(-1);
    if (last !== undefined && place === last[1] + 1) last[1] = place;
    else found.push([place, place]);
  }
  const named = found
    .slice(0, MAX_RANGES)
    .map(([first, last]) => (first === last ? nameOf(first) : `${nameOf(first)}:${nameOf(last)}`));
  return [...named, ...(found.length > MAX_RANGES ? ['…'] : [])].join(', ');
}

/** `A` for 0, `AA` for 26. */
function columnName(at: number): string {
  const letter = String.fromCharCode(65 + (at % 26));
  return at < 26 ? letter : columnName(Math.floor(at / 26) - 1) + letter;
}
