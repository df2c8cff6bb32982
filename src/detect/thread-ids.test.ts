import type { MailHeaders, OpenedMessage } from '../core/part.ts';
import { threadIds } from './thread-ids.ts';

const headers: MailHeaders = {
  from: [],
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  messageId: '<9@x>',
  date: null,
  inReplyTo: null,
};
const mail = (inReplyTo: string | null, fields = ''): OpenedMessage => ({
  headers: { ...headers, inReplyTo },
  parts: [{ path: 'headers', type: 'text/plain', bytes: 1, content: { kind: 'text', role: 'metadata', text: fields } }],
});

describe('the mails that a mail answers', () => {
  it.each([
    ['the one it answers', mail('<1@x>'), ['<1@x>']],
    [
      'those before that, the nearest first',
      mail('<2@x>', 'To: a\nReferences: <1@x> <2@x>\nX: <3@x>'),
      ['<2@x>', '<1@x>'],
    ],
    ['words around the id', mail('Your message of Monday <1@x> (mail)'), ['<1@x>']],
    ['none', mail(null, 'X-References: <1@x>'), []],
    ['no mail at all', { ...mail('<1@x>'), headers: null }, []],
  ])('are %s', (_what, message, ids) => {
    expect(threadIds(message)).toEqual(ids);
  });

  it('are few, however long the thread is', () => {
    const all = Array.from({ length: 300 }, (_, at) => `<${at}@x>`).join(' ');
    expect(threadIds(mail(null, `References: ${all}`))).toHaveLength(20);
    expect(threadIds(mail(null, `References: ${all}`))[0]).toBe('<299@x>');
  });
});
