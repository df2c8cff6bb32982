import { incompleteParts } from '../../src/core/part.ts';
import { makeDocx, makeOdf, makePptx, makeXlsx } from './make-office.ts';
import { allText, openBytes } from './open-bytes.ts';

/** Names that senders may choose, and that every JavaScript object answers to. */
const NAMES = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];
const WORDS = 'words of the body';

const attached = (fields: string) =>
  `Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${fields}\r\n\r\n${WORDS}\r\n--b--\r\n`;
const noteOf = (name: string) => ({
  more: { 'word/x.xml': `<w:x><w:p><w:r><w:t>${WORDS}</w:t></w:r></w:p></w:x>` },
  links: { r9: [name, 'x.xml'] as const },
});

const FILES: readonly (readonly [string, (name: string) => Uint8Array | string])[] = [
  ['media type of an attachment', (name) => attached(`Content-Type: ${name}\r\nContent-Disposition: attachment`)],
  ['charset of a body', (name) => attached(`Content-Type: text/plain; charset=${name}`)],
  ['charset of a page', (name) => attached(`Content-Type: text/html; charset=${name}`)],
  ['attribute of an XML file', (name) => `<?xml version="1.0"?><r><a ${name}="${WORDS}">x</a></r>`],
  ['charset within a word of a header', (name) => `Subject: =?${name}?Q?words_of_the_body?=\r\n\r\n${WORDS}`],
  ['transfer encoding', (name) => attached(`Content-Transfer-Encoding: ${name}`)],
  ['charset of a page file', (name) => `<html><head><meta charset="${name}"></head><body>${WORDS}</body></html>`],
  [
    'word of an RTF',
    (name) =>
      `{\\rtf1 {\\info{\\title \\${name.replace(/_/g, '')} x}}{\\fonttbl{\\f0 \\${name.replace(/_/g, '')} A;}}\\${name.replace(/_/g, '')} ${WORDS}}`,
  ],
  ['element of a document', (name) => makeDocx({ body: `<w:p><w:r><w:${name}/><w:t>${WORDS}</w:t></w:r></w:p>` })],
  ['story of a document', (name) => makeDocx({ ...noteOf(name), body: `<w:p><w:r><w:t>${WORDS}</w:t></w:r></w:p>` })],
  [
    'element of an OpenDocument text',
    (name) => makeOdf('text', `<office:text><text:${name}><text:p>${WORDS}</text:p></text:${name}></office:text>`),
  ],
  [
    'element of a slide',
    (name) => makePptx({ slide: `<p:${name}><a:p><a:r><a:t>${WORDS}</a:t></a:r></a:p></p:${name}>` }),
  ],
  [
    'note of a sheet',
    (name) =>
      makeXlsx({
        rows: `<row><c t="inlineStr"><is><t>${WORDS}</t></is></c></row>`,
        sheetLinks: { r9: [name, '../x.xml'] },
        more: { 'xl/x.xml': `<x><t>${WORDS}</t></x>` },
      }),
  ],
  ['state of a sheet', (name) => makeXlsx({ rows: `<row><c t="${name}"><v>${WORDS}</v></c></row>`, sheetState: name })],
];

describe.each(FILES)('the %s', (_, make) => {
  it.each(NAMES)('called %s is a name like any', async (name) => {
    const kind = String(make(name)).startsWith('Subject') ? 'email' : 'file';
    const opened = await openBytes(make(name), { kind });
    const other = await openBytes(make('another'), { kind });
    expect(allText(opened)).toContain(WORDS);
    expect(allText(opened)).not.toMatch(/native code|\[object/);
    expect(incompleteParts(opened).map(({ reason }) => reason)).toEqual(
      incompleteParts(other).map(({ reason }) => reason),
    );
    // As it goes from the child to its parent.
    expect(structuredClone(opened)).toEqual(opened);
  });
});
