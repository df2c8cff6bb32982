import { memorySource, readAll } from '../core/byte-source.ts';
import { type ContentLine, parseContentLines, unescapeText, unfoldBytes } from './content-line.ts';
import { asBuffer, decodeText, knownCharset } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { embeddedFiles } from './inline-file.ts';
import { readHtml } from './read-html.ts';
import { decodeQuotedPrintable } from './transfer-encoding.ts';

/** What clients write for each other; everything else is somebody's words, a name or a time. */
const TECHNICAL =
  /^(PRODID|VERSION|UID|DTSTAMP|SEQUENCE|CALSCALE|METHOD|TRANSP|REV|BEGIN|END|TZ.*|RRULE|X-MICROSOFT-.*|X-LIC-LOCATION)$/;
/** Where the parts of a file begin and end. */
const COMPONENT =
  /^(BEGIN|END):(VCALENDAR|VEVENT|VTODO|VJOURNAL|VFREEBUSY|VTIMEZONE|VALARM|STANDARD|DAYLIGHT|VCARD|VNOTE|VAVAILABILITY|AVAILABLE)$/i;
/** Parameters that carry a name or an address. */
const SPOKEN = ['CN', 'SENT-BY', 'EMAIL', 'LABEL', 'X-ABLABEL', 'FILENAME', 'X-FILENAME', 'X-TITLE', 'ALTREP'];

/** Calendar entries and business cards: every property as a line, files inside them as parts. RFC 5545, RFC 6350. */
export const calendar: Extractor = {
  name: 'calendar',
  types: ['text/calendar', 'text/vcard'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const { lines, strays } = parseContentLines(
      decodeText(unfoldBytes(asBuffer(await readAll(part.source))), part.charset),
    );
    const read: string[] = [];
    const technical = new Set<string>();
    const files: Piece[] = [];
    let inZone = false;
    for (const line of lines) {
      if (line.value.toUpperCase() === 'VTIMEZONE') inZone = line.name === 'BEGIN';
      if (COMPONENT.test(`${line.name}:${line.value}`)) continue;
      const bytes = embeddedBytes(line);
      if (bytes !== null) {
        const name = line.parameters.get('FILENAME') ?? line.parameters.get('X-FILENAME') ?? null;
        const step = name ?? line.name.toLowerCase();
        files.push({ kind: 'part', step, name, declaredType: null, source: memorySource(bytes) });
      }
      const told = `${line.name}: ${bytes === null ? shownValue(line) : spoken(line).join(' ')}`;
      if (inZone || TECHNICAL.test(line.name)) technical.add(told);
      else read.push(told);
      for (const [name, value] of line.parameters)
        if (!SPOKEN.includes(name)) technical.add(`${line.name} ${value === '' ? name : `${name}=${value}`}`);
    }
    yield { kind: 'text', step: null, role: 'document', text: [...read, ...strays].join('\n'), type: part.type };
    if (technical.size > 0)
      yield { kind: 'text', step: 'properties', role: 'metadata', text: [...technical].join('\n') };
    yield* files;
    yield* embeddedFiles([...read, ...technical, ...strays].join('\n'));
  },
};

function shownValue(line: ContentLine): string {
  let value = line.value;
  const encoding = (line.parameters.get('ENCODING') ?? '').toUpperCase();
  if (encoding === 'QUOTED-PRINTABLE' || line.parameters.has('QUOTED-PRINTABLE'))
    value = decodeText(
      decodeQuotedPrintable(Buffer.from(value, 'utf8')),
      knownCharset(line.parameters.get('CHARSET') ?? null) ?? 'utf-8',
    );
  if (line.name === 'X-ALT-DESC' || line.parameters.get('FMTTYPE')?.toLowerCase() === 'text/html') {
    const page = readHtml(unescapeText(value));
    value = [page.visible, page.hidden].filter((text) => text !== '').join('\n');
  } else if (line.name === 'N' || line.name === 'ADR' || line.name === 'ORG')
    value = unescapeText(value.replace(/(?<!\\);/g, ' ')).replace(/ {2,}/g, ' ');
  else value = unescapeText(value);
  return [value, ...readableTimes(value), ...spoken(line)].join(' ').trim();
}

/** A date or time as a person writes it, beside the digits of the file. */
function readableTimes(value: string): readonly string[] {
  const digits = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/.exec(value);
  if (digits === null) return [];
  const [, year, month, day, hour, minute, , zone] = digits;
  return [`(${year}-${month}-${day}${hour === undefined ? '' : ` ${hour}:${minute}${zone === 'Z' ? ' UTC' : ''}`})`];
}

function spoken(line: ContentLine): readonly string[] {
  return SPOKEN.flatMap((name) => line.parameters.get(name) ?? []);
}

function embeddedBytes(line: ContentLine): Uint8Array | null {
  const encoding = (line.parameters.get('ENCODING') ?? '').toUpperCase();
  if (encoding === 'B' || encoding === 'BASE64' || line.parameters.has('BASE64'))
    return Buffer.from(line.value, 'base64');
  const data = /^data:[^,]*;base64,(.*)$/is.exec(line.value);
  return data === null ? null : Buffer.from(data[1] as string, 'base64');
}
