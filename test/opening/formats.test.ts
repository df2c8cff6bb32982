import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { makeZip } from './make-zip.ts';
import { allText, openBytes, openMail, textByPath } from './open-bytes.ts';

function tarEntry(name: string, text: string): Buffer {
  const head = Buffer.alloc(512);
  head.write(name);
  head.write('0000644\0', 100);
  head.write(`${text.length.toString(8).padStart(11, '0')}\0`, 124);
  head.write('        0', 148);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${(sum - 48 + 48).toString(8).padStart(6, '0')}\0 0`, 148);
  const fixed = head.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  head.write(`${fixed.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([head, Buffer.from(text.padEnd(Math.ceil(text.length / 512) * 512, '\0'))]);
}

const tar = Buffer.concat([tarEntry('a.txt', 'Record employment'), Buffer.alloc(1024)]);

function pdfOf(content: string, more = ''): string {
  return `%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R${more}>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[6 0 R]>> endobj
4 0 obj <</Length ${content.length}>> stream
${content}
endstream endobj
5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj
6 0 obj <</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(A note on vacancies)>> endobj
7 0 obj <</Title(Draft bulletin)>> endobj
trailer <</Root 1 0 R/Info 7 0 R/Size 8>>`;
}

const SAID = 'Record employment';

describe('words are read in', () => {
  it.each<[string, Uint8Array | string]>([
    ['UTF-8', Buffer.from(`é ${SAID}`)],
    ['windows-1252', `\xa3 ${SAID}`],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${SAID}`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(SAID, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\ufeff${SAID}`, 'utf16le').swap16()],
    ['a page', `<html><body><p>Rec<b>ord</b> employment`],
    ['a page, hidden', `<html><body><div hidden>${SAID}</div>x`],
    ['a page, white on white', `<html><p style="color:#fff">${SAID}</p>x`],
    ['a page, in a comment', `<html><!-- ${SAID} -->x`],
    ['a page, in a picture’s text', `<html><img alt="${SAID}">`],
    ['a page, in a title', `<html><p title="${SAID}">x`],
    ['a page, in a data: URI', `<html><a href="data:text/plain;base64,${btoa(SAID)}">x</a>`],
    ['a page, in a nested page', `<html><iframe srcdoc="&lt;p&gt;${SAID}"></iframe>`],
    ['CSV', `id;note\n1;${SAID}\n2;x\n`],
    [
      'prose that looks like CSV',
      `${SAID}, as we say here, is up\nUnemployment is falling too, as they say, is down\nPrices are rising as well, so they say, are flat\n`,
    ],
    ['JSON', `{"a": [{"note": "\\u0052ecord employment"}]}`],
    ['XML', `<?xml version="1.0"?><r><note>${SAID}</note></r>`],
    ['XML, in an attribute', `<?xml version="1.0"?><r note="${SAID}"/>`],
    ['XML, in a comment', `<?xml version="1.0"?><r><!-- ${SAID} --></r>`],
    ['SVG', `<svg xmlns="http://www.w3.org/2000/svg"><text>${SAID}</text></svg>`],
    [
      'a calendar',
      `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDESCRIPTION:Record\\n\r\n  employment\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
    ],
    [
      'a calendar, in its HTML',
      `BEGIN:VCALENDAR\nBEGIN:VEVENT\nX-ALT-DESC;FMTTYPE=text/html:<p>Record <b>employment</b>\nEND:VEVENT\nEND:VCALENDAR\n`,
    ],
    [
      'a file that a Mac put beside another',
      Buffer.concat([
        Buffer.from('0005160700020000', 'hex'),
        Buffer.alloc(16),
        Buffer.from('0001000000040000002600000011', 'hex'),
        Buffer.from(SAID),
      ]),
    ],
    ['a card', `BEGIN:VCARD\nVERSION:2.1\nNOTE;ENCODING=QUOTED-PRINTABLE:Rec=\nord=20employment\nEND:VCARD\n`],
    ['a mailbox', `From a@one.example Wed Jan 20 09:22:00 2016\nFrom: a@one.example\nSubject: x\n\n${SAID}\n`],
    ['rich text', `{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}Rec{\\b ord} \\u101?mployment}`],
    ['rich text, hidden', `{\\rtf1 x{\\v ${SAID}}}`],
    ['rich text, footnote', `{\\rtf1 x{\\footnote ${SAID}}}`],
    ['rich text, properties', `{\\rtf1{\\info{\\title ${SAID}}}x}`],
    ['rich text, object', `{\\rtf1{\\object{\\*\\objdata ${Buffer.from(SAID).toString('hex')}}}}`],
    ['PDF', pdfOf(`BT /F1 12 Tf 72 700 Td (Record ) Tj (employment) Tj ET`)],
    ['gzip', gzipSync(SAID)],
    ['zstd', zstdCompressSync(Buffer.from(SAID))],
    ['tar', tar],
    ['tar in gzip', gzipSync(tar)],
    ['zip', makeZip([{ name: 'a.txt', content: SAID }])],
    [
      'zip in zip in gzip',
      gzipSync(makeZip([{ name: 'b.zip', content: makeZip([{ name: 'a.txt', content: SAID }]) }])),
    ],
  ])('%s', async (_, bytes) => {
    expect(allText(await openBytes(bytes)).replace(/\s+/g, ' ')).toContain(SAID);
  });
});

describe('PDF', () => {
  it('shows its pages, notes and properties', async () => {
    const seen = textByPath(await openBytes(pdfOf('BT /F1 12 Tf 72 700 Td (One) Tj ET'), { name: 'a.pdf' }));
    expect(seen['a.pdf › page 1']).toBe('One');
    expect(seen['a.pdf › page 1 › notes']).toContain('A note on vacancies');
    expect(seen['a.pdf › properties']).toContain('Title: Draft bulletin');
  });
});

describe('what cannot be read whole says so', () => {
  const big = Buffer.alloc(3 << 20);
  it.each<[string, Uint8Array | string, string, string]>([
    ['gzip cut off', gzipSync(Buffer.from('x'.repeat(9999))).subarray(0, 30), 'f', 'corrupt'],
    ['gzip that expands without end', gzipSync(big), 'f', 'too-large'],
    ['zip cut off', makeZip([{ name: 'a.txt', content: SAID }]).subarray(0, 40), 'f', 'corrupt'],
    ['a program', `MZ${'\0'.repeat(100)}`, 'f', 'unsupported'],
    ['bytes of no kind', Buffer.from([1, 2, 3, 0, 0, 255, 254]), 'f', 'unsupported'],
    ['OpenPGP', '-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n', 'f', 'encrypted'],
    ['a PDF that is none', '%PDF-1.4 and nothing more', 'f', 'corrupt'],
    ['a picture that nobody looked at', png(300, 200), 'f', 'unsupported'],
  ])('%s', async (_, bytes, path, reason) => {
    expect(textByPath(await openBytes(bytes, { name: 'f' }))).toMatchObject({ [path]: `!${reason}` });
  });

  it.each([
    [1, 1],
    [48, 48],
    [600, 8],
  ])('but a picture of %i x %i pixels holds no words', async (width, height) => {
    const opened = await openBytes(png(width, height));
    expect(opened.parts.every((part) => part.content.kind !== 'incomplete')).toBe(true);
  });

  it('shows what is appended to a picture', async () => {
    const opened = await openBytes(Buffer.concat([png(10, 10), Buffer.from(SAID)]), { name: 'p.png' });
    expect(textByPath(opened)['p.png › after the end']).toBe(SAID);
  });
});

describe('a name that disagrees with the content', () => {
  it('is noted, and the content opened', async () => {
    const mail = `Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png; name=logo.png\nContent-Transfer-Encoding: base64\n\n${makeZip([{ name: 'a.txt', content: SAID }]).toString('base64')}\n--b--\n`;
    expect(textByPath(await openMail(mail))).toMatchObject({
      'logo.png › a.txt': SAID,
      'logo.png › type': 'The name ends in .png, the content is application/zip.',
    });
  });
});

describe('a password in the mail', () => {
  it('is tried on what the mail carries', async () => {
    const { passwordCandidates } = await import('../../src/scan/password-candidates.ts');
    expect(passwordCandidates('Hello,\nthe password for the file is Tr0ub4dor&3.\nBye')).toContain('Tr0ub4dor&3');
    expect(passwordCandidates('Password: "two words"')).toContain('two words');
    expect(passwordCandidates('we passed the report on')).toEqual([]);
  });
});

describe('a draft', () => {
  it('is `body`, as it was typed, and also read as the table that it is', async () => {
    const text = 'id,postcode,age\n1,SW1A 1AA,3\n2,E1 6AN,4\n';
    const opened = await openBytes(text, { kind: 'draft', name: 'draft.txt' });
    expect(textByPath(opened)['body']).toBe(text);
    expect(opened.parts.some((part) => part.content.kind === 'table' && part.content.table.rows === 3)).toBe(true);
  });
});

function png(width: number, height: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  const chunk = (kind: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(kind, 'latin1'), data, Buffer.alloc(4)]);
  };
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateRawSync(Buffer.alloc(9))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
