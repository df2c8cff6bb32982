import { simpleParser } from 'mailparser';
import { deliveryNotice } from './delivery-notice.ts';

const input = {
  id: 'n1',
  host: 'gateway.example',
  now: Date.parse('2016-01-20T09:31:00Z'),
  sender: 'a@one.example',
  message: { id: 'm1', messageId: '<1@one.example>', receivedAt: Date.parse('2016-01-20T09:22:00Z') },
  envid: 'QQ314',
  nextHop: 'sink.example',
  failed: [
    { recipient: 'b@two.example', reply: '550 5.7.1 refused', originalRecipient: 'rfc822;x@two.example' },
    { recipient: 'c@two.example', reply: '451 4.4.1 next hop not reached', originalRecipient: null },
    { recipient: 'd@two.example', reply: '550 no', originalRecipient: null },
  ],
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
      'Original-Envelope-Id: QQ314',
      'Arrival-Date: Wed, 20 Jan 2016 09:22:00 +0000',
      '',
      'Original-Recipient: rfc822;x@two.example',
      'Final-Recipient: rfc822; b@two.example',
      'Action: failed',
      'Status: 5.7.1',
      'Remote-MTA: dns; sink.example',
      'Diagnostic-Code: smtp; 550 5.7.1 refused',
      '',
    ].join('\r\n'),
  );
});

test('every status is a permanent one', () => {
  const content = Buffer.from(deliveryNotice(input)).toString();
  expect(content.match(/^Status: .*$/gm)).toEqual(['Status: 5.7.1', 'Status: 5.4.1', 'Status: 5.0.0']);
});

test('nothing that a server or sender wrote starts a line of its own', () => {
  const evil = 'x\r\nBcc: spy@evil.example\r\n\r\n.\r\n';
  const content = Buffer.from(
    deliveryNotice({
      ...input,
      sender: `a@one.example${evil}`,
      envid: evil,
      message: { ...input.message, messageId: evil },
      failed: [{ recipient: evil, reply: evil, originalRecipient: evil }],
    }),
  ).toString();
  expect(content).not.toMatch(/^Bcc:/m);
  expect(content).not.toMatch(/^\.$/m);
});

test('all lines end in CRLF', () => {
  expect(Buffer.from(deliveryNotice(input)).toString()).not.toMatch(/(?<!\r)\n|\r(?!\n)/);
});
