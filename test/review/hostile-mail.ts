import { makeXlsx } from '../opening/make-office.ts';
import { maker, table } from '../protected-data/made-up.ts';

/** What a page must never run: from the usual cheat sheets, and each says where it stood. */
export const VECTORS = [
  '<script>window.hacked=1</script>',
  '<img src=x onerror="window.hacked=2">',
  '"><svg/onload=window.hacked=3>',
  '</textarea><script>window.hacked=4</script>',
  "';window.hacked=5;//",
  '<iframe srcdoc="<script>parent.hacked=6</script>"></iframe>',
  '{{ 7*7 }}{% raw %}#{7*7}',
  '<a href="javascript:window.hacked=7">x</a>',
  '<details open ontoggle=window.hacked=8>',
  '<math><mtext></mtext><style><img src=x onerror=window.hacked=9></style></math>',
  '<noscript><p title="</noscript><img src=x onerror=window.hacked=10>">',
  '<body onload=window.hacked=11><base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<link rel="stylesheet" href="https://evil.example/a.css"><style>@import "https://evil.example/b.css"</style>',
  '<form action="https://evil.example/"><button>Send</button></form>',
] as const;

/** Names that leave a folder, reorder themselves, or are longer than a page is wide. */
export const NAMES = [
  '../../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '/etc/shadow',
  `${VECTORS[1]}.csv`,
  '\u202egpj.exe',
  `${'very-long-name-'.repeat(14)}.csv`,
  '=cmd|calc!A1.csv',
  'رقم قياسي.csv',
];

const word = (text: string) => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
const base64 = (bytes: Uint8Array) =>
  (
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n');

function part(type: string, bytes: Uint8Array, name?: string): string {
  const disposition =
    name === undefined
      ? ''
      : `\r\nContent-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27').replaceAll('(', '%28').replaceAll(')', '%29').replaceAll('*', '%2A').replaceAll('!', '%21')}`;
  return `Content-Type: ${type}${disposition}\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(bytes)}`;
}

/** Rows of made-up people: held, and named by no entry, so that any reviewer may look inside. */
export function peopleCsv(cell = 'x'): Buffer {
  const made = maker(3);
  const rows = table('Name|NHS Number|Note', 12, () => [made.name(), made.nhsNumber(), cell]);
  return Buffer.from(rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\r\n'));
}

/** A mail with every vector in its subject, text, HTML, sheet names, cells, SVG and attachment names. */
export function hostileMail(from: string, to: readonly string[]): Buffer {
  const html = `<html><body><p>Good <b>morning</b></p><p style="display:none">hidden words</p><img src="https://evil.example/pixel.gif" alt="A &quot;pixel"><table><tr><td colspan="2">cell</td></tr></table><a href="https://evil.example/?q=1">our site</a><p dir="rtl">رقم قياسي</p>${VECTORS.join('\n')}</body></html>`;
  const sheet = `<sheet name="${VECTORS[1].replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}" sheetId="2" state="hidden" r:id="r1"/>`;
  const rows = `<row r="1"><c r="A1" t="inlineStr"><is><t>${VECTORS[0].replaceAll('<', '&lt;')}</t></is></c></row>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="window.hacked=20"><script>window.hacked=21</script><text>words</text></svg>`;
  const bodies = [
    part('text/plain; charset=utf-8', Buffer.from(`${VECTORS.join('\n')}\nرقم قياسي\n${'Unbroken'.repeat(60)}\n`)),
    part('text/html; charset=utf-8', Buffer.from(html)),
    part('image/svg+xml', Buffer.from(svg), `${VECTORS[1]}.svg`),
    part(
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      makeXlsx({ rows, workbook: `<sheets>${sheet}</sheets>` }),
      'book.xlsx',
    ),
    ...NAMES.map((name) => part('text/csv', peopleCsv(VECTORS[1]), name)),
  ];
  const lines = [
    `From: ${from}`,
    `To: ${to.join(', ')}`,
    `Subject: ${word(`${VECTORS[0]}${VECTORS[1]}`)}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="=_b"',
    '',
    ...bodies.flatMap((one) => ['--=_b', one]),
    '--=_b--',
    '',
  ];
  return Buffer.from(lines.join('\r\n'));
}
