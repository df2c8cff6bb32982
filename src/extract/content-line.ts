/** One property of a calendar or a card: `NAME;PARAMETER=VALUE:VALUE`. */
export interface ContentLine {
  /** Upper case, without a group. */
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** As written, unfolded. */
  readonly value: string;
}

/** The properties of iCalendar (RFC 5545 section 3.1) and vCard text (RFC 6350, and 2.1 with its quoted-printable folds). */
export function parseContentLines(text: string): {
  readonly lines: readonly ContentLine[];
  readonly strays: readonly string[];
} {
  const unfolded: string[] = [];
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const last = unfolded.at(-1);
    if (last !== undefined && /^[ \t]/.test(raw)) unfolded[unfolded.length - 1] = last + raw.slice(1);
    else if (last?.endsWith('=') === true && /;(ENCODING=)?QUOTED-PRINTABLE/i.test(last.slice(0, last.indexOf(':'))))
      unfolded[unfolded.length - 1] = last.slice(0, -1) + raw;
    else unfolded.push(raw);
  }
  const lines: ContentLine[] = [];
  const strays: string[] = [];
  for (const line of unfolded) {
    const parsed = parseLine(line);
    if (parsed !== null) lines.push(parsed);
    else if (line.trim() !== '') strays.push(line);
  }
  return { lines, strays };
}

function parseLine(line: string): ContentLine | null {
  const head = /^(?:[\w-]+\.)?([A-Za-z0-9-]+)((?:;(?:[^":;]|"[^"]*")*)*):/.exec(line);
  if (head === null) return null;
  const parameters = new Map<string, string>();
  for (const match of (head[2] as string).matchAll(/;([^=;:"]+)(?:=((?:[^";:]|"[^"]*")*))?/g))
    parameters.set((match[1] as string).toUpperCase(), (match[2] ?? '').replaceAll('"', ''));
  return { name: (head[1] as string).toUpperCase(), parameters, value: line.slice(head[0].length) };
}

/** Undoes the escapes of text values: `\n`, `\,`, `\;`, `\\`. */
export function unescapeText(value: string): string {
  return value.replace(/\\([nN,;\\:"])/g, (_, escaped: string) => (/n/i.test(escaped) ? '\n' : escaped));
}
