/** One property of a calendar or a card: `NAME;PARAMETER=VALUE:VALUE`. */
export interface ContentLine {
  /** Upper case, without a group. */
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** As written, unfolded. */
  readonly value: string;
}

/** Joins folded lines: folds count bytes and may stand in the middle of a character. RFC 5545 section 3.1. */
export function unfoldBytes(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  return Buffer.from(text.replace(/(?<=[^\0-\x7f])(\r\n|\n|\r)[ \t](?=[^\0-\x7f])/g, ''), 'latin1');
}

/** The properties of iCalendar (RFC 5545 section 3.1) and vCard text (RFC 6350, and 2.1 with its quoted-printable folds). */
export function parseContentLines(text: string): {
  readonly lines: readonly ContentLine[];
  readonly strays: readonly string[];
} {
  const unfolded: string[] = [];
  const add = (pieces: readonly string[]): void => {
    unfolded.push(pieces.join(''));
  };
  let pieces: string[] = [];
  let quoted = false;
  for (const raw of text.split(/\r\n|\n|\r/)) {
    if (pieces.length > 0 && quoted && pieces.at(-1)?.endsWith('=') === true) {
      pieces[pieces.length - 1] = (pieces.at(-1) as string).slice(0, -1);
      pieces.push(raw);
    } else if (pieces.length > 0 && /^[ \t]/.test(raw)) pieces.push(raw.slice(1));
    else {
      if (pieces.length > 0) add(pieces);
      pieces = [raw];
      quoted = QUOTED.test(raw);
    }
  }
  if (pieces.length > 0) add(pieces);
  const lines: ContentLine[] = [];
  const strays: string[] = [];
  for (const line of unfolded) {
    const parsed = parseLine(line);
    if (parsed !== null) lines.push(parsed);
    else if (line.trim() !== '') strays.push(line);
  }
  return { lines, strays };
}

const QUOTED = /^[^:]*;(?:ENCODING=)?"?QUOTED-PRINTABLE/i;

function parseLine(line: string): ContentLine | null {
  const head = /^(?:[\w-]+\.)?([A-Za-z0-9-]+)((?:;(?:[^":;]|"[^"]*")*)*):/.exec(line);
  if (head === null) return null;
  const parameters = new Map<string, string>();
  for (const match of (head[2] as string).matchAll(/;([^=;:"]+)(?:=((?:[^";:]|"[^"]*")*))?/g)) {
    const parameter = (match[1] as string).toUpperCase();
    const value = unescapeParameter((match[2] ?? '').replaceAll('"', ''));
    const before = parameters.get(parameter);
    parameters.set(parameter, before === undefined ? value : `${before},${value}`);
  }
  return { name: (head[1] as string).toUpperCase(), parameters, value: line.slice(head[0].length) };
}

/** Line breaks, carets and quotes in parameters: RFC 6868, and the escapes of text that many write there. */
function unescapeParameter(value: string): string {
  return unescapeText(
    value.replace(/\^([n^'])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped === "'" ? '"' : '^')),
  );
}

/** Undoes the escapes of text values: `\n`, `\,`, `\;`, `\\`. */
export function unescapeText(value: string): string {
  return value.replace(/\\([nN,;\\:"])/g, (_, escaped: string) => (/n/i.test(escaped) ? '\n' : escaped));
}
