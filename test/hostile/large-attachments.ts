import { makeLettingsWorkbook } from '../../src/cli/lettings-workbook.ts';
import { makeDocx } from '../opening/make-office.ts';
import { base64Lines } from './make-hostile-mail.ts';
import { storedZip } from './stored-zip.ts';

const MB = 1024 ** 2;

export interface LargeAttachment {
  readonly name: string;
  readonly content: Buffer;
  /** What a mail with it comes to, under the registers of the fixtures, and which entry it is held for. */
  readonly heldFor: string | null;
}

/** Readings of instruments: a table that says nothing about people, of which any length is as dull as any other. */
function readings(bytes: number, seed: number): Buffer {
  const lines: string[] = ['station,hour,temperature,pressure,wind\n'];
  let length = lines[0]?.length ?? 0;
  for (let row = 0; length < bytes; row += 1) {
    const line = `S${(row * 7 + seed) % 90},${row % 24},${((row * 13) % 300) / 10},${990 + ((row * 3) % 40)},${(row * 11) % 60}\n`;
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join(''));
}

/** Ten files of 100 MB: eight dull ones, one with records of lettings at its end, one with a sentence under embargo deep inside. */
export async function largeAttachments(bytes = 100 * MB): Promise<readonly LargeAttachment[]> {
  const filler = readings(bytes, 1);
  const records = await makeLettingsWorkbook(400, 7);
  const sentence = makeDocx({
    body: '<w:p><w:r><w:t>The employment rate rose to a record 74.0 per cent in the latest quarter.</w:t></w:r></w:p>',
  });
  return [
    ...Array.from({ length: 8 }, (_, at) => ({ name: `readings-${at}.csv`, content: filler, heldFor: null })),
    {
      name: 'returns.zip',
      content: storedZip([
        { name: 'readings.csv', content: filler },
        { name: 'annex.xlsx', content: records },
      ]),
      heldFor: 'core-lettings-2016-17',
    },
    {
      name: 'papers.zip',
      content: storedZip([
        { name: 'readings.csv', content: filler },
        { name: 'note.zip', content: storedZip([{ name: 'note.docx', content: sentence }]) },
      ]),
      heldFor: 'labour-market-2016-01',
    },
  ];
}

/** A mail with these attached; begins with its token. */
export function mailOf(token: string, attachments: readonly LargeAttachment[]): readonly Buffer[] {
  const head = `X-Token: ${token}\r\nFrom: a@department.example\r\nTo: b@network.example\r\nSubject: papers\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="edge"\r\n\r\n--edge\r\n\r\nPapers attached.\r\n`;
  return [
    Buffer.from(head),
    ...attachments.flatMap(({ name, content }) => [
      Buffer.from(
        `--edge\r\nContent-Type: application/octet-stream; name="${name}"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n`,
      ),
      base64Lines(content),
    ]),
    Buffer.from('--edge--\r\n'),
  ];
}
