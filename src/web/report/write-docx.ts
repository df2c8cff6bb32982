import { storedZip } from '../../extract/stored-zip.ts';
import { paragraphsOf, type ReportBlock, type ReportDocument } from './report-document.ts';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

/** A Word file (ECMA-376, WordprocessingML) with headings, labelled paragraphs and tables that repeat their header. */
export function writeDocx(report: ReportDocument): Uint8Array {
  const body = [paragraph(report.title, 'Title'), ...report.blocks.map(block)].join('');
  const page =
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>';
  const files: Readonly<Record<string, string>> = {
    '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`,
    '_rels/.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="r2" Type="${PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`,
    'docProps/core.xml': `${XML}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${xml(report.title)}</dc:title><dc:language>en-GB</dc:language></cp:coreProperties>`,
    'word/document.xml': `${XML}<w:document xmlns:w="${WORD}"><w:body>${body}${page}</w:body></w:document>`,
    'word/_rels/document.xml.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    'word/styles.xml': `${XML}<w:styles xmlns:w="${WORD}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:eastAsia="Arial"/><w:sz w:val="22"/><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>${style('Normal', 'Normal', '', 22)}${style('Title', 'Title', '', 36, true)}${style('Heading1', 'heading 1', '<w:outlineLvl w:val="0"/>', 28, true)}${style('Heading2', 'heading 2', '<w:outlineLvl w:val="1"/>', 22, true)}</w:styles>`,
  };
  return storedZip(
    Object.entries(files).map(([name, text]) => ({ name: Buffer.from(name), bytes: Buffer.from(text, 'utf8') })),
  );
}

function style(id: string, name: string, outline: string, size: number, isBold = false): string {
  const spacing = isBold ? '<w:keepNext/><w:spacing w:before="240" w:after="80"/>' : '';
  return `<w:style w:type="paragraph" w:styleId="${id}"${id === 'Normal' ? ' w:default="1"' : ''}><w:name w:val="${name}"/>${id === 'Normal' ? '' : '<w:basedOn w:val="Normal"/>'}<w:pPr>${spacing}${outline}</w:pPr><w:rPr>${isBold ? '<w:b/>' : ''}<w:sz w:val="${size}"/></w:rPr></w:style>`;
}

function block(one: ReportBlock): string {
  switch (one.kind) {
    case 'heading':
      return paragraph(one.text, 'Heading1');
    case 'field':
      return (
        paragraph(one.label, 'Heading2') +
        paragraphsOf(one.text)
          .map((line) => paragraph(line))
          .join('')
      );
    case 'table':
      return table(one.header, one.rows);
  }
}

function paragraph(text: string, styleId = 'Normal'): string {
  return `<w:p><w:pPr><w:pStyle w:val="${styleId}"/></w:pPr>${run(text)}</w:p>`;
}

function run(text: string, isBold = false): string {
  return `<w:r>${isBold ? '<w:rPr><w:b/></w:rPr>' : ''}<w:t xml:space="preserve">${xml(text)}</w:t></w:r>`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = Math.floor(9600 / Math.max(1, header.length));
  const borders = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
    .map((side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="999999"/>`)
    .join('');
  const cell = (text: string, isBold = false) =>
    `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/></w:tcPr><w:p>${run(text, isBold)}</w:p></w:tc>`;
  const head = `<w:tr><w:trPr><w:tblHeader/></w:trPr>${header.map((text) => cell(text, true)).join('')}</w:tr>`;
  const lines = rows.map((row) => `<w:tr>${row.map((text) => cell(text)).join('')}</w:tr>`).join('');
  const grid = header.map(() => `<w:gridCol w:w="${width}"/>`).join('');
  return `<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>${borders}</w:tblBorders></w:tblPr><w:tblGrid>${grid}</w:tblGrid>${head}${lines}</w:tbl><w:p/>`;
}

/** XML 1.0 has no place for most control characters at all. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
