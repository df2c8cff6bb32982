import { inflateRawSync } from 'node:zlib';
import { memorySource } from '../src/core/byte-source.ts';
import { DEFAULT_LIMITS } from '../src/extract/budget.ts';
import { extractors } from '../src/extract/index.ts';
import { openParts } from '../src/scan/open-parts.ts';
import { makeZip } from '../test/opening/make-zip.ts';

/** A document of 200,000 numbered paragraphs, read against inflating its XML alone: CPU time in one process. */
const PARAGRAPHS = 200_000;

const paragraphs = Array.from(
  { length: PARAGRAPHS },
  (_, at) =>
    `<w:p><w:pPr><w:numPr><w:ilvl w:val="${at % 3}"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">Paragraph ${at} has </w:t></w:r><w:r><w:t>words.</w:t></w:r></w:p>`,
);
const levels = ['%1', '%1.%2', '%1.%2.%3'].map(
  (text, at) =>
    `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="${text}"/></w:lvl>`,
);
const document = `<w:document><w:body>${paragraphs.join('')}</w:body></w:document>`;
const file = makeZip([
  {
    name: '[Content_Types].xml',
    content:
      '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
  },
  {
    name: '_rels/.rels',
    content:
      '<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="word/document.xml"/></Relationships>',
  },
  {
    name: 'word/_rels/document.xml.rels',
    content: '<Relationships><Relationship Id="r1" Type="x/numbering" Target="numbering.xml"/></Relationships>',
  },
  {
    name: 'word/numbering.xml',
    content: `<w:numbering><w:abstractNum w:abstractNumId="1">${levels.join('')}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>`,
  },
  { name: 'word/document.xml', content: document },
]);
const packed = file.subarray(file.indexOf('word/document.xml') + 'word/document.xml'.length);

async function open(): Promise<number> {
  const start = process.cpuUsage();
  const opened = await openParts(
    { kind: 'file', name: 'a.docx', source: memorySource(file) },
    { extractors, limits: DEFAULT_LIMITS, now: () => performance.now() },
  );
  const content = opened.parts[0]?.content;
  if (content?.kind !== 'text' || !content.text.includes(`Paragraph ${PARAGRAPHS - 1} has words.`))
    throw new Error('the document was not read whole');
  return process.cpuUsage(start).user / 1000;
}

function inflate(): number {
  const start = process.cpuUsage();
  inflateRawSync(packed);
  return process.cpuUsage(start).user / 1000;
}

await open();
const opened = await open();
inflate();
const inflated = inflate();
console.log(
  `a document of ${(document.length / 1024 ** 2).toFixed(0)} MB of XML, ${(file.length / 1024).toFixed(0)} KB`,
);
console.log(
  `opened ${opened.toFixed(0)} ms, inflated ${inflated.toFixed(0)} ms: ${(opened / inflated).toFixed(1)} times`,
);
