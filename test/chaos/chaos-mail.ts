import type { MailKind } from './count-losses.ts';

const BROKEN_ZIP = Buffer.from('PK\x03\x04\x14\0\0\0\x08\0 ends too early', 'latin1').toString('base64');

/** A mail that carries its token in its Message-ID; equal tokens give equal bytes, as when an MTA sends again. */
export function chaosMail(token: string, kind: MailKind, padding = 0): Buffer {
  const head = `From: a@department.example\r\nTo: b@network.example\r\nDate: Wed, 20 Jan 2016 09:00:00 +0000\r\nSubject: mail\r\nMessage-ID: <${token}@chaos.example>\r\nMIME-Version: 1.0\r\n`;
  const text = 'Content-Type: text/plain\r\n\r\n';
  const filler =
    padding === 0 ? '' : `\r\n${'The room is booked until noon and the tea is paid for.\r\n'.repeat(padding / 56)}`;
  switch (kind) {
    case 'clean':
      return Buffer.from(`${head}${text}The meeting is at ten.${filler}`);
    case 'embargoed':
      return Buffer.from(`${head}${text}Record employment again this month, the good news will keep coming!`);
    case 'held':
      return Buffer.from(
        `${head}Content-Type: application/zip; name="a.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\n${BROKEN_ZIP}`,
      );
  }
}

/** The token in a mail's text; `last` for notices, which quote the mail they return. */
export function tokenOf(text: string, which: 'first' | 'last' = 'first'): string | null {
  const found = [...text.matchAll(/Message-ID: <([^@>]+)@chaos\.example>/gi)];
  return (which === 'first' ? found[0] : found.at(-1))?.[1] ?? null;
}
