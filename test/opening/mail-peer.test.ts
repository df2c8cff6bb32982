import fc from 'fast-check';
import { type ParsedMail, simpleParser } from 'mailparser';
import { allText, openBytes } from './open-bytes.ts';

const word = fc.stringMatching(/^[a-z]{4,9}$/);
const words = fc.array(word, { minLength: 1, maxLength: 12 }).map((list) => list.join(' '));
const encoding = fc.constantFrom('7bit', 'quoted-printable', 'base64');

function encode(text: string, how: string): string {
  if (how === 'base64')
    return Buffer.from(text)
      .toString('base64')
      .replace(/(.{60})/g, '$1\r\n');
  return how === 'quoted-printable' ? text.replaceAll('e', '=65').replace(/(.{40})/g, '$1=\r\n') : text;
}

const leaf = fc.record({ text: words, how: encoding, kind: fc.constantFrom('text/plain', 'text/html', 'attachment') });
const leafSource = ({ text, how, kind }: { text: string; how: string; kind: string }): string =>
  kind === 'attachment'
    ? `Content-Type: text/plain; name="${text.slice(0, 8)}.txt"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: ${how}\r\n\r\n${encode(text, how)}`
    : `Content-Type: ${kind}; charset=utf-8\r\nContent-Transfer-Encoding: ${how}\r\n\r\n${encode(kind === 'text/html' ? `<p>${text}</p>` : text, how)}`;

const { tree } = fc.letrec<{ tree: string; branch: string }>((tie) => ({
  tree: fc.oneof({ maxDepth: 3 }, leaf.map(leafSource), tie('branch')),
  branch: fc
    .tuple(
      fc.constantFrom('mixed', 'alternative', 'related'),
      fc.uuid(),
      fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
    )
    .map(
      ([kind, id, parts]) =>
        `Content-Type: multipart/${kind}; boundary="${id}"\r\n\r\n${parts.map((part) => `--${id}\r\n${part}\r\n`).join('')}--${id}--\r\n`,
    ),
}));

function said(mail: ParsedMail): readonly string[] {
  const html = typeof mail.html === 'string' ? mail.html.replace(/<[^>]*>/g, ' ') : '';
  const attached = mail.attachments.map((one) => one.content.toString('utf8').replace(/<[^>]*>/g, ' '));
  return [mail.subject ?? '', mail.text ?? '', html, ...attached].join(' ').match(/[a-z]{4,9}/g) ?? [];
}

describe('mail in any shape', () => {
  it('shows every word that mailparser finds', async () => {
    await fc.assert(
      fc.asyncProperty(words, tree, async (subject, body) => {
        const source = `From: a@one.example\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\n${body}`;
        const peer = said(await simpleParser(source, { skipHtmlToText: true, skipTextToHtml: true }));
        const seen = new Set(allText(await openBytes(source, { kind: 'email' })).match(/[a-z]{4,9}/g));
        expect(peer.filter((one) => !seen.has(one))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
