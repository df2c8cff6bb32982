import {
  armour,
  binHex,
  compressedData,
  compressedPacket,
  encryptedPacket,
  literalPacket,
  signedData,
} from './make-armour.ts';
import { makeMsg } from './make-outlook.ts';
import { allText, openBytes, openMail, textByPath } from './open-bytes.ts';

const HEAD = 'From: a@one.example\nTo: b@two.example\nSubject: Figures\nMIME-Version: 1.0\n';
const multipart = (kind: string, ...parts: readonly string[]): string =>
  `${HEAD}Content-Type: multipart/${kind}; boundary="b1"\n\n${parts.map((part) => `--b1\n${part}\n`).join('')}--b1--\n`;

const smime = (der: Buffer): string =>
  `${HEAD}Content-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n${der.toString('base64')}\n`;

describe('the body of a mail', () => {
  it.each([
    ['plain', `${HEAD}\nRecord employment\n`],
    ['quoted-printable', `${HEAD}Content-Transfer-Encoding: quoted-printable\n\nRecord emp=\nloyment\n`],
    [
      'quoted-printable with trailing blanks',
      `${HEAD}Content-Transfer-Encoding: quoted-printable\n\nRecord emp=  \nloyment\n`,
    ],
    ['base64', `${HEAD}Content-Transfer-Encoding: base64\n\n${Buffer.from('Record employment').toString('base64')}\n`],
    [
      'base64 in two padded pieces',
      `${HEAD}Content-Transfer-Encoding: base64\n\n${btoa('Record e')}\n${btoa('mployment')}\n`,
    ],
    [
      'base64 that is none',
      `${HEAD}Content-Transfer-Encoding: base64\n\nHello all, see this.\nRecord employment today!\n`,
    ],
    [
      'base64 that is none, of letters and blanks alone',
      `${HEAD}Content-Transfer-Encoding: base64\n\nHello all see this\nRecord employment today for all of you\n`,
    ],
    [
      'UTF-16 in base64',
      `${HEAD}Content-Type: text/plain; charset=utf-16le\nContent-Transfer-Encoding: base64\n\n${Buffer.from('Record employment', 'utf16le').toString('base64')}\n`,
    ],
    ['UTF-7', `${HEAD}Content-Type: text/plain; charset=utf-7\n\n+AFI-ecord employment\n`],
    ['an unknown charset', `${HEAD}Content-Type: text/plain; charset=x-nonsense\n\nRecord employment\n`],
    ['format=flowed', `${HEAD}Content-Type: text/plain; format=flowed\n\nRecord \nemployment\n`],
    ['no header at all', 'Record employment\n'],
    ['a multipart without boundary lines', `${HEAD}Content-Type: multipart/mixed; boundary=zz\n\nRecord employment\n`],
    [
      'a multipart whose boundary is wrong',
      `${HEAD}Content-Type: multipart/mixed; boundary=zz\n\n--other\nContent-Type: text/plain\n\nRecord employment\n--other--\n`,
    ],
    ['a multipart never closed', `${HEAD}Content-Type: multipart/mixed; boundary=b1\n\n--b1\n\nRecord employment`],
    ['the preamble', multipart('mixed', '\nhello').replace('\n\n--b1', '\n\nRecord employment\n--b1')],
    ['the epilogue', `${multipart('mixed', '\nhello')}Record employment\n`],
    ['a part after the closing line', `${multipart('mixed', '\nhello')}--b1\n\nRecord employment\n`],
    [
      'text after the padding of base64',
      `${HEAD}Content-Transfer-Encoding: base64\n\n${btoa('Hello there, all of you')}==\nRecord employment is what we see\n`,
    ],
    [
      'base64 that no header announces',
      `${HEAD}\n${btoa('Record employment. '.repeat(9)).replace(/(.{76})/g, '$1\n')}\n`,
    ],
    ['an unknown text type', `${HEAD}Content-Type: text/x-odd\n\nRecord employment\n`],
    ['an unknown encoding', `${HEAD}Content-Transfer-Encoding: x-odd\n\nRecord employment\n`],
    [
      'a nested multipart with its parent’s boundary',
      multipart('mixed', 'Content-Type: multipart/mixed; boundary="b1"\n\nRecord employment'),
    ],
    ['the description of a part', multipart('mixed', 'Content-Description: Record employment\n\nhello')],
    [
      'a calendar',
      multipart(
        'mixed',
        'Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Record\n  employment\nEND:VEVENT\nEND:VCALENDAR',
      ),
    ],
    ['hidden HTML', `${HEAD}Content-Type: text/html\n\n<p>Hello<span style="display:none">Record employment</span>\n`],
    ['enriched text', `${HEAD}Content-Type: text/enriched\n\nRec<bold>ord</bold> emp<italic>loyment</italic>\n`],
    [
      'enriched text over lines',
      `${HEAD}Content-Type: text/enriched\n\n<fontfamily><param>Arial</param>Record\nemployment`,
    ],
    ['richtext', `${HEAD}Content-Type: text/richtext\n\nRecord<nl>\n<bold>employment</bold>`],
    ['rich text', `${HEAD}Content-Type: text/rtf\n\n{\\rtf1 Rec{\\b ord} employment}`],
    ['base64 by another name', `${HEAD}Content-Transfer-Encoding: "Base-64"\n\n${btoa('Record employment')}\n`],
    [
      'quoted-printable by another name',
      `${HEAD}Content-Transfer-Encoding: quoted_printable\n\nRecord=20emp=\nloyment\n`,
    ],
    ['a header whose colon is on the next line', `From: a@one.example\nSubject\n : Record employment\n\nhello\n`],
    ['ISO-2022-JP that nobody named', `${HEAD}\nRecord employment \x1b$B?73Z\x1b(B\n`],
    [
      'what Apple Mail keeps',
      `${`${HEAD}\nRecord employment\n`.replaceAll('\n', '\r\n').length}\n${HEAD}\nRecord employment\n<?xml version="1.0"?><plist/>`,
    ],
    ['BinHex', `${HEAD}\n(This file must be converted with BinHex 4.0)\n\n:${binHex('a.txt', 'Record employment')}:\n`],
    [
      'a PGP message that is signed and not encrypted',
      `${HEAD}\nHello\n\n${armour(literalPacket('Record employment'))}\n`,
    ],
    ['a PGP message that is compressed', `${HEAD}\n${armour(compressedPacket(literalPacket('Record employment')))}\n`],
    ['S/MIME that is signed', smime(signedData('Subject: x\r\nContent-Type: text/plain\r\n\r\nRecord employment'))],
    ['S/MIME that is compressed', smime(compressedData('Content-Type: text/plain\r\nX-A: b\r\n\r\nRecord employment'))],
    [
      'a multipart encoded as a whole',
      `${HEAD}Content-Type: multipart/mixed; boundary=b7\nContent-Transfer-Encoding: base64\n\n${btoa('--b7\r\nContent-Type: text/html\r\n\r\n<p>Record <b>employ</b>ment\r\n--b7--\r\n')}\n`,
    ],
    [
      'yEnc, whose bytes are of no charset',
      `${HEAD}\nHello\n\n=ybegin line=128 size=17 name=a.txt\n${[...'Record employment'].map((one) => String.fromCharCode((one.charCodeAt(0) + 42) & 255)).join('')}\n=yend size=17\n`,
    ],
    ['uuencode', `${HEAD}\nHello\n\nbegin 644 a.txt\n${uuencode('Record employment')}\nend\n`],
  ])('is read whole: %s', async (_, mail) => {
    const seen = allText(await openMail(mail)).replace(/\s+/g, ' ');
    expect(seen).toContain('Record employment');
  });

  it('is `body`, and its HTML alternative `body.html`', async () => {
    const mail = multipart(
      'alternative',
      'Content-Type: text/plain\n\nRecord <i>',
      'Content-Type: text/html\n\n<p>Record <i>employment</i>',
    );
    expect(textByPath(await openMail(mail))).toMatchObject({
      body: 'Record <i>',
      'body.html': 'Record employment',
      subject: 'Figures',
    });
  });

  it('is `body` where it is HTML alone', async () => {
    expect(textByPath(await openMail(`${HEAD}Content-Type: text/html\n\n<p>Hi`))).toMatchObject({ body: 'Hi' });
  });

  it.each(['\n', '\r', '\r\n'])('is read with lines ending in %j', async (end) => {
    const mail = multipart('mixed', '\nhello', 'Content-Disposition: attachment; filename=a.txt\n\nworld').replaceAll(
      '\n',
      end,
    );
    expect(textByPath(await openBytes(mail, { kind: 'email' }))).toMatchObject({ body: 'hello', 'a.txt': 'world' });
  });
});

describe('the names of attachments', () => {
  it.each([
    ['quoted', 'filename="final figures.txt"'],
    ['unquoted with a space', 'filename=final figures.txt'],
    ['RFC 2231', "filename*=utf-8''final%20figures.txt"],
    ['RFC 2231 in pieces', "filename*0*=utf-8''final%20; filename*1=figures.txt"],
    ['RFC 2047 where it is not allowed', 'filename="=?utf-8?q?final_figures.txt?="'],
  ])('are read: %s', async (_, parameter) => {
    const opened = await openMail(multipart('mixed', `Content-Disposition: attachment; ${parameter}\n\nx`));
    expect(textByPath(opened)).toMatchObject({ 'final figures.txt': 'x', 'attachment names': 'final figures.txt' });
  });

  it('are unique, and unnamed ones counted', async () => {
    const named = 'Content-Disposition: attachment; filename=a.txt\n\nx';
    const unnamed = 'Content-Disposition: attachment\n\nx';
    const opened = await openMail(multipart('mixed', named, named, unnamed, unnamed));
    expect(opened.parts.map((part) => part.path)).toEqual(
      expect.arrayContaining(['a.txt', 'a.txt (2)', 'attachment 1', 'attachment 2']),
    );
    expect(new Set(opened.parts.map((part) => part.path)).size).toBe(opened.parts.length);
  });
});

describe('a text attachment', () => {
  it('is read in the charset that it was declared in', async () => {
    const koi8 = Buffer.from([0xfa, 0xc1, 0xce, 0xd1, 0xd4, 0xcf, 0xd3, 0xd4, 0xd8]).toString('base64');
    const part = `Content-Type: text/plain; charset=koi8-r; name=a.txt\nContent-Transfer-Encoding: base64\n\n${koi8}`;
    expect(textByPath(await openMail(multipart('mixed', part)))).toMatchObject({ 'a.txt': 'Занятость' });
  });
});

describe('headers', () => {
  it('join encoded words whose characters were split', async () => {
    const { headers } = await openMail(
      'Subject: =?utf-8?b?w4Q=?= =?utf-8?b?w7Y=?=\n =?utf-8?q?_=C3?= =?utf-8?q?=BC?=\n\nx',
    );
    expect(headers?.subject).toBe('Äö ü');
  });

  it('give addresses without names, groups and comments', async () => {
    const { headers } = await openMail(
      'To: "Last, First" <a@one.example>, b@two.example (Bee),\n Team: c@three.example, d@four.example;\n\nx',
    );
    expect(headers?.to).toEqual(['a@one.example', 'b@two.example', 'c@three.example', 'd@four.example']);
  });
});

describe('what a mail only points to', () => {
  it.each(['message/partial; id=1; number=1; total=2', 'message/external-body; access-type=url'])(
    'is incomplete: %s',
    async (type) => {
      const opened = await openMail(multipart('mixed', `Content-Type: ${type}\n\nx`));
      expect(textByPath(opened)).toMatchObject({ 'attachment 1': '!unsupported' });
    },
  );
});

describe('messages in messages', () => {
  const nest = (depth: number): string => {
    let mail = 'Subject: core\n\nRecord employment\n';
    for (let each = 0; each < depth; each += 1)
      mail = `Subject: level ${each}\nContent-Type: message/rfc822\n\n${mail}`;
    return mail;
  };

  it('are opened, a step for each', async () => {
    const opened = await openMail(multipart('mixed', `Content-Type: message/rfc822\n\n${nest(1)}`));
    expect(textByPath(opened)).toMatchObject({ 'attachment 1 › attachment 1 › body': 'Record employment\r\n' });
  });

  it('are too deep at 500 levels, without an overflow', async () => {
    const opened = await openMail(nest(500));
    expect(opened.parts.map((part) => part.content)).toContainEqual(
      expect.objectContaining({ kind: 'incomplete', reason: 'too-deep' }),
    );
  });

  it('are too many at 20,001 parts', async () => {
    const parts = Array.from({ length: 20_001 }, () => '\nx');
    const opened = await openMail(multipart('mixed', ...parts));
    expect(opened.parts.map((part) => part.content)).toContainEqual(
      expect.objectContaining({ kind: 'incomplete', reason: 'too-many' }),
    );
  });

  it('multiparts nested 2,000 deep are read', async () => {
    let mail = 'Content-Type: text/plain\n\nRecord employment';
    for (let each = 0; each < 2000; each += 1)
      mail = `Content-Type: multipart/mixed; boundary=n${each}\n\n--n${each}\n${mail}\n--n${each}--`;
    expect(allText(await openMail(mail))).toContain('Record employment');
  });
});

function uuencode(text: string): string {
  const bytes = Buffer.from(text);
  let line = String.fromCharCode(32 + bytes.length);
  for (let at = 0; at < bytes.length; at += 3) {
    const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (const shift of [18, 12, 6, 0]) line += String.fromCharCode(32 + ((word >> shift) & 63));
  }
  return line;
}

it.each([
  ['Content-Type: text/plain; note="record employment"', 'text/plain; note="record employment"'],
  ['Content-Disposition: inline (record employment)', 'inline (record employment)'],
  ['Content-Type: text/plain; charset="utf-8"; format=flowed; name="a b c.txt"', null],
  ['Content-Disposition: inline; creation-date="Mon, 04 Jan 2016 10:00:00 GMT"; size=12', null],
  ['Content-Transfer-Encoding: 7bit', null],
])('is read where the header of a part says more than what it is: %s', async (line, expected) => {
  const seen = textByPath(await openMail(`Content-Type: multipart/mixed; boundary=a\n\n--a\n${line}\n\nwords\n--a--`));
  expect(seen['part header'] ?? null).toBe(expected);
});

it('is read in the headers of multiparts within it too', async () => {
  const seen = textByPath(
    await openMail(
      [
        'Subject: x',
        'Content-Type: multipart/mixed; boundary=a',
        '',
        '--a',
        'Content-Type: multipart/alternative; boundary=b',
        'Content-Description: described',
        'X-Note: noted',
        'a line that is no header',
        '',
        '--b',
        '',
        'words',
        '--b--',
        '--a--',
      ].join('\n'),
    ),
  );
  expect(seen).toMatchObject({ 'part header': 'described\nnoted\na line that is no header', body: 'words' });
  expect(Object.keys(seen).indexOf('part header')).toBeLessThan(Object.keys(seen).indexOf('body'));
});

it('is read where an editor saved it in UTF-16', async () => {
  const file = Buffer.from(`\ufeff${HEAD}\nRecord employment\n`, 'utf16le');
  expect(textByPath(await openBytes(file, { kind: 'email', name: 'saved.eml' }))).toMatchObject({
    subject: 'Figures',
    body: 'Record employment\n',
  });
});

it.each([
  [
    'headers of a relay first',
    'X_Odd-Thing: 1\nFrom: a@one.example\nTo: b@two.example\nSubject: x\n\nbye',
    'message/rfc822',
  ],
  [
    'a mailbox with a time zone',
    'From a@one.example Mon Jan  4 10:00:00 2016 GMT\nFrom: a@one.example\nSubject: x\n\nbye',
    'application/mbox',
  ],
  ['notes that look like headers', 'Name: Ann\nDate: Monday\nPlace: here\n\nbye', 'text/plain'],
  [
    'a part that a signature covers',
    'Content-Type: multipart/mixed; boundary=b\n\n--b\n\nbye\n--b--\n',
    'message/rfc822',
  ],
])('is known by its content: %s', async (_, text, type) => {
  expect((await openBytes(text, { name: 'file' })).parts[0]?.type).toBe(type);
});

it('is opened as what it is where it is no mail', async () => {
  const file = makeMsg({ '1000001F': 'Record employment' });
  expect(textByPath(await openBytes(file, { kind: 'email', name: 'saved.eml' }))).toMatchObject({
    'content › body': 'Record employment',
  });
});

describe('what cannot be read of a mail', () => {
  it.each([
    ['an encrypted PGP message in the text', `${HEAD}\nHello\n\n${armour(encryptedPacket())}\n`],
    ['a PGP message that is damaged', `${HEAD}\n-----BEGIN PGP MESSAGE-----\n\n!!!!\n`],
  ])('is incomplete, encrypted: %s', async (_, mail) => {
    const reasons = (await openMail(mail)).parts.flatMap(({ content }) =>
      content.kind === 'incomplete' ? [content.reason] : [],
    );
    expect(reasons).toEqual(['encrypted']);
  });
});

describe('a mailbox', () => {
  it('is split at its separators alone, and lines that it quoted are as they were written', async () => {
    const box = [
      'From a@one.example Mon Jan  4 10:00:00 2016',
      'Subject: One',
      'From: a@one.example',
      '',
      '>From here on it is June 2016',
      'From the office, June 2016',
      'to the end',
      '',
      'From b@two.example Mon Jan  4 11:00:00 2016',
      'Subject: Two',
      'From: b@two.example',
      '',
      'bye',
    ].join('\n');
    const seen = textByPath(await openBytes(box, { name: 'box' }));
    expect(Object.entries(seen).filter(([path]) => path.endsWith('body'))).toEqual([
      ['box › message 1 › body', 'From here on it is June 2016\nFrom the office, June 2016\nto the end\n\n'],
      ['box › message 2 › body', 'bye'],
    ]);
  });
});
