import { makeCompound } from '../opening/make-compound.ts';
import { makeDocx, makeOdf, makePptx, makeXlsx } from '../opening/make-office.ts';
import { attachmentStorage, makeMsg, makeTnef, messageStorage } from '../opening/make-outlook.ts';
import { makeZip } from '../opening/make-zip.ts';

const MB = 1024 ** 2;

/** A workbook of one cell whose sheet says that it has all cells there are. */
export const dimensionClaim = (): Buffer =>
  makeXlsx({
    head: '<dimension ref="A1:XFD1048576"/>',
    rows: '<row r="1"><c r="A1"><v>74</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
  });

/** Rows and cells far apart, each in the last column. */
export const sparseSheet = (rows = 50_000): Buffer =>
  makeXlsx({
    rows: Array.from(
      { length: rows },
      (_, at) => `<row r="${at * 20 + 1}"><c r="XFD${at * 20 + 1}"><v>${at}</v></c></row>`,
    ).join(''),
  });

export const countedStrings = (): Buffer =>
  makeXlsx({
    strings: '<si><t>one</t></si>',
    rows: '<row r="1"><c r="A1" t="s"><v>2147483647</v></c><c r="B1" t="s"><v>0</v></c></row>',
    more: {
      'xl/sharedStrings.xml':
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="2147483647" uniqueCount="2147483647"><si><t>one</t></si></sst>',
    },
  });

/** A short string table that a million cells point into with one long string. */
export const repeatedString = (): Buffer =>
  makeXlsx({
    strings: `<si><t>${'long words '.repeat(3000)}</t></si>`,
    rows: Array.from(
      { length: 200_000 },
      (_, at) => `<row r="${at + 1}"><c r="A${at + 1}" t="s"><v>0</v></c></row>`,
    ).join(''),
  });

export const deepDocx = (levels = 100_000): Buffer =>
  makeDocx({
    body: `${'<w:sdt><w:sdtContent>'.repeat(levels)}<w:p><w:r><w:t>deep words</w:t></w:r></w:p>${'</w:sdtContent></w:sdt>'.repeat(levels)}`,
  });

export const deepTables = (levels = 20_000): Buffer =>
  makeDocx({
    body: `${'<w:tbl><w:tr><w:tc>'.repeat(levels)}<w:p><w:r><w:t>deep words</w:t></w:r></w:p>${'</w:tc></w:tr></w:tbl>'.repeat(levels)}`,
  });

export const deepSlide = (levels = 100_000): Buffer =>
  makePptx({ slide: `${'<p:grpSp>'.repeat(levels)}${'</p:grpSp>'.repeat(levels)}` });

export const deepOdt = (levels = 100_000): Buffer =>
  makeOdf('text', `${'<text:section>'.repeat(levels)}<text:p>deep words</text:p>${'</text:section>'.repeat(levels)}`);

/** An OpenDocument row that stands for a million, in each of a thousand tables. */
export const repeatedOds = (): Buffer =>
  makeOdf(
    'spreadsheet',
    '<table:table table:name="S"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>words</text:p></table:table-cell></table:table-row></table:table>'.repeat(
      200,
    ),
  );

export const relationsInCircles = (): Buffer =>
  makeDocx({
    links: { r1: ['subDocument', 'document.xml'], r2: ['glossaryDocument', 'document.xml'] },
    more: { 'word/_rels/document.xml.rels.rels': '<Relationships/>' },
  });

const entity = (levels: number): string =>
  Array.from({ length: levels }, (_, at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`).join('');

/** Ten entities of ten of the one before: a billion words. */
export const billionLaughs = (): Buffer =>
  Buffer.from(`<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "words">${entity(9)}]><r>&a9;</r>`);

export const laughingDocx = (): Buffer =>
  makeDocx({
    more: {
      'word/document.xml': `<!DOCTYPE r [<!ENTITY a0 "words">${entity(9)}]><w:document><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>`,
    },
  });

export const externalEntity = (): Buffer =>
  Buffer.from(
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "http://127.0.0.1:9/">]><r>&x;&y;</r>',
  );

export const laughingSvg = (): Buffer =>
  Buffer.from(
    `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a0 "words">${entity(9)}]><svg xmlns="http://www.w3.org/2000/svg"><text>&a9;</text></svg>`,
  );

export const deepXml = (levels = 1_000_000): Buffer =>
  Buffer.from(`<?xml version="1.0"?>${'<a>'.repeat(levels)}words${'</a>'.repeat(levels)}`);
export const deepHtml = (levels = 500_000): Buffer =>
  Buffer.from(`<html><body>${'<div><span>'.repeat(levels)}words</body></html>`);
export const attributesOfHtml = (): Buffer =>
  Buffer.from(
    `<html><body><p ${Array.from({ length: 500_000 }, (_, at) => `a${at}="b"`).join(' ')}>words</p></body></html>`,
  );
export const styledHtml = (): Buffer =>
  Buffer.from(
    `<html><style>${'p{color:red}'.repeat(300_000)}</style><body>${'<p class="a b c">words</p>'.repeat(100_000)}</body></html>`,
  );
export const deepRtf = (levels = 1_000_000): Buffer =>
  Buffer.from(`{\\rtf1 words ${'{'.repeat(levels)}${'}'.repeat(levels)}}`);
export const binaryRtf = (): Buffer => Buffer.from('{\\rtf1 words \\bin2147483647 x}');
export const tabledRtf = (): Buffer => Buffer.from(`{\\rtf1 ${'\\trowd\\cellx1 a\\cell\\row'.repeat(200_000)}}`);
export const deepJson = (levels = 1_000_000): Buffer =>
  Buffer.from(`${'['.repeat(levels)}"words"${']'.repeat(levels)}`);
export const deepJsonObjects = (levels = 500_000): Buffer =>
  Buffer.from(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
export const oneLineCsv = (bytes = 100 * MB): Buffer =>
  Buffer.concat([Buffer.from('a,b,c\n1,2,3\n4,5,6\n7,8,9\n'), Buffer.alloc(bytes, 'words,')]);
export const quotedCsv = (bytes = 100 * MB): Buffer =>
  Buffer.concat([Buffer.from('a,b,c\n1,2,3\n4,5,6\n7,8,9\n"'), Buffer.alloc(bytes, 'words,')]);
export const oneWord = (bytes = 60 * MB): Buffer => Buffer.alloc(bytes, 'a');

/** A compound file whose sector chain leads back to its start: in its directory, and in a stream. */
export function loopingOle(): Buffer {
  const file = makeCompound({ WordDocument: Buffer.alloc(20_000, 0x61), '1Table': Buffer.alloc(20_000, 0x62) });
  const fat = 512 + file.readUInt32LE(76) * 512;
  for (let sector = 0; sector < 128; sector += 1)
    if (file.readUInt32LE(fat + sector * 4) === 0xfffffffe) file.writeUInt32LE(0, fat + sector * 4);
  return file;
}

/** Directory entries that are each other's siblings and children. */
export function loopingDirectory(): Buffer {
  const file = makeCompound({ A: { B: { C: Buffer.alloc(5000, 1) } }, D: Buffer.alloc(5000, 2) });
  const directory = 512 + file.readUInt32LE(48) * 512;
  for (let id = 0; id < 5; id += 1)
    for (const field of [68, 72, 76]) file.writeUInt32LE((id * 7 + field) % 5, directory + id * 128 + field);
  return file;
}

/** Outlook messages in Outlook messages. */
export function nestedMsg(levels = 60): Buffer {
  let message = messageStorage({ '0037001F': 'innermost', '1000001F': 'the innermost words' });
  for (let level = 0; level < levels; level += 1)
    message = messageStorage(
      { '0037001F': `level ${level}` },
      [attachmentStorage({ '3707001F': 'a.msg' }, message)],
      24,
    );
  return makeMsg({ '0037001F': 'outermost' }, [attachmentStorage({ '3707001F': 'a.msg' }, message)]);
}

/** TNEF in TNEF. */
export function nestedTnef(levels = 100): Buffer {
  let inner: Buffer = Buffer.from('the innermost words');
  const title = Buffer.from('winmail.dat\0');
  for (let level = 0; level < levels; level += 1)
    inner = makeTnef([
      [2, 0x00069002, Buffer.alloc(14)],
      [2, 0x00018010, title],
      [2, 0x0006800f, inner],
    ]);
  return inner;
}

/** A TNEF attribute that claims four gigabytes. */
export const claimingTnef = (): Buffer =>
  Buffer.concat([
    Buffer.from('789f3e22010002900600', 'hex'),
    Buffer.from([2, 0x0f, 0x80, 6, 0, 0xff, 0xff, 0xff, 0xff]),
    Buffer.alloc(64, 1),
  ]);

export const claimingStata = (): Buffer =>
  Buffer.from(
    '<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>\xff\x7f</K><N>\xff\xff\xff\xff\xff\xff\xff\x7f</N><label>\0\0</label><timestamp>\0</timestamp></header><map>',
    'latin1',
  );

export const claimingSqlite = (): Buffer => {
  const page = Buffer.alloc(4096);
  page.write('SQLite format 3\0', 0, 'latin1');
  page.writeUInt16BE(4096, 16);
  page.writeUInt32BE(0xffffffff, 28);
  // An interior page whose child is the page itself.
  page[100] = 5;
  page.writeUInt16BE(1, 103);
  page.writeUInt32BE(1, 108);
  page.writeUInt16BE(4000, 112);
  page.writeUInt32BE(1, 4000);
  return page;
};

export const claimingParquet = (): Buffer =>
  Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(64, 0x19), word(0x40), Buffer.from('PAR1')]);

/** Workbooks in documents in workbooks. */
export function nestedOffice(levels = 60): Buffer {
  let inner = makeDocx({ body: '<w:p><w:r><w:t>innermost words</w:t></w:r></w:p>' });
  for (let level = 0; level < levels; level += 1)
    inner =
      level % 2 === 0
        ? makeXlsx({ more: { 'xl/embeddings/a.docx': inner } })
        : makeZip([{ name: 'a.xlsx', content: inner }]);
  return inner;
}

export const deepFolders = (): Buffer => makeZip([{ name: `${'a/'.repeat(30_000)}b.txt`, content: 'words' }]);

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
