import { simpleParser } from 'mailparser';
import { deliveryNotice, type NoticeInput, type NoticeRecipient } from './delivery-notice.ts';

const failed = (recipient: string, reply: string, change: Partial<NoticeRecipient> = {}): NoticeRecipient => ({
  recipient,
  reply,
  action: 'failed',
  server: 'sink.example',
  isExpired: false,
  originalRecipient: null,
  ...change,
});

const input: NoticeInput = {
  id: 'n1',
  host: 'gateway.example',
  now: Date.parse('2016-01-20T09:31:00Z'),
  sender: 'a@one.example',
  message: { id: 'm1', messageId: '<1@one.example>', receivedAt: Date.parse('2016-01-20T09:22:00Z') },
  envid: 'QQ+2B314',
  recipients: [
    failed('b@two.example', '550 5.7.1 refused', { originalRecipient: 'rfc822;x+2By@two.example' }),
    failed('c@two.example', '451 4.4.1 next hop not reached', { server: null, isExpired: true }),
    failed('d@two.example', '550 no'),
  ],
  retryUntil: Date.parse('2016-01-25T09:22:00Z'),
  headers: Buffer.from('Message-ID: <1@one.example>\r\nSubject: Figures\r\n'),
};

test('is a report of three parts as RFC 3464 wants it', async () => {
  const content = Buffer.from(deliveryNotice(input)).toString();
  const parsed = await simpleParser(content);
  expect(parsed.subject).toBe('Undelivered Mail Returned to Sender');
  expect(parsed.to).toMatchObject({ text: 'a@one.example' });
  expect(content).toContain('report-type=delivery-status');
  expect(content).toContain(
    [
      'Reporting-MTA: dns; gateway.example',
      'Original-Envelope-Id: QQ+314',
      'Arrival-Date: Wed, 20 Jan 2016 09:22:00 +0000',
      '',
      'Original-Recipient: rfc822;x+y@two.example',
      'Final-Recipient: rfc822; b@two.example',
      'Action: failed',
      'Status: 5.7.1',
      'Remote-MTA: dns; sink.example',
      'Diagnostic-Code: smtp; 550 5.7.1 refused',
      'Last-Attempt-Date: Wed, 20 Jan 2016 09:31:00 +0000',
      '',
      'Final-Recipient: rfc822; c@two.example',
      'Action: failed',
      'Status: 5.4.7',
      'Diagnostic-Code: x-holdfast; 451 4.4.1 next hop not reached',
      'Last-Attempt-Date: Wed, 20 Jan 2016 09:31:00 +0000',
      '',
    ].join('\r\n'),
  );
});

test('every status is a permanent one', () => {
  const content = Buffer.from(deliveryNotice(input)).toString();
  expect(content.match(/^Status: .*$/gm)).toEqual(['Status: 5.7.1', 'Status: 5.4.7', 'Status: 5.0.0']);
});

test('nothing that a server or sender wrote starts a line of its own', () => {
  const evil = 'x\r\nBcc: spy@evil.example\r\n\r\n.\r\n';
  const content = Buffer.from(
    deliveryNotice({
      ...input,
      sender: `a@one.example${evil}`,
      envid: evil,
      message: { ...input.message, messageId: evil },
      recipients: [
        failed(evil, evil, { originalRecipient: evil, server: evil }),
        failed('x@two.example', '550 no', { originalRecipient: 'rfc822;x+0D+0ABcc: spy@evil.example' }),
      ],
    }),
  ).toString();
  expect(content).not.toMatch(/^Bcc:/m);
  expect(content).not.toMatch(/^\.$/m);
});

test('all lines end in CRLF', () => {
  expect(Buffer.from(deliveryNotice(input)).toString()).not.toMatch(/(?<!\r)\n|\r(?!\n)/);
});

test.each([
  ['failed', 'Undelivered Mail Returned to Sender', 'Status: 5.4.1'],
  ['delayed', 'Delayed Mail (still being retried)', 'Status: 4.4.1'],
  ['relayed', 'Mail Passed On (delivery not confirmed)', 'Status: 2.4.1'],
] as const)('says in subject, action and status that it %s', async (action, subject, status) => {
  const recipients = [failed('b@two.example', '451 4.4.1 next hop not reached', { action })];
  const content = Buffer.from(deliveryNotice({ ...input, recipients })).toString();
  expect((await simpleParser(content)).subject).toBe(subject);
  expect(content).toContain(`Action: ${action}\r\n${status}\r\n`);
  expect(content.includes('Will-Retry-Until: Mon, 25 Jan 2016 09:22:00 +0000')).toBe(action === 'delayed');
});

test('one notice tells of several fates, the worst in its subject', async () => {
  const recipients = [
    failed('b@two.example', '451 4.2.0 busy', { action: 'delayed' }),
    failed('c@two.example', '550 no'),
  ];
  const content = Buffer.from(deliveryNotice({ ...input, recipients })).toString();
  expect((await simpleParser(content)).subject).toBe('Undelivered Mail Returned to Sender');
  expect(content.match(/^Action: .*$/gm)).toEqual(['Action: delayed', 'Action: failed']);
});

test('carries the header lines it is given, and names addresses outside ASCII as RFC 6533 wants it', () => {
  const content = Buffer.from(
    deliveryNotice({
      ...input,
      recipients: [failed('b\u00fccher@two.example', '550 no')],
      headers: Buffer.from('Subject: B\u00fccher\r\n'),
    }),
  ).toString();
  expect(content).toContain(
    'Content-Type: message/global-headers\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSubject: B\u00fccher\r\n--=_n1--\r\n',
  );
  expect(content).toContain('Content-Type: message/global-delivery-status\r\n');
  expect(content).toContain('Final-Recipient: utf-8; b\u00fccher@two.example\r\n');
});
