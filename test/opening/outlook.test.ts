import iconv from 'iconv-lite';
import { makeCompound } from './make-compound.ts';
import {
  attachmentStorage,
  fileTimeOf,
  long,
  makeMsg,
  makeTnef,
  mapiBlock,
  messageStorage,
  namedProperties,
  type Properties,
  storedRtf,
  verbStream,
  withLoop,
} from './make-outlook.ts';
import { allText, openBytes, textByPath } from './open-bytes.ts';

const sjis = (text: string): Buffer => iconv.encode(text, 'shift_jis');
const cp1251 = (text: string): Buffer => iconv.encode(text, 'windows-1251');

const WRAPPED =
  '{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 {\\*\\htmltag19 <html>}{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Record {\\*\\htmltag84 <b>}employment{\\*\\htmltag92 </b>}\\htmlrtf }\\htmlrtf0 {\\*\\htmltag72 </p>}}';

describe('an Outlook message', () => {
  it('shows subject, people, body, every other property, and attachments', async () => {
    const file = makeMsg(
      {
        '0037001F': '\u0001\u0004Re: Figures',
        '1000001F': 'Record employment',
        '0C1A001F': 'Ana',
        '5D01001F': 'a@one.example',
        '8001001F': 'Room 101',
      },
      [attachmentStorage({ '3707001F': 'final figures.txt', '37010102': Buffer.from('74.0 per cent') })],
    );
    expect(textByPath(await openBytes(file, { name: 'm.msg' }))).toMatchObject({
      'm.msg › subject': 'Re: Figures',
      'm.msg › header › From': 'Ana <a@one.example>',
      'm.msg › body': 'Record employment',
      'm.msg › properties': '0x8001: Room 101',
      'm.msg › final figures.txt': '74.0 per cent',
      'm.msg › attachment names': 'final figures.txt',
    });
  });

  it('shows a message inside a message', async () => {
    const inner = messageStorage({ '0037001F': 'Inner', '1000001F': 'Record employment' }, [], 24);
    const file = makeMsg({ '0037001F': 'Outer' }, [attachmentStorage({ '3001001F': 'Inner' }, inner)]);
    expect(textByPath(await openBytes(file, { name: 'm.msg' }))).toMatchObject({
      'm.msg › Inner › body': 'Record employment',
    });
  });

  it.each([
    ['HTML as bytes', { '10130102': Buffer.from('<p>Record <b>employment</b>') }],
    ['rich text', { '10090102': storedRtf('{\\rtf1 Record \\b employment}') }],
    ['HTML wrapped in rich text', { '10090102': storedRtf(WRAPPED) }],
    ['8-bit text', { '1000001E': 'Record employment' }],
  ])('shows a body of %s', async (_, properties) => {
    expect(textByPath(await openBytes(makeMsg(properties), { name: 'm.msg' }))).toMatchObject({
      'm.msg › body': 'Record employment',
    });
  });

  it.each<readonly [string, Properties, readonly string[]]>([
    ['Japanese by its code page', { '0037001E': sjis('タイトル'), '3FFD0003': long(932) }, ['タイトル']],
    ['Japanese by the code page of its mail', { '0037001E': sjis('タイトル'), '3FDE0003': long(50220) }, ['タイトル']],
    [
      'Russian by the charset of its headers',
      { '0037001E': cp1251('Привет'), '007D001E': 'Content-Type: text/plain; charset="koi8-r"\r\n' },
      ['Привет'],
    ],
    [
      'Chinese by the charset of its page',
      { '0C1A001E': Buffer.from('b169', 'hex'), '10130102': Buffer.from('<meta charset=big5><p>x') },
      ['張'],
    ],
    ['Russian by the locale of its writer', { '0037001E': cp1251('Привет'), '3FF10003': long(0x419) }, ['Привет']],
    [
      'an encoded transport header',
      { '007D001F': 'Subject: =?utf-8?Q?Caf=C3=A9?=\r\n =?utf-8?Q?s?=\r\nX-One: two\r\n' },
      ['Subject: Cafés', 'X-One: two'],
    ],
    [
      'a contact',
      { '001A001F': 'IPM.Contact', '3A08001F': '06-0001', '3A16001F': 'A. Co', '3A29001F': '1 Mill Lane' },
      ['message class: IPM.Contact', 'business telephone: 06-0001', 'company: A. Co', 'street: 1 Mill Lane'],
    ],
    [
      'when it was sent',
      { '00390040': fileTimeOf('2021-10-13T09:14:08Z') },
      ['sent: Wed, 13 Oct 2021 09:14:08 GMT (2021-10-13T09:14:08Z)'],
    ],
  ])('shows %s', async (_, properties, lines) => {
    const seen = allText(await openBytes(makeMsg(properties), { name: 'm.msg' }));
    expect(seen.split('\n')).toEqual(expect.arrayContaining([...lines]));
  });

  it('shows named properties by what they mean: place, start, categories, voting options', async () => {
    const named = namedProperties([0x8208, 0x820d, 0x8520, 'Keywords']);
    const file = makeCompound({
      ...messageStorage({
        '8000001F': 'Room 101',
        '80010040': fileTimeOf('2017-02-28T18:00:00Z'),
        '80020102': verbStream(['はい', 'No']),
        '8003101F': Buffer.alloc(8),
        '8003101F-00000000': 'Red\0',
        '8003101F-00000001': 'Blue\0',
      }),
      '__nameid_version1.0': named,
    });
    expect(
      textByPath(await openBytes(file, { name: 'm.msg' }))
        ['m.msg › properties']?.split('\n')
        .sort(),
    ).toEqual([
      'Blue',
      'Keywords: Red',
      'location: Room 101',
      'start: Tue, 28 Feb 2017 18:00:00 GMT (2017-02-28T18:00:00Z)',
      'voting options: はい;No',
    ]);
  });

  it('shows what it knows of its recipients', async () => {
    const person = attachmentStorage({ '3001001F': 'Ann', '39FE001F': 'ann@one.example', '3003001F': '/o=One/cn=ann' });
    const file = makeCompound({ ...messageStorage({ '0037001F': 'x' }), '__recip_version1.0_#00000000': person });
    expect(textByPath(await openBytes(file, { name: 'm.msg' }))).toMatchObject({
      'm.msg › header › To': 'Ann <ann@one.example>',
      'm.msg › recipients': 'address: /o=One/cn=ann',
    });
  });

  it('opens an embedded document of another program as what it is', async () => {
    const document = { Workbook: new Uint8Array(5000), '\u0005SummaryInformation': Buffer.from('small') };
    const file = makeMsg({ '0037001F': 'x' }, [attachmentStorage({ '3001001F': 'Sheet' }, document)]);
    const part = (await openBytes(file, { name: 'm.msg' })).parts.find((one) => one.path === 'm.msg › Sheet');
    expect(part?.type).toBe('application/vnd.ms-excel');
  });

  it('is corrupt where one of its streams is, and shows the others', async () => {
    const file = makeMsg({ '0037001F': 'Figures', '1000001F': 'Record employment', '3FF8001F': 'x'.repeat(600) });
    const seen = textByPath(await openBytes(withLoop(file, 1200), { name: 'm.msg' }));
    expect(seen).toMatchObject({ 'm.msg › subject': 'Figures', 'm.msg › damaged properties': '!corrupt' });
  });

  it('is incomplete where an attachment is a link', async () => {
    const file = makeMsg({ '0037001F': 'x' }, [attachmentStorage({ '3707001F': 'shared.xlsx' })]);
    expect(textByPath(await openBytes(file, { name: 'm.msg' }))).toMatchObject({
      'm.msg › shared.xlsx': '!unsupported',
    });
  });
});

describe('winmail.dat', () => {
  const parts = [
    [1, 0x00069003, mapiBlock({ '0037001F': 'Figures', '10090102': storedRtf('{\\rtf1 Record employment}') })],
    [2, 0x00069002, Buffer.alloc(14)],
    [2, 0x0006800f, Buffer.from('74.0 per cent')],
    [2, 0x00018010, Buffer.from('FINAL~1.TXT\0')],
    [2, 0x00069005, mapiBlock({ '3707001F': 'final figures.txt' })],
  ] as const;

  it('shows subject, body and attachments by their long names', async () => {
    expect(textByPath(await openBytes(makeTnef(parts), { name: 'winmail.dat' }))).toMatchObject({
      'winmail.dat › subject': 'Figures',
      'winmail.dat › body': 'Record employment',
      'winmail.dat › final figures.txt': '74.0 per cent',
    });
  });

  it('shows a message inside', async () => {
    const inner = makeTnef([[1, 0x0002800c, Buffer.from('Record employment')]]);
    const object = Buffer.concat([Buffer.alloc(16), inner]);
    const file = makeTnef([
      [2, 0x00069002, Buffer.alloc(14)],
      [2, 0x00069005, mapiBlock({ '3001001F': 'Inner', '3701000D': object })],
    ]);
    expect(textByPath(await openBytes(file, { name: 'winmail.dat' }))).toMatchObject({
      'winmail.dat › Inner › body': 'Record employment',
    });
  });

  it('shows bytes kept as a property, and what old attributes say', async () => {
    const file = makeTnef([
      [1, 0x00078008, Buffer.from('IPM.Note\0')],
      [1, 0x00038005, Buffer.from([0xd3, 7, 6, 0, 17, 0, 10, 0, 22, 0, 5, 0, 2, 0])],
      [1, 0x00008000, Buffer.concat([Buffer.alloc(8), Buffer.from('Ann Bee\0SMTP:ann@one.example\0')])],
      [2, 0x00069002, Buffer.alloc(14)],
      [2, 0x00069005, mapiBlock({ '3707001F': 'a.txt', '37010102': Buffer.from('Record employment is up') })],
    ]);
    const seen = textByPath(await openBytes(file, { name: 'winmail.dat' }));
    expect(seen).toMatchObject({ 'winmail.dat › a.txt': 'Record employment is up' });
    expect(seen['winmail.dat › attributes']?.split('\n')).toEqual([
      'IPM.Note',
      '2003-06-17 10:22:05',
      'Ann Bee SMTP:ann@one.example',
    ]);
  });

  it('is corrupt where a length is wrong, and shows what follows', async () => {
    const file = Buffer.concat([
      makeTnef([[1, 0x00018004, Buffer.from('Figures\0')]]),
      Buffer.from('stray bytes'),
      makeTnef([[1, 0x0002800c, Buffer.from('Record employment')]]).subarray(6),
    ]);
    expect(textByPath(await openBytes(file, { name: 'winmail.dat' }))).toMatchObject({
      'winmail.dat': '!corrupt',
      'winmail.dat › subject': 'Figures',
      'winmail.dat › body': 'Record employment',
    });
  });

  it('is corrupt where it is cut off, and shows what is left', async () => {
    const file = makeTnef(parts);
    const seen = textByPath(await openBytes(file.subarray(0, file.length - 60), { name: 'winmail.dat' }));
    expect(seen).toMatchObject({ 'winmail.dat': '!corrupt', 'winmail.dat › body': 'Record employment' });
  });
});
