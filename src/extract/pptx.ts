import { ownValue } from '../core/own-value.ts';
import { authorsHandler, type CommentAuthors, CommentText } from './comment-text.ts';
import { DocxTables, TABLE_ROWS } from './docx-tables.ts';
import type { ExtractContext, Piece } from './extractor.ts';
import type { OoxmlPackage } from './ooxml-package.ts';
import { TableBuilder } from './table-builder.ts';
import { Unreadable } from './unreadable.ts';
import { XmlText } from './xml-text.ts';

interface PartText {
  readonly text: string;
  readonly isHidden: boolean;
  readonly tables: DocxTables['finished'];
  readonly fault: Unreadable | null;
}

/** The slides of a presentation in their order, each with its speaker notes and comments; hidden slides say so. */
export async function* readPptx(pack: OoxmlPackage, main: string, context: ExtractContext): AsyncGenerator<Piece> {
  const order: string[] = [];
  const words = new XmlText();
  await pack.readXml(main, {
    open(name, attributes) {
      words.open(name, attributes);
      if (name === 'sldId')
        order.push([...attributes].find(([key]) => key.endsWith(':id'))?.[1] ?? attributes.get('id') ?? '');
    },
    text: (text) => words.text(text),
    close: (name) => words.close(name),
  });
  const relations = await pack.relationships(main);
  const slides = relations.filter((one) => one.kind === 'slide' && !one.isExternal);
  const place = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  const sorted = slides.toSorted((a, b) => place(a.id) - place(b.id));
  const own = words.result();
  if (own !== '') yield { kind: 'text', step: 'presentation', role: 'metadata', text: own };
  const authors: CommentAuthors = new Map();
  for (const one of relations)
    if (/^(commentAuthors|authors)$/.test(one.kind) && !one.isExternal)
      await pack.peekXml(one.target, authorsHandler(authors));
  for (const [at, slide] of sorted.entries()) yield* readSlide(pack, slide.target, `slide ${at + 1}`, authors, context);
}

async function* readSlide(
  pack: OoxmlPackage,
  part: string,
  step: string,
  authors: CommentAuthors,
  context: ExtractContext,
): AsyncGenerator<Piece> {
  if (!pack.has(part)) {
    yield { kind: 'incomplete', step, reason: 'corrupt', detail: 'the slide is missing' };
    return;
  }
  const slide = await readPart(pack, part, new XmlText());
  const hidden = slide.isHidden ? { hidden: true } : {};
  if (slide.text !== '') yield { kind: 'text', step, role: 'document', text: slide.text, ...hidden };
  for (const [at, { rows }] of slide.tables.entries()) {
    if (rows.length < TABLE_ROWS) continue;
    const name = `${step} table ${at + 1}`;
    const builder = new TableBuilder(name, context.everyCell);
    for (const row of rows) builder.addRow([...row]);
    // Its text stands on the slide already.
    yield { kind: 'table', step: name, table: builder.finish(slide.isHidden).table, text: '' };
  }
  if (slide.fault !== null)
    yield { kind: 'incomplete', step: `${step} rest`, reason: slide.fault.reason, detail: slide.fault.message };
  const relations = await pack.relationships(part);
  const links = relations.filter((one) => one.isExternal).map((one) => one.target);
  if (links.length > 0) yield { kind: 'text', step: `${step} links`, role: 'metadata', text: links.join('\n') };
  for (const relation of relations) {
    const label = ownValue({ notesSlide: 'notes', comments: 'comments' }, relation.kind);
    if (label === undefined || relation.isExternal || !pack.has(relation.target) || pack.isTaken(relation.target))
      continue;
    const words = label === 'comments' ? new CommentText(authors) : new XmlText();
    const { text, fault } = await readPart(pack, relation.target, words);
    if (text !== '') yield { kind: 'text', step: `${step} ${label}`, role: 'document', text };
    if (fault !== null)
      yield { kind: 'incomplete', step: `${step} ${label} rest`, reason: fault.reason, detail: fault.message };
  }
}

async function readPart(pack: OoxmlPackage, part: string, words: CommentText | XmlText): Promise<PartText> {
  let isHidden = false;
  let fault: Unreadable | null = null;
  const tables = new DocxTables();
  try {
    const reader = await pack.readXml(part, {
      open(name, attributes) {
        words.open(name, attributes);
        if (name === 'tbl') tables.begin();
        else if (name === 'tr') tables.beginRow();
        else if (name === 'tc') tables.beginCell();
        else if (name === 'sld') isHidden = /^(0|false)$/.test(attributes.get('show') ?? '');
      },
      text(text) {
        words.text(text);
        if (tables.isInCell) tables.addRun(text);
      },
      close(name) {
        words.close(name);
        if (name === 'tc') tables.endCell();
        else if (name === 'tr') tables.endRow();
        else if (name === 'tbl') tables.end();
        else if (name === 'p' && tables.isInCell) tables.endParagraph();
      },
      comment: (text) => words.comment(text),
    });
    if (reader.isDamaged || reader.sawDoctype)
      fault = new Unreadable('corrupt', 'the XML is cut off, or declares entities');
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    fault = error;
  }
  return { text: words.result(), isHidden, tables: tables.finished, fault };
}
