import { questionMail } from './question-mail.ts';

const question = {
  id: 'q-1',
  host: 'gate.example',
  now: Date.parse('2016-01-20T09:22:00Z'),
  sender: 'press@department.example',
  message: { id: 'm-1', messageId: '<1@department.example>', receivedAt: Date.parse('2016-01-20T09:20:00Z') },
  question: 'Whose rota is this?',
  asker: { name: 'Ann', address: 'ann@department.example' },
};

const textOf = (mail: ReturnType<typeof questionMail>) => Buffer.from(mail.content as Uint8Array).toString();
const headersOf = (text: string) => text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n');

describe('a question to a sender', () => {
  it('comes from the null sender, is answered to who asked, and says which message without anything of it', () => {
    const mail = questionMail(question);
    expect(mail.envelope).toEqual({ from: '', to: ['press@department.example'] });
    expect(headersOf(textOf(mail))).toContain('Reply-To: <ann@department.example>');
    const body = Buffer.from(textOf(mail).split('\r\n\r\n')[1] ?? '', 'base64').toString();
    expect(body).toContain('Whose rota is this?');
    expect(body).toContain('Holdfast id: m-1');
  });

  it.each([
    ['a name', { asker: { name: 'Ann\r\nBcc: evil@x.example', address: null } }],
    ['an address', { asker: { name: 'Ann', address: 'a@b.example>\r\nBcc: <evil@x.example' } }],
    ['a sender', { sender: 'a@b.example>\r\nBcc: <evil@x.example' }],
    ['a question', { question: 'x\r\n\r\nBcc: evil@x.example\r\n.\r\n' }],
    ['a Message-ID', { message: { ...question.message, messageId: '<1>\r\nBcc: evil@x.example' } }],
  ])('has no header that %s slipped in', (_what, change) => {
    const headers = headersOf(textOf(questionMail({ ...question, ...change })));
    expect(headers.filter((line) => /^bcc:/i.test(line))).toEqual([]);
    expect(headers.every((line) => /^[A-Za-z-]+: /.test(line))).toBe(true);
  });
});
