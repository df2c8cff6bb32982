import { deflateSync } from 'node:zlib';

export interface PdfParts {
  /** The page's content stream. */
  readonly content?: string;
  /** Entries of the page, of the catalog and of the trailer, as PDF writes them. */
  readonly page?: string;
  readonly catalog?: string;
  readonly trailer?: string;
  /** Objects by number, from 10 on: a dictionary, or a stream with the entries of its own. */
  readonly objects?: Readonly<Record<number, string | PdfStream>>;
}

export interface PdfStream {
  readonly entries: string;
  readonly bytes: string | Uint8Array;
}

/** A document of one page of 600 by 800 points with a font `F1`, as a file without a fault. */
export function makePdf(parts: PdfParts = {}): Buffer {
  const objects: Readonly<Record<number, string | PdfStream>> = {
    1: `<</Type/Catalog/Pages 2 0 R ${parts.catalog ?? ''}>>`,
    2: '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    3: `<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R ${parts.page ?? ''} ${/\/Resources/.test(parts.page ?? '') ? '' : '/Resources<</Font<</F1 5 0 R>>>>'}>>`,
    4: { entries: '', bytes: parts.content ?? '' },
    5: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
    ...parts.objects,
  };
  return writeRevision(Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'), objects, parts.trailer ?? '');
}

/** The document with objects replaced or added after its end, as programs save what was edited. */
export function revisePdf(file: Buffer, objects: Readonly<Record<number, string | PdfStream>>): Buffer {
  const before = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(file.toString('latin1'))?.[1] ?? '0';
  return writeRevision(file, objects, `/Prev ${before}`);
}

/** Text at a place of the page. */
export function shown(text: string, x = 50, y = 700): string {
  return `BT /F1 12 Tf 1 0 0 1 ${x} ${y} Tm (${text}) Tj ET\n`;
}

function writeRevision(before: Buffer, objects: Readonly<Record<number, string | PdfStream>>, trailer: string): Buffer {
  const pieces: Buffer[] = [before];
  let at = before.length;
  const lines: string[] = [];
  for (const [number, object] of Object.entries(objects)) {
    lines.push(`${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`);
    const body = Buffer.concat([Buffer.from(`${number} 0 obj\n`), written(object), Buffer.from('\nendobj\n')]);
    pieces.push(body);
    at += body.length;
  }
  const size = Math.max(...Object.keys(objects).map(Number), 99) + 1;
  pieces.push(
    Buffer.from(
      `xref\n0 1\n0000000000 65535 f \n${lines.join('')}trailer\n<</Size ${size}/Root 1 0 R ${trailer}>>\nstartxref\n${at}\n%%EOF\n`,
      'latin1',
    ),
  );
  return Buffer.concat(pieces);
}

function written(object: string | PdfStream): Buffer {
  if (typeof object === 'string') return Buffer.from(object, 'latin1');
  const bytes = deflateSync(typeof object.bytes === 'string' ? Buffer.from(object.bytes, 'latin1') : object.bytes);
  return Buffer.concat([
    Buffer.from(`<<${object.entries}/Length ${bytes.length}/Filter/FlateDecode>>\nstream\n`, 'latin1'),
    bytes,
    Buffer.from('\nendstream'),
  ]);
}
