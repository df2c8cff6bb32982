import { returnedHeaders } from './returned-headers.ts';

const HEAD = [
  'Received: from x by y;',
  '\tWed, 20 Jan 2016 09:00:00 +0000',
  'From: a@one.example',
  'To: b@two.example,',
  ' c@two.example',
  'BCC: secret@two.example',
  'Subject: Record employment',
  'Message-ID: <1@one.example>',
  '',
  'Subject: not a header, Record in the body',
  '',
].join('\r\n');

const returned = (head: string, verdict: 'pass' | 'flag' | 'hold' | null) =>
  Buffer.from(returnedHeaders('m1', Buffer.from(head), verdict)).toString();

test('gives back every header line of what passed but Bcc, folded as it was, and nothing of the body', () => {
  expect(returned(HEAD, 'pass')).toBe(
    'X-Holdfast-Id: m1\r\nReceived: from x by y;\r\n\tWed, 20 Jan 2016 09:00:00 +0000\r\nFrom: a@one.example\r\n' +
      'To: b@two.example,\r\n c@two.example\r\nSubject: Record employment\r\nMessage-ID: <1@one.example>\r\n',
  );
});

test.each(['flag', 'hold', null] as const)(
  'of what came to %s only the lines that say which message it was',
  (verdict) => {
    expect(returned(HEAD, verdict)).toBe(
      'X-Holdfast-Id: m1\r\nFrom: a@one.example\r\nTo: b@two.example,\r\n c@two.example\r\nMessage-ID: <1@one.example>\r\n',
    );
  },
);

test.each([
  ['bare line feeds', 'Subject: x\nDate: y\n\nbody: no\n', 'X-Holdfast-Id: m1\r\nSubject: x\r\nDate: y\r\n'],
  ['no header at all', '\r\nbody: no\r\n', 'X-Holdfast-Id: m1\r\n'],
  ['a header without an end', 'Subject: x\r\nDate: y\r\n', 'X-Holdfast-Id: m1\r\nSubject: x\r\nDate: y\r\n'],
  ['nothing', '', 'X-Holdfast-Id: m1\r\n'],
])('takes %s for what it is', (_, head, expected) => {
  expect(returned(head, 'pass')).toBe(expected);
});
