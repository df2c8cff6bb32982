/**
 * Splits delimited text into rows of cells. RFC 4180, read leniently: any line break, quotes only where a field begins with one.
 *
 * A quote that is never closed ends with its line, so that one stray mark does not swallow a file.
 */
export function parseDelimited(text: string, delimiter: string, onRow: (row: string[]) => void): void {
  let at = /^sep=.\r?\n/i.test(text) ? text.indexOf('\n') + 1 : 0;
  const bareReturns = !text.includes('\n') && text.includes('\r');
  const newline = bareReturns ? '\r' : '\n';
  while (at < text.length) {
    let end = text.indexOf(newline, at);
    if (end < 0) end = text.length;
    let line = text.slice(at, end);
    if (line.endsWith('\r')) line = line.slice(0, -1);
    if (!line.includes('"')) {
      onRow(line.split(delimiter));
      at = end + 1;
      continue;
    }
    const row: string[] = [];
    at = readQuotedRow(text, at, delimiter, newline, row);
    onRow(row);
  }
}

/** The longest quoted field taken for one; more is a stray mark. */
const MAX_FIELD = 1 << 20;

function readQuotedRow(text: string, start: number, delimiter: string, newline: string, row: string[]): number {
  let at = start;
  for (;;) {
    if (text[at] === '"') {
      const closed = closingQuote(text, at + 1);
      if (closed > 0) {
        const cell = text.slice(at + 1, closed).replaceAll('""', '"');
        const stop = fieldEnd(text, closed + 1, delimiter, newline);
        row.push(cell + text.slice(closed + 1, stop).replace(/\r$/, ''));
        at = stop;
      } else at = pushPlain(text, at, delimiter, newline, row);
    } else at = pushPlain(text, at, delimiter, newline, row);
    if (at >= text.length) return text.length;
    if (text[at] === newline) return at + 1;
    at += 1;
    if (at === text.length) {
      row.push('');
      return at;
    }
  }
}

function pushPlain(text: string, at: number, delimiter: string, newline: string, row: string[]): number {
  const stop = fieldEnd(text, at, delimiter, newline);
  row.push(text.slice(at, stop).replace(/\r$/, ''));
  return stop;
}

function fieldEnd(text: string, at: number, delimiter: string, newline: string): number {
  for (let stop = at; stop < text.length; stop += 1) {
    const character = text[stop];
    if (character === delimiter || character === newline) return stop;
  }
  return text.length;
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0 && at - from <= MAX_FIELD; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  return -1;
}
