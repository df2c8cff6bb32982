import { makeZip, type ZipPart } from './make-zip.ts';

const SCHEMA = 'http://schemas.openxmlformats.org';
const REL = `${SCHEMA}/officeDocument/2006/relationships`;
const TYPE = 'application/vnd.openxmlformats-officedocument';

/** Relationships of one part: `kind` to target; targets with a scheme are external. */
export function rels(links: Readonly<Record<string, readonly [kind: string, target: string]>>): string {
  const lines = Object.entries(links).map(
    ([id, [kind, target]]) =>
      `<Relationship Id="${id}" Type="${REL}/${kind}" Target="${target}"${target.includes('://') ? ' TargetMode="External"' : ''}/>`,
  );
  return `<Relationships xmlns="${SCHEMA}/package/2006/relationships">${lines.join('')}</Relationships>`;
}

export interface WorkbookParts {
  /** XML inside `worksheet`, before and after the rows. */
  readonly head?: string;
  readonly rows?: string;
  readonly tail?: string;
  readonly sheetState?: string;
  readonly strings?: string;
  readonly styles?: string;
  readonly workbook?: string;
  readonly bookLinks?: Readonly<Record<string, readonly [string, string]>>;
  readonly sheetLinks?: Readonly<Record<string, readonly [string, string]>>;
  readonly more?: Readonly<Record<string, string | Uint8Array>>;
}

export function makeXlsx(book: WorkbookParts = {}): Buffer {
  const main = `${SCHEMA}/spreadsheetml/2006/main`;
  const state = book.sheetState === undefined ? '' : ` state="${book.sheetState}"`;
  return makePackage('xl/workbook.xml', `${TYPE}.spreadsheetml.sheet.main+xml`, {
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${REL}"><sheets><sheet name="Data" sheetId="1"${state} r:id="r1"/></sheets>${book.workbook ?? ''}</workbook>`,
    'xl/_rels/workbook.xml.rels': rels({
      r1: ['worksheet', 'worksheets/sheet1.xml'],
      r2: ['sharedStrings', 'sharedStrings.xml'],
      r3: ['styles', 'styles.xml'],
      ...book.bookLinks,
    }),
    'xl/worksheets/sheet1.xml': `<?xml version="1.0"?><worksheet xmlns="${main}">${book.head ?? ''}<sheetData>${book.rows ?? ''}</sheetData>${book.tail ?? ''}</worksheet>`,
    'xl/worksheets/_rels/sheet1.xml.rels': rels(book.sheetLinks ?? {}),
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${book.strings ?? ''}</sst>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}">${book.styles ?? ''}</styleSheet>`,
    ...book.more,
  });
}

export interface DocumentParts {
  readonly body?: string;
  readonly links?: Readonly<Record<string, readonly [string, string]>>;
  readonly more?: Readonly<Record<string, string | Uint8Array>>;
  /** More lines of the content types. */
  readonly types?: string;
}

export function makeDocx({ body = '', links = {}, more = {}, types = '' }: DocumentParts = {}): Buffer {
  const parts = {
    'word/document.xml': `<w:document xmlns:w="${SCHEMA}/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
    'word/_rels/document.xml.rels': rels(links),
    ...more,
  };
  return makePackage('word/document.xml', `${TYPE}.wordprocessingml.document.main+xml`, parts, types);
}

export interface SlideParts {
  readonly slide?: string;
  readonly attributes?: string;
  readonly links?: Readonly<Record<string, readonly [string, string]>>;
  readonly more?: Readonly<Record<string, string | Uint8Array>>;
}

export function makePptx({ slide = '', attributes = '', links = {}, more = {} }: SlideParts = {}): Buffer {
  return makePackage('ppt/presentation.xml', `${TYPE}.presentationml.presentation.main+xml`, {
    'ppt/presentation.xml': `<p:presentation xmlns:r="${REL}"><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': rels({ r1: ['slide', 'slides/slide1.xml'] }),
    'ppt/slides/slide1.xml': `<p:sld${attributes}><p:cSld><p:spTree>${slide}</p:spTree></p:cSld></p:sld>`,
    'ppt/slides/_rels/slide1.xml.rels': rels(links),
    ...more,
  });
}

/** An OpenDocument file of one kind. */
export function makeOdf(kind: string, body: string, more: Readonly<Record<string, string | Uint8Array>> = {}): Buffer {
  return makeZip([
    { name: 'mimetype', content: `application/vnd.oasis.opendocument.${kind}` },
    { name: 'content.xml', content: `<office:document-content>${body}</office:document-content>` },
    ...partsOf(more),
  ]);
}

function makePackage(
  main: string,
  type: string,
  parts: Readonly<Record<string, string | Uint8Array>>,
  types = '',
): Buffer {
  return makeZip([
    {
      name: '[Content_Types].xml',
      content: `<Types><Default Extension="xml" ContentType="application/xml"/><Override PartName="/${main}" ContentType="${type}"/>${types}</Types>`,
    },
    { name: '_rels/.rels', content: rels({ r1: ['officeDocument', main] }) },
    ...partsOf(parts),
  ]);
}

function partsOf(parts: Readonly<Record<string, string | Uint8Array>>): ZipPart[] {
  return Object.entries(parts).map(([name, content]) => ({ name, content }));
}
