/** Parsing more would cost several times its size in memory; the text is read whatever its size. */
const MAX_JSON = 64 * 1024 ** 2;

/**
 * The rows of a JSON file that is a list of objects or of lists, or one such object a line; header first. Null for other shapes.
 */
export function recordsOf(text: string): readonly (readonly string[])[] | null {
  if (text.length > MAX_JSON) return null;
  const list = listIn(parse(text)) ?? linesOf(text);
  if (list === null || list.length < 2) return null;
  if (list.every(Array.isArray)) return list.map((row) => row.map(shown));
  if (!list.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one))) return null;
  const names = new Map<string, number>();
  const rows = list.map((record) => {
    const row: string[] = [];
    for (const [name, value] of Object.entries(record as Readonly<Record<string, unknown>>)) {
      const at = names.get(name) ?? names.size;
      names.set(name, at);
      row[at] = shown(value);
    }
    return row;
  });
  return [[...names.keys()], ...rows.map((row) => Array.from(names.values(), (at) => row[at] ?? ''))];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The list itself, or the one list a wrapping object has. */
function listIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return null;
  const lists = Object.values(value).filter((one) => Array.isArray(one) && one.length >= 2);
  return lists.length === 1 ? (lists[0] as readonly unknown[]) : null;
}

function linesOf(text: string): readonly unknown[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2) return null;
  const parsed = lines.map(parse);
  return parsed.every((one) => one !== null) ? parsed : null;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
