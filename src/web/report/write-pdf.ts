import iconv from 'iconv-lite';
import { paragraphsOf, type ReportBlock, type ReportDocument } from './report-document.ts';

const PAGE = { width: 595, height: 842, margin: 57 };
const LEADING = 1.35;
/** Widths of Helvetica's characters from the blank to the tilde, in thousandths (Adobe Core 14 font metrics). */
const WIDTHS =
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584'
    .split(' ')
    .map(Number);
/** Of the accented letters and signs above, none of which is much wider. */
const OTHER_WIDTH = 611;
/** Bold letters are a little wider than the plain ones that are measured. */
const BOLD = 1.08;

interface Line {
  readonly text: string;
  readonly size: number;
  readonly isBold: boolean;
  readonly before: number;
}

/**
 * A PDF 1.7 (ISO 32000-1) of text in the standard font, which every reader has and which knows Western letters alone: others become
 * question marks, and a sentence at the end says so.
 */
export function writePdf(report: ReportDocument): Uint8Array {
  const lines = linesOf(report);
  const lost = lines.reduce((sum, { text }) => sum + missing(text), 0);
  const note =
    lost === 0
      ? []
      : wrap(
          `${lost === 1 ? 'One character' : `${lost} characters`} of other scripts cannot be written in this file and ${lost === 1 ? 'is' : 'are'} shown as "?". The Word and HTML files have them.`,
          { size: 9, isBold: false, before: 18 },
        );
  return assemble(report.title, pagesOf([...lines, ...note]));
}

function linesOf({ title, blocks }: ReportDocument): readonly Line[] {
  return [...wrap(title, { size: 18, isBold: true, before: 0 }), ...blocks.flatMap(linesOfBlock)];
}

function linesOfBlock(block: ReportBlock): readonly Line[] {
  switch (block.kind) {
    case 'heading':
      return wrap(block.text, { size: 14, isBold: true, before: 16 });
    case 'field':
      return [
        ...wrap(block.label, { size: 10.5, isBold: true, before: 10 }),
        ...paragraphsOf(block.text).flatMap((line) => wrap(line, { size: 10.5, isBold: false, before: 3 })),
      ];
    case 'table':
      return [
        ...wrap(block.header.join(' | '), { size: 9, isBold: true, before: 6 }),
        ...block.rows.flatMap((row) => wrap(row.join(' | '), { size: 9, isBold: false, before: 2 })),
      ];
  }
}

/** Lines no wider than the page; a word that is wider is cut where it has to be. */
function wrap(text: string, { size, isBold, before }: Omit<Line, 'text'>): readonly Line[] {
  const room = ((PAGE.width - 2 * PAGE.margin) * 1000) / size / (isBold ? BOLD : 1);
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.replaceAll(/\s+/g, ' ').split(/(?<= )/)) {
    for (const piece of pieces(word, room)) {
      const width = widthOf(piece);
      if (line !== '' && used + widthOf(piece.trimEnd()) > room) {
        lines.push(line.trimEnd());
        line = '';
        used = 0;
      }
      line += piece;
      used += width;
    }
  }
  if (line.trimEnd() !== '' || lines.length === 0) lines.push(line.trimEnd());
  return lines.map((one, index) => ({ text: one, size, isBold, before: index === 0 ? before : 0 }));
}

function pieces(word: string, room: number): readonly string[] {
  if (widthOf(word) <= room) return [word];
  const found: string[] = [];
  let piece = '';
  for (const char of word) {
    if (widthOf(piece + char) > room) {
      found.push(piece);
      piece = '';
    }
    piece += char;
  }
  return [...found, piece];
}

function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += WIDTHS[(char.codePointAt(0) ?? 0) - 32] ?? OTHER_WIDTH;
  return width;
}

function encode(text: string): Buffer {
  return iconv.encode(text, 'win1252');
}

function missing(text: string): number {
  return [...text].filter((char) => char !== '?' && encode(char).equals(Buffer.from('?'))).length;
}

function pagesOf(lines: readonly Line[]): readonly Buffer[] {
  const pages: Buffer[][] = [];
  let y = 0;
  for (const { text, size, isBold, before } of lines) {
    y -= before + size * LEADING;
    if (pages.length === 0 || y < PAGE.margin) {
      pages.push([]);
      y = PAGE.height - PAGE.margin - size;
    }
    const shown = encode([...text].join(''))
      .toString('latin1')
      .replaceAll(/[\\()]/g, '\\$&');
    const command = `BT /${isBold ? 'F2' : 'F1'} ${size} Tf ${PAGE.margin} ${y.toFixed(1)} Td (${shown}) Tj ET\n`;
    pages.at(-1)?.push(Buffer.from(command, 'latin1'));
  }
  return pages.map((page) => Buffer.concat(page));
}

function assemble(title: string, pages: readonly Buffer[]): Buffer {
  const first = 6;
  const kids = pages.map((_, index) => `${first + index * 2} 0 R`).join(' ');
  const font = (name: string) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  // Titles may be in any script: UTF-16 with its mark.
  const hexTitle = Buffer.from(`\ufeff${title.toWellFormed()}`, 'utf16le').swap16().toString('hex');
  const objects: Buffer[] = [
    `<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) /ViewerPreferences << /DisplayDocTitle true >> >>`,
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    font('Helvetica'),
    font('Helvetica-Bold'),
    `<< /Title <${hexTitle}> /Producer (Holdfast) >>`,
  ].map((text) => Buffer.from(text, 'latin1'));
  for (const [index, page] of pages.entries()) {
    objects.push(
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents ${first + index * 2 + 1} 0 R >>`,
      ),
      Buffer.concat([Buffer.from(`<< /Length ${page.length} >>\nstream\n`), page, Buffer.from('endstream')]),
    );
  }
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  const offsets: number[] = [];
  let offset = parts[0]?.length ?? 0;
  for (const [index, object] of objects.entries()) {
    const whole = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    offsets.push(offset);
    offset += whole.length;
    parts.push(whole);
  }
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n${offset}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
