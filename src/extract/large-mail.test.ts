import { type ByteSource, memorySource } from '../core/byte-source.ts';
import { Budget, DEFAULT_LIMITS } from './budget.ts';
import { cutMail } from './cut-mail.ts';
import type { Piece } from './extractor.ts';
import { openLargeMail } from './large-mail.ts';

const MB = 1024 ** 2;
const budget = () => new Budget(DEFAULT_LIMITS, () => 0);
const wrapped = (content: Buffer): string => content.toString('base64').replace(/.{76}/g, '$&\r\n');
const large = (words: string): Buffer => Buffer.concat([Buffer.alloc(9 * MB, 'x'), Buffer.from(words)]);

/** A source that is never in memory as a whole, streamed in pieces that cut lines anywhere. */
function onDisk(bytes: Buffer, step = 999_983): ByteSource {
  return {
    ...memorySource(bytes),
    memory: null,
    async *stream() {
      for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
    },
  };
}

async function piecesOf(bytes: Buffer): Promise<readonly Piece[]> {
  const part = { path: 'a.eml', name: null, type: 'message/rfc822', declaredType: null, source: onDisk(bytes) };
  const pieces: Piece[] = [];
  for await (const piece of openLargeMail(part, { budget: budget(), everyCell: false, passwords: [] }))
    pieces.push(piece);
  return pieces;
}

/** Files by step with the last words of each. */
function filesOf(pieces: readonly Piece[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pieces.flatMap((piece) =>
      piece.kind === 'part'
        ? [
            [
              piece.step,
              Buffer.from(piece.source.memory ?? [])
                .toString('latin1')
                .slice(-9),
            ],
          ]
        : [],
    ),
  );
}

const head =
  'From: a@b.example\r\nSubject: papers\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n';
const attachment = (name: string, content: Buffer): string =>
  `--b\r\nContent-Type: application/octet-stream; name="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${wrapped(content)}\r\n`;

describe('a mail that is too large for memory', () => {
  const small = Buffer.from('few words');
  const mail = Buffer.from(
    `${head}--b\r\n\r\nThe papers.\r\n${attachment('one.bin', large('words one'))}${attachment('two.bin', large('words two'))}${attachment('three.bin', large('words 333'))}${attachment('small.bin', small)}--b--\r\n`,
  );

  it('is opened as any other', async () => {
    const pieces = await piecesOf(mail);
    expect(filesOf(pieces)).toEqual({
      'one.bin': 'words one',
      'two.bin': 'words two',
      'three.bin': 'words 333',
      'small.bin': 'few words',
    });
    expect(pieces.find((piece) => piece.kind === 'headers')).toMatchObject({ headers: { subject: 'papers' } });
    expect(pieces.find((piece) => piece.kind === 'text' && piece.step === 'body')).toMatchObject({
      text: expect.stringContaining('The papers.'),
    });
  });

  it.each([1, 7, 4096, 1_000_003].map((step) => [step === 1 ? 65_537 : step * 131]))(
    'is cut at the same places when it comes in pieces of %i bytes',
    async (step) => {
      const { rest, cuts } = await cutMail(onDisk(mail, step), budget());
      const whole = await cutMail(onDisk(mail, mail.length), budget());
      expect(cuts).toEqual(whole.cuts);
      expect(Buffer.from(rest).equals(whole.rest)).toBe(true);
      expect(rest.length).toBeLessThan(10_000);
    },
  );

  it.each<[string, string, string]>([
    ['a body', `Subject: x\r\nContent-Type: text/plain\r\n\r\n${'long text '.repeat(4 * MB)}last word`, 'last word'],
    [
      'a body in base64',
      `Subject: x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n${wrapped(Buffer.concat([Buffer.alloc(33 * MB, 'x'), Buffer.from('last word')]))}`,
      'last word',
    ],
    [
      'a preamble',
      `${head}${'long text '.repeat(4 * MB)}last word\r\n--b\r\n\r\nThe papers.\r\n--b--\r\n`,
      'st word\r\n',
    ],
    [
      'an attachment of a mail in it',
      `${head}--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\nContent-Type: multipart/mixed; boundary="c"\r\n\r\n--c\r\nContent-Type: text/csv; name="deep.csv"\r\n\r\n${'1,2,3,4,5\r\n'.repeat(4 * MB)}last word\r\n--c--\r\n--b--\r\n`,
      'st word\r\n',
    ],
  ])('loses nothing of %s', async (_, text, words) => {
    expect(Object.values(filesOf(await piecesOf(Buffer.from(text))))).toContain(words);
  });

  it('is incomplete where its header has no end', async () => {
    await expect(cutMail(onDisk(Buffer.alloc(40 * MB, 'X: y\r\n')), budget())).rejects.toMatchObject({
      reason: 'too-large',
    });
  });
});
