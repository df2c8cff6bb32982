/** Elements that hold text alone and stand together in a repeating parent: an export's fields and records. */
const LEAST_RECORDS = 3;
const LEAST_FIELDS = 3;
const ELEMENT =
  /<([A-Za-z_][\w:.-]*)(?:\s[^<>]*)?>([^<]*)<\/\1\s*>|<\/([A-Za-z_][\w:.-]*)\s*>|<([A-Za-z_][\w:.-]*)(?:\s[^<>]*)?\/>/g;

export interface XmlRecords {
  /** Field names in order of appearance. */
  readonly header: readonly string[];
  readonly rows: Iterable<string[]>;
}

/**
 * The records of an XML export: an element that repeats, with plain-text children; null where the text is no such thing.
 *
 * Reads start tags, text and end tags alone, so that a cut-off file still yields its records. Rows are read anew at every iteration.
 */
export function xmlRecords(text: string): XmlRecords | null {
  if (!/^\uFEFF?\s*<[?!A-Za-z]/.test(text)) return null;
  const names = new Map<string, number>();
  let total = 0;
  for (const record of recordsOf(text)) {
    total += 1;
    for (const name of record.keys()) if (!names.has(name)) names.set(name, names.size);
  }
  if (total < LEAST_RECORDS) return null;
  return { header: [...names.keys()], rows: placed(text, names) };
}

function* placed(text: string, names: ReadonlyMap<string, number>): Generator<string[]> {
  for (const record of recordsOf(text)) {
    const cells = new Array<string>(names.size).fill('');
    for (const [name, value] of record) cells[names.get(name) ?? 0] = value;
    yield cells;
  }
}

function* recordsOf(text: string): Generator<ReadonlyMap<string, string>> {
  let record = new Map<string, string>();
  for (const [, name, value, end, empty] of text.matchAll(ELEMENT)) {
    const field = name ?? empty;
    if (field !== undefined) record.set(field, decode(value ?? ''));
    else if (end !== undefined && record.size >= LEAST_FIELDS) {
      yield record;
      record = new Map();
    }
  }
}

function decode(value: string): string {
  if (!value.includes('&')) return value.trim();
  return value
    .trim()
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&');
}
