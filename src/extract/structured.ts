import { Parser } from 'htmlparser2';
import { readAll } from '../core/byte-source.ts';
import { xmlRecords } from '../text/xml-records.ts';
import { brokenMarkup } from './broken-markup.ts';
import { decodeText } from './decode-text.ts';
import { expandEntities } from './expand-entities.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { embeddedFiles } from './inline-file.ts';
import { recordsOf } from './json-records.ts';
import { TableBuilder } from './table-builder.ts';
import { Unreadable } from './unreadable.ts';

/** Deeper XML was not written by an office, and the parser's cost grows with the depth. */
const MAX_DEPTH = 2000;
/** What no declaration of XML has in it. */
const WORDS = /(?<!\p{L})\p{L}{2,}\s+\p{L}{2,}\s+\p{L}{2,}(?!\s*=)/u;

/** JSON and XML: the text as it stands with its escapes undone; records of one shape are a table as well. */
export const structured: Extractor = {
  name: 'structured',
  types: ['application/json', 'application/xml'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const bytes = await readAll(part.source);
    const text = decodeXmlOrJson(bytes);
    if (part.type === 'application/xml') {
      const expanded = expandEntities(text);
      yield* xmlPieces(expanded.text);
      yield* xmlTable(expanded.text, context);
      yield* embeddedFiles(expanded.text, bytes);
      if (expanded.fault !== null)
        yield { kind: 'incomplete', step: null, reason: expanded.fault.reason, detail: expanded.fault.message };
    } else {
      yield* jsonPieces(text, context);
      yield* embeddedFiles(unescaped(text), bytes);
    }
  },
};

function decodeXmlOrJson(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 200)).toString('latin1');
  return decodeText(bytes, /^\s*<\?xml[^>]*encoding=["']([\w-]+)/.exec(start)?.[1] ?? null);
}

/** Programs break base64 into lines with escapes, and write its slashes with one. */
function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/(?:\\r)?\\n/g, '\n').replaceAll('\\/', '/') : text;
}

function* jsonPieces(text: string, context: ExtractContext): Iterable<Piece> {
  const shown = text.includes('\\')
    ? text
        .replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        .replace(/\\(["\\/])/g, '$1')
        .replace(/\\[nrt]/g, ' ')
    : text;
  yield { kind: 'text', step: null, role: 'document', text: shown, type: 'application/json' };
  const records = recordsOf(text);
  if (records === null) return;
  const builder = new TableBuilder('records', context.everyCell);
  for (const row of records) builder.addRow(row);
  yield { kind: 'table', step: 'records', ...builder.finish(false) };
}

/** An export's records as a table, its element names as the header. */
function* xmlTable(text: string, context: ExtractContext): Iterable<Piece> {
  const records = xmlRecords(text);
  if (records === null) return;
  const builder = new TableBuilder('records', context.everyCell);
  builder.addRow(records.header);
  for (const row of records.rows) builder.addRow(row);
  yield { kind: 'table', step: 'records', ...builder.finish(false) };
}

/** Element contents, attribute values and comments, a line each; what is marked up within a sentence stays in it. Entities that the file declares itself are not expanded. */
function* xmlPieces(text: string): Iterable<Piece> {
  const lines: string[] = [];
  const comments: string[] = [];
  let current = '';
  /** Of the attributes of the element that begins. */
  const values: string[] = [];
  /** Of each open element: whether it has words of its own, so that what is marked up in it is part of their sentence. */
  const hasWords: boolean[] = [];
  /** An element that began a line has ended; words that follow belong to its line. */
  let isEnded = false;
  const close = (): void => {
    const line = current.replace(/\s+/g, ' ').trim();
    if (line !== '') lines.push(line);
    current = '';
    isEnded = false;
  };
  const parser = new Parser(
    {
      // One by one: the parser's object of them has no place for a second of a name, nor for `__proto__`.
      onattribute(name, value) {
        const said = value.trim();
        // Namespaces are addresses; one with a blank in it is words.
        if (said !== '' && !(name.startsWith('xmlns') && !/\s/.test(said))) values.push(said);
      },
      onopentag() {
        if (hasWords.at(-1) !== true) close();
        hasWords.push(false);
        if (hasWords.length > MAX_DEPTH)
          throw new Unreadable('too-deep', `elements nested more than ${MAX_DEPTH} deep`);
        for (const value of values.splice(0)) lines.push(value);
      },
      ontext(piece) {
        current += piece;
        if (piece.trim() === '') return;
        isEnded = false;
        if (hasWords.length > 0) hasWords[hasWords.length - 1] = true;
      },
      onclosetag() {
        hasWords.pop();
        if (hasWords.at(-1) === true) return;
        if (isEnded) close();
        isEnded = true;
      },
      oncomment(comment) {
        if (comment.trim() !== '') comments.push(comment.trim());
      },
      onprocessinginstruction(_, data) {
        if (!/^\?xml\s[^<]*$/.test(data) || WORDS.test(data)) comments.push(data);
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  let fault: Unreadable | null = null;
  try {
    parser.write(text);
    parser.end();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    fault = error;
  }
  close();
  yield { kind: 'text', step: null, role: 'document', text: lines.join('\n'), type: 'application/xml' };
  if (comments.length > 0)
    yield { kind: 'text', step: 'comments', role: 'document', text: comments.join('\n'), hidden: true };
  const broken = brokenMarkup(text, 'xml', () => [...lines, ...comments]);
  if (broken !== '') yield { kind: 'text', step: 'broken markup', role: 'document', text: broken, hidden: true };
  if (fault !== null) yield { kind: 'incomplete', step: null, reason: fault.reason, detail: fault.message };
}
