import { memorySource } from '../core/byte-source.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { OdfContent } from './odf-content.ts';
import { OdfLists } from './odf-lists.ts';
import { PropertyText } from './property-text.ts';
import { unlockOdf } from './unlock-odf.ts';
import { Unreadable } from './unreadable.ts';
import { readXml, type XmlAttributes, type XmlReader } from './xml-reader.ts';
import { XmlText } from './xml-text.ts';
import { readZipDirectory, type ZipEntry } from './zip-directory.ts';
import { readZipEntry } from './zip-entry.ts';

const ODF = 'application/vnd.oasis.opendocument';
/** The same format before it was a standard: OpenOffice.org 1. */
const SUN = 'application/vnd.sun.xml';
const SPREADSHEET = /spreadsheet|\.calc/;
/** Parts that hold a program's settings and no words. */
const STRUCTURE = /^(mimetype|settings\.xml|manifest\.rdf|META-INF\/manifest\.xml|Configurations2\/.*|layout-cache)$/;

const LOCKED = 'the macros need a password';

/** OpenDocument texts, spreadsheets, presentations and drawings, zipped or flat. */
export const odf: Extractor = {
  name: 'odf',
  types: [
    ...['text', 'text-template', 'text-master', 'text-web', 'spreadsheet', 'spreadsheet-template'].map(
      (kind) => `${ODF}.${kind}`,
    ),
    ...['presentation', 'presentation-template', 'graphics', 'graphics-template', 'chart', 'formula'].map(
      (kind) => `${ODF}.${kind}`,
    ),
    ...['text-master-template', 'image', 'image-template', 'chart-template', 'formula-template', 'base'].map(
      (kind) => `${ODF}.${kind}`,
    ),
    ...['writer', 'writer.template', 'writer.global', 'calc', 'calc.template', 'impress', 'impress.template'].map(
      (kind) => `${SUN}.${kind}`,
    ),
    ...['draw', 'draw.template', 'math'].map((kind) => `${SUN}.${kind}`),
    `${ODF}.spreadsheet-flat-xml`,
    `${ODF}.text-flat-xml`,
  ],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    if (part.type.endsWith('flat-xml')) {
      yield* readContent(part.source.stream(), SPREADSHEET.test(part.type), '', context);
      return;
    }
    const { entries, comments } = await readZipDirectory(part.source, context.budget);
    if (comments.length > 0) yield { kind: 'text', step: 'zip comments', role: 'metadata', text: comments.join('\n') };
    const locked = await lockedEntries(part, entries, context);
    let isClosed = false;
    if (locked.size > 0)
      for await (const piece of unlockOdf(part, entries, context)) {
        isClosed = isMacrosOnly(locked) && piece.kind === 'incomplete' && piece.step === null;
        if (!isClosed) yield piece;
      }
    if (locked.size > 0 && !isClosed) return;
    const lists = await namedLists(part, entries, locked, context);
    for (const entry of inOrder(entries))
      if (locked.has(entry.name)) yield { kind: 'incomplete', step: entry.name, reason: 'encrypted', detail: LOCKED };
      else yield* readEntry(part, entry, context, entry.name === 'content.xml' ? lists : undefined);
  },
};

/** The content first, whatever the order of the archive, and words before pictures. */
function inOrder(entries: readonly ZipEntry[]): readonly ZipEntry[] {
  const first = ['content.xml', 'styles.xml', 'meta.xml'];
  const place = ({ name }: ZipEntry): number => {
    if (first.includes(name)) return first.indexOf(name);
    return /\.(xml|rdf)$/i.test(name) ? first.length : first.length + 1;
  };
  return entries.filter((entry) => !entry.isFolder).toSorted((a, b) => place(a) - place(b));
}

/** The list styles that the document names: they lie beside its content, which is read first. */
async function namedLists(
  part: RawPart,
  entries: readonly ZipEntry[],
  locked: ReadonlySet<string>,
  context: ExtractContext,
): Promise<OdfLists> {
  const lists = new OdfLists();
  const styles = entries.find(({ name }) => name === 'styles.xml' && !locked.has(name));
  if (styles === undefined) return lists;
  const handler = {
    open: (name: string, attributes: XmlAttributes) => {
      if (name.startsWith('list-')) lists.open(name, attributes);
    },
    text: () => {},
    close: (name: string) => {
      if (name === 'list-style') lists.close(name);
    },
  };
  // What is damaged in it is told when it is read for its words.
  await readXml(readZipEntry(part.source, styles, context.budget), handler).catch((error: unknown) => {
    if (!(error instanceof Unreadable)) throw error;
  });
  return lists;
}

async function* readEntry(
  part: RawPart,
  entry: ZipEntry,
  context: ExtractContext,
  lists?: OdfLists,
): AsyncGenerator<Piece> {
  const { name } = entry;
  const chunks = readZipEntry(part.source, entry, context.budget);
  const base = name.slice(name.lastIndexOf('/') + 1);
  try {
    if (base === 'content.xml' || base === 'styles.xml') {
      const folder = name.slice(0, -base.length);
      const prefix = name === 'content.xml' ? '' : base === 'styles.xml' ? `${folder}styles ` : folder;
      yield* readContent(chunks, name === 'content.xml' && SPREADSHEET.test(part.type), prefix, context, lists);
      return;
    }
    if (/\.(xml|rdf)$/i.test(base)) {
      const words = base === 'meta.xml' ? new PropertyText() : new XmlText();
      const reader = await readXml(chunks, words);
      const text = words.result();
      if (text !== '' && !STRUCTURE.test(name)) yield { kind: 'text', step: name, role: 'metadata', text };
      yield* faultOf(reader, name);
      return;
    }
    const bytes: Uint8Array[] = [];
    for await (const chunk of chunks) bytes.push(chunk);
    if (STRUCTURE.test(name) || bytes.length === 0) return;
    yield { kind: 'part', step: name, name: base, declaredType: null, source: memorySource(Buffer.concat(bytes)) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    yield { kind: 'incomplete', step: name, reason: error.reason, detail: error.message };
  }
}

async function* readContent(
  chunks: AsyncIterable<Uint8Array>,
  isSpreadsheet: boolean,
  prefix: string,
  context: ExtractContext,
  lists?: OdfLists,
): AsyncGenerator<Piece> {
  const content = new OdfContent(isSpreadsheet, context.everyCell, context.budget, lists);
  let fault: Unreadable | null = null;
  let reader: XmlReader | null = null;
  try {
    reader = await readXml(chunks, content);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    fault = error;
  }
  const body = content.body();
  if (body !== '') yield { kind: 'text', step: prefix === '' ? null : `${prefix}text`, role: 'document', text: body };
  for (const [at, slide] of content.slides.entries()) {
    const text = [slide.name, slide.text].filter((line) => line !== '').join('\n');
    if (text !== '') yield { kind: 'text', step: `${prefix}slide ${at + 1}`, role: 'document', text };
  }
  if (isSpreadsheet)
    yield {
      kind: 'text',
      step: 'sheet names',
      role: 'name',
      text: content.sheets.map((sheet) => sheet.table.name).join('\n'),
    };
  for (const sheet of content.sheets) yield { kind: 'table', step: `${prefix}${sheet.table.name}`, ...sheet };
  for (const [group, lines] of content.groups) {
    const role = group === 'asides' || group === 'messages' || group === 'exact values' ? 'metadata' : 'document';
    const hidden = group === 'deletions' || group === 'exact values' ? { hidden: true } : {};
    yield { kind: 'text', step: `${prefix}${group}`, role, text: [...new Set(lines)].join('\n'), ...hidden };
  }
  if (fault !== null) yield { kind: 'incomplete', step: `${prefix}rest`, reason: fault.reason, detail: fault.message };
  if (reader !== null) yield* faultOf(reader, `${prefix}rest`);
}

function* faultOf(reader: XmlReader, step: string): Generator<Piece> {
  if (reader.isDamaged || reader.sawDoctype)
    yield { kind: 'incomplete', step, reason: 'corrupt', detail: 'the XML is cut off, or declares entities' };
}

/** The entries that are encrypted: the manifest says how each one was (ODF 1.3 part 2, 4.8). */
async function lockedEntries(
  part: RawPart,
  entries: readonly ZipEntry[],
  context: ExtractContext,
): Promise<ReadonlySet<string>> {
  const manifest = entries.find((entry) => entry.name === 'META-INF/manifest.xml');
  const found = new Set<string>(entries.map(({ name }) => name).filter((name) => name === 'encrypted-package'));
  if (manifest === undefined) return found;
  let path = '';
  await readXml(readZipEntry(part.source, manifest, context.budget), {
    open(name, attributes) {
      if (name === 'file-entry') path = attributes.get('full-path') ?? '';
      if (name === 'encryption-data') found.add(path);
    },
    text() {},
    close() {},
  });
  return found;
}

/** Libraries of macros and dialogs have passwords of their own, and the document around them is open. */
function isMacrosOnly(locked: ReadonlySet<string>): boolean {
  return [...locked].every((name) => /^(Basic|Dialogs)\//.test(name));
}
