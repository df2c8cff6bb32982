import { decodeWords, parseHeaderBlock, parseParameters } from './mime-header.ts';

describe('encoded words', () => {
  it.each([
    ['=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=', 'café'],
    ['=?utf-8?Q?a?==?utf-8?Q?b?=', 'ab'],
    ['=?utf-8?Q?a b c?=', 'a b c'],
    ['=?UTF-8?B?w6k=?==?UTF-8?B?w6k=?=', 'éé'],
    ['=?UTF-8?B?w6kgd?=\t=?UTF-8?B?29ybGQ=?=', 'é world'],
    ['=?iso-8859-1?q?=e9?= tail', 'é tail'],
    ['=?utf-8*en?Q?caf=C3=A9?=', 'café'],
    ['=?utf-8?Q?What=3F?= x', 'What? x'],
    ['=?utf-8?Q?What?_yes?=', 'What? yes'],
    ['=?utf-8?Q?a=?= b', 'a= b'],
    ['=?utf-8?B?aGVsbG8?=', 'hello'],
    ['=?utf-8?B?aGVs bG8=?=', 'hello'],
    ['=?utf-8?X?abc?=', '=?utf-8?X?abc?='],
    ['=?gb2312?B?1tDOxA==?=', '中文'],
    ['=?ISO-2022-JP?B?GyRCJCIbKEI=?= =?ISO-2022-JP?B?GyRCJCQbKEI=?=', 'あい'],
    ['=?ISO-2022-JP?B?GyRCJCI=?= =?ISO-2022-JP?B?JCQbKEI=?=', 'あい'],
    ['=?utf-8?q?_?=x', ' x'],
    ['=?us-ascii?Q?Keith_Moore?= <m@x>', 'Keith Moore <m@x>'],
    ['(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)', '(ab)'],
    ['=?utf-8?Q?=E2=82=AC?==?iso-8859-1?Q?=A3?=', '€£'],
    ['=?utf8?Q?caf=C3=A9?=', 'café'],
    ['=?"utf-8"?Q?caf=C3=A9?=', 'café'],
    ['=?UTF-8?Q?caf=C3=A9', 'café'],
    ['=?UTF-8?B?Y2Fmw6k', 'café'],
    ['= ?UTF-8?Q?x?=', '= ?UTF-8?Q?x?='],
    ['=?UTF-8?Q?Re:_=F0=9F=98=80_hi?=', 'Re: 😀 hi'],
    ['=?UTF-8?Q?caf=c3=a9_=?=\n =?UTF-8?Q?c3=a9?=', 'café é'],
    ['=?windows-1252?Q?=80?=', '€'],
    ['=?unknown-8bit?Q?caf=E9?=', 'café'],
    ['=?default?Q?caf=E9?=', 'café'],
    ['=?koi8-r?B?8NLJ18XU?=', 'Привет'],
    ['=?UTF-8?B?4pyIIEJvb2sgbm93IQ===?=', '✈ Book now!'],
  ])('of %j are %j', (coded, text) => {
    expect(decodeWords(coded)).toBe(text);
  });
});

describe('parameters', () => {
  it.each([
    ["attachment; filename*=UTF-8''caf%C3%A9.txt", 'filename', 'café.txt'],
    ["attachment; filename*0*=UTF-8''caf%C3; filename*1*=%A9.txt", 'filename', 'café.txt'],
    ['attachment; filename*0="a"; filename*1="b.txt"', 'filename', 'ab.txt'],
    ['attachment; filename*1="b.txt"; filename*0="a"', 'filename', 'ab.txt'],
    ['attachment; filename="=?utf-8?Q?caf=C3=A9.txt?="', 'filename', '=?utf-8?Q?caf=C3=A9.txt?='],
    ['attachment; filename=a b c.txt', 'filename', 'a b c.txt'],
    ['attachment; filename="a;b.txt"', 'filename', 'a;b.txt'],
    ['attachment; filename="unclosed.txt', 'filename', 'unclosed.txt'],
    ["attachment; filename='single.txt'", 'filename', "'single.txt'"],
    ["attachment; filename*=iso-8859-1'en'caf%E9.txt", 'filename', 'café.txt'],
    ['attachment; filename*=caf%C3%A9.txt', 'filename', 'café.txt'],
    ["attachment; filename*0*=UTF-8''%E4%BD; filename*1*=%A0.txt; filename=x.txt", 'filename', '你.txt'],
    ['text/plain charset=utf-8', 'charset', 'utf-8'],
    ['text/plain; charset = "utf-8"', 'charset', 'utf-8'],
    ['text/plain; name="a\\"b.txt"', 'name', 'a"b.txt'],
    ['text/plain; name="C:\\path\\file.txt"', 'name', 'C:\\path\\file.txt'],
    ['attachment; filename=a.txt, size=3', 'filename', 'a.txt'],
    ['attachment filename=a.txt', 'filename', 'a.txt'],
  ])('%j has %s %j', (header, name, value) => {
    expect(parseParameters(header).parameters.get(name)).toBe(value);
  });
});

describe('a header block', () => {
  it.each([
    ['folded lines', 'Subject: one\r\n\ttwo\r\n', ['Subject: one two'], []],
    ['a colon on the next line', 'From\n : a@one.example\n', ['From: a@one.example'], []],
    ['a blank before the colon', 'Subject : one\n', ['Subject: one'], []],
    ['lines that are none', 'Subject: one\nhello you\nTo: two\n', ['Subject: one', 'To: two'], ['hello you']],
    ['raw UTF-8', Buffer.from('Subject: Cafés\n'), ['Subject: Cafés'], []],
    ['raw Latin-1', Buffer.from('Subject: Caf\xe9s\n', 'latin1'), ['Subject: Cafés'], []],
  ])('is read with %s', (_, block, headers, strays) => {
    const read = parseHeaderBlock(Buffer.from(block));
    expect(read.fields.map(({ name, value }) => `${name}: ${value}`)).toEqual(headers);
    expect(read.strays).toEqual(strays);
  });
});
