const CRLF = '\r\n';
const HEAD = `From: a@department.example${CRLF}To: b@network.example${CRLF}Subject: papers${CRLF}MIME-Version: 1.0${CRLF}`;

/** Mails forwarded in mails; each level has its own words. */
export function nestedMails(levels = 500): Buffer {
  const levelHead = (at: number) =>
    `Subject: level ${at}${CRLF}MIME-Version: 1.0${CRLF}Content-Type: multipart/mixed; boundary="b${at}"${CRLF}${CRLF}--b${at}${CRLF}Content-Type: message/rfc822${CRLF}${CRLF}`;
  const heads = Array.from({ length: levels }, (_, at) => levelHead(at)).join('');
  return Buffer.from(`${HEAD}${heads}Subject: innermost${CRLF}${CRLF}the innermost words${CRLF}`);
}

/** The same without multiparts: each mail is the body of the one before. */
export function bareNestedMails(levels = 500): Buffer {
  return Buffer.from(
    `${HEAD}${`Content-Type: message/rfc822${CRLF}${CRLF}Subject: x${CRLF}`.repeat(levels)}${CRLF}the innermost words`,
  );
}

/** Multiparts in multiparts, with no mail between them. */
export function nestedMultiparts(levels = 20_000): Buffer {
  const open = Array.from(
    { length: levels },
    (_, at) => `Content-Type: multipart/mixed; boundary=b${at}${CRLF}${CRLF}--b${at}${CRLF}`,
  ).join('');
  return Buffer.from(`${HEAD}${open}${CRLF}words${CRLF}`);
}

export function mailOfParts(parts = 20_000): Buffer {
  const part = `--b${CRLF}Content-Type: text/plain; name="a.txt"${CRLF}Content-Disposition: attachment${CRLF}${CRLF}words${CRLF}`;
  return Buffer.from(`${HEAD}Content-Type: multipart/mixed; boundary=b${CRLF}${CRLF}${part.repeat(parts)}--b--${CRLF}`);
}

export const headerOfFields = (fields = 1_000_000): Buffer =>
  Buffer.from(`${HEAD}${`X-A: b${CRLF}`.repeat(fields)}${CRLF}words`);

export const headerLine = (bytes = 50 * 1024 ** 2): Buffer =>
  Buffer.from(`${HEAD}X-Long: ${'a b '.repeat(bytes / 4)}${CRLF}${CRLF}words`);

/** A subject of 50 MB, folded as the RFC wants it. */
export const subjectOfWords = (bytes = 8 * 1024 ** 2): Buffer =>
  Buffer.from(`Subject: ${`=?utf-8?q?word?=${CRLF} `.repeat(bytes / 19)}${CRLF}${CRLF}words`);

export const headerOfRecipients = (count = 100_000): Buffer =>
  Buffer.from(
    `From: a@department.example${CRLF}To: ${Array.from({ length: count }, (_, at) => `"Person ${at}" <p${at}@network.example>`).join(`,${CRLF} `)}${CRLF}Subject: papers${CRLF}${CRLF}words`,
  );

/** What makes careless expressions try every way: words, spaces, digits and brackets without end. */
export const subjectsAgainstExpressions: readonly (readonly [string, string])[] = [
  ['letters', 'a'.repeat(200_000)],
  ['spaces', `employment${' '.repeat(200_000)}x`],
  ['digits', '1'.repeat(200_000)],
  ['grouped digits', '1,'.repeat(100_000)],
  ['points', '74.'.repeat(70_000)],
  ['dates', '20 January 2016 '.repeat(12_000)],
  ['percents', '74.0% '.repeat(30_000)],
  ['addresses', 'a@'.repeat(100_000)],
  ['dotted addresses', `a@${'b.'.repeat(100_000)}`],
  ['links', 'http://'.repeat(30_000)],
  ['brackets', '('.repeat(200_000)],
  ['quotes', '"'.repeat(200_000)],
  ['encoded words', '=?utf-8?q?'.repeat(20_000)],
  ['hyphens', 'record-'.repeat(30_000)],
  ['postcodes', 'AB1 2CD '.repeat(25_000)],
  ['National Insurance numbers', 'QQ123456C '.repeat(20_000)],
  ['claims', 'record employment rose '.repeat(9_000)],
  ['combining marks', `e${'\u0301'.repeat(100_000)}`],
  ['tabs and lines', '\t\n'.repeat(100_000)],
];

export const mailOfBody = (body: string): Buffer =>
  Buffer.from(`${HEAD}Content-Type: text/plain; charset=utf-8${CRLF}${CRLF}${body}${CRLF}`);

/** An mbox of mails that say nothing. */
export const mboxOfMany = (mails = 1_000_000): Buffer =>
  Buffer.from('From a@b Sat Jan  1 00:00:00 2016\n\n'.repeat(mails));

/** Base64 of nothing but line breaks and padding. */
export const emptyBase64 = (bytes = 20 * 1024 ** 2): Buffer =>
  Buffer.from(
    `${HEAD}Content-Type: application/octet-stream; name=a.bin${CRLF}Content-Transfer-Encoding: base64${CRLF}${CRLF}${`=${CRLF}`.repeat(bytes / 3)}`,
  );

/** Base64 where every line has a mark that is none of its alphabet. */
export const strayBase64 = (bytes = 20 * 1024 ** 2): Buffer =>
  Buffer.from(
    `${HEAD}Content-Type: application/octet-stream; name=a.bin${CRLF}Content-Transfer-Encoding: base64${CRLF}${CRLF}${`QUJD!REVG QUJD${CRLF}`.repeat(bytes / 16)}`,
  );

export const mailWith = (content: Uint8Array, name: string): Buffer =>
  Buffer.concat([
    Buffer.from(
      `${HEAD}Content-Type: multipart/mixed; boundary="edge"${CRLF}${CRLF}--edge${CRLF}${CRLF}Papers attached.${CRLF}--edge${CRLF}Content-Type: application/octet-stream${CRLF}Content-Transfer-Encoding: base64${CRLF}Content-Disposition: attachment; filename="${name}"${CRLF}${CRLF}`,
    ),
    base64Lines(content),
    Buffer.from(`${CRLF}--edge--${CRLF}`),
  ]);

/** Base64 in lines of 76, made in one pass: contents may be 100 MB. */
export function base64Lines(content: Uint8Array): Buffer {
  const coded = Buffer.from(Buffer.from(content).toString('base64'), 'latin1');
  const lines = Math.ceil(coded.length / 76);
  const out = Buffer.alloc(coded.length + lines * 2);
  for (let line = 0, at = 0; line < lines; line += 1) {
    at += coded.copy(out, at, line * 76, Math.min(coded.length, line * 76 + 76));
    out[at] = 13;
    out[at + 1] = 10;
    at += 2;
  }
  return out.subarray(0, coded.length + lines * 2);
}
