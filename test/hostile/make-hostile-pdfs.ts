import { deflateSync } from 'node:zlib';
import { zeros } from './make-bombs.ts';

const MB = 1024 ** 2;

type Objects = readonly (string | Buffer)[];

/** A PDF of objects numbered from 1; the first is the catalogue. */
export function makePdf(objects: Objects): Buffer {
  const pieces: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const places: number[] = [];
  let at = 9;
  for (const [index, body] of objects.entries()) {
    const piece = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      Buffer.from(body as string),
      Buffer.from('\nendobj\n'),
    ]);
    places.push(at);
    at += piece.length;
    pieces.push(piece);
  }
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  pieces.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(pieces);
}

export const stream = (dictionary: string, data: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`<<${dictionary}/Length ${data.length}>>stream\n`), data, Buffer.from('\nendstream')]);

const FONT = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>';
const show = (words: string): string => `BT /F1 12 Tf 72 720 Td (${words}) Tj ET`;

/** Pages each with a sentence of its own. */
export function pdfOfPages(pages = 5000): Buffer {
  const objects: (string | Buffer)[] = ['<</Type/Catalog/Pages 2 0 R>>', '', FONT];
  const kids: string[] = [];
  for (let page = 1; page <= pages; page += 1) {
    kids.push(`${objects.length + 1} 0 R`);
    objects.push(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents ${objects.length + 2} 0 R>>`,
      stream('', Buffer.from(show(`Page ${page} of the annual report says nothing that matters.`))),
    );
  }
  objects[1] = `<</Type/Pages/Count ${pages}/Kids[${kids.join(' ')}]>>`;
  return makePdf(objects);
}

const onePage = (resources: string, content: Buffer, more: Objects = []): Buffer =>
  makePdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Count 1/Kids[3 0 R]>>',
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<<${resources}>>/Contents 4 0 R>>`,
    content,
    FONT,
    ...more,
  ]);

/** A page tree that is its own child. */
export const loopingPdf = (): Buffer =>
  makePdf([
    '<</Type/Catalog/Pages 2 0 R/Outlines 2 0 R/Names 1 0 R>>',
    '<</Type/Pages/Count 3/Parent 2 0 R/First 2 0 R/Next 2 0 R/Kids[2 0 R 2 0 R 2 0 R]>>',
  ]);

export function deepPageTree(levels = 20_000): Buffer {
  const inner = Array.from({ length: levels }, (_, at) => `<</Type/Pages/Count 1/Kids[${at + 3} 0 R]>>`);
  return makePdf(['<</Type/Catalog/Pages 2 0 R>>', ...inner, '<</Type/Page/MediaBox[0 0 9 9]/Contents 1 0 R>>']);
}

export const deepPdfArray = (levels = 500_000): Buffer =>
  makePdf([
    `<</Type/Catalog/Pages 2 0 R/X ${'['.repeat(levels)}${']'.repeat(levels)}>>`,
    '<</Type/Pages/Count 0/Kids[]>>',
  ]);

/** A cross-reference stream that claims two billion objects. */
export const hugeXref = (): Buffer => {
  const head = Buffer.from('%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n');
  const table = Buffer.concat([
    Buffer.from('3 0 obj\n'),
    stream('/Type/XRef/Size 2147483647/W[1 8 2]/Index[0 2147483647]/Root 1 0 R/Filter/FlateDecode', zeros(200)),
    Buffer.from('\nendobj\n'),
  ]);
  return Buffer.concat([head, table, Buffer.from(`startxref\n${head.length}\n%%EOF\n`)]);
};

export const pdfOfClaims = (): Buffer =>
  makePdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Count 2000000000/Kids[3 0 R]>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>',
  ]);

/** Page content that inflates to 300 MB of text operators. */
export function pdfBomb(): Buffer {
  const data = deflateSync(Buffer.alloc(300 * MB, `${show('words')}\n`), { level: 6 });
  return onePage('/Font<</F1 5 0 R>>', stream('/Filter/FlateDecode', data));
}

/** A filter applied twenty times over. */
export function pdfOfFilters(): Buffer {
  const data = deflateSync(deflateSync(zeros(1000)));
  return onePage('', stream(`/Filter[${'/FlateDecode'.repeat(3)}]`, data));
}

/** A form that draws itself ten times, over and over. */
export const recursiveForm = (): Buffer =>
  onePage('/XObject<</X 6 0 R>>', stream('', Buffer.from('/X Do')), [
    stream(
      '/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>',
      Buffer.from('/X Do '.repeat(10)),
    ),
  ]);

/** Thirty forms, each drawing the next one ten times. */
export const branchingForms = (): Buffer =>
  onePage(
    '/XObject<</X 6 0 R>>',
    stream('', Buffer.from('/X Do')),
    Array.from({ length: 30 }, (_, at) =>
      stream(
        `/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X ${at + 7} 0 R>>>>`,
        Buffer.from('/X Do '.repeat(10)),
      ),
    ),
  );

export const largePicturePdf = (filter: string, data: Uint8Array): Buffer =>
  onePage('/XObject<</X 6 0 R>>', stream('', Buffer.from('600 0 0 600 0 0 cm /X Do')), [
    stream(
      `/Type/XObject/Subtype/Image/Width 50000/Height 50000/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/${filter}`,
      data,
    ),
  ]);

/** A JBIG2 page of 50,000 by 50,000 in a few bytes. ITU-T T.88 section 7.4.8. */
export function jbig2Pdf(): Buffer {
  const info = Buffer.concat([
    Buffer.from([0, 0, 0, 0, 48, 0, 1, 0, 0, 0, 19]),
    word(50_000),
    word(50_000),
    Buffer.alloc(8),
    Buffer.from([0, 0, 0]),
  ]);
  const region = Buffer.concat([
    Buffer.from([0, 0, 0, 1, 38, 0, 1, 0, 0, 0, 30]),
    word(50_000),
    word(50_000),
    Buffer.alloc(8),
    Buffer.from([0, 0, 3, 0xff, 0xfd, 0xff, 2, 0xfe, 0xfe, 0xfe]),
    Buffer.alloc(3, 0xaa),
  ]);
  return largePicturePdf('JBIG2Decode', Buffer.concat([info, region]));
}

export function fontsPdf(fonts = 3000): Buffer {
  const list = Array.from({ length: fonts }, (_, at) => `/F${at} ${at + 6} 0 R`).join('');
  const content = Array.from({ length: fonts }, (_, at) => `BT /F${at} 12 Tf 72 700 Td (words) Tj ET`).join('\n');
  return onePage(
    `/Font<<${list}>>`,
    stream('', Buffer.from(content)),
    Array.from(
      { length: fonts },
      (_, at) => `<</Type/Font/Subtype/TrueType/BaseFont/F${at}/Encoding/WinAnsiEncoding>>`,
    ),
  );
}

/** A PDF that has itself attached would need its own digest; this one has PDFs in PDFs. */
export function nestedPdf(levels = 60): Buffer {
  let inner = onePage('/Font<</F1 5 0 R>>', stream('', Buffer.from(show('innermost words'))));
  for (let level = 0; level < levels; level += 1)
    inner = makePdf([
      '<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a.pdf) 4 0 R]>>>>>>',
      '<</Type/Pages/Count 1/Kids[3 0 R]>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>',
      '<</Type/Filespec/F(a.pdf)/EF<</F 5 0 R>>>>',
      stream('/Type/EmbeddedFile', inner),
    ]);
  return inner;
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
