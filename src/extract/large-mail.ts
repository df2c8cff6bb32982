import { type ByteSource, memorySource } from '../core/byte-source.ts';
import { type Cut, cutMail } from './cut-mail.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { mail } from './mail.ts';
import { decodeTransfer } from './transfer-encoding.ts';

/** Mails up to here, that is all that the gateway takes, are read once and as a whole: quicker, and memory enough for that. */
const LARGE = 192 * 1024 ** 2;

/** Mail of any size: a large one is opened with its large bodies cut out, which are then read one by one. */
export const anyMail: Extractor = {
  name: mail.name,
  types: mail.types,
  extract(part: RawPart, context: ExtractContext): Iterable<Piece> | AsyncIterable<Piece> {
    const { memory, size } = part.source;
    return memory !== null || size <= LARGE ? mail.extract(part, context) : openLargeMail(part, context);
  },
};

/** Opens a mail with its large bodies cut out, so that one of them is in memory at a time. */
export async function* openLargeMail(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
  const { rest, cuts } = await cutMail(part.source, context.budget);
  const left = new Map(cuts.map((cut) => [cut.token, cut]));
  for await (const piece of mail.extract({ ...part, source: memorySource(rest) }, context)) {
    const cut = piece.kind === 'part' ? takeCut(piece.source, left) : undefined;
    if (cut === undefined || piece.kind !== 'part') yield piece;
    else yield { ...piece, source: await readCut(part.source, cut, context) };
  }
  // Bodies, preambles, and what stands in a mail within the mail.
  let number = 0;
  for (const cut of left.values()) {
    number += 1;
    const { name, declaredType, charset } = cut;
    yield {
      kind: 'part',
      step: name ?? `large part ${number}`,
      name,
      declaredType,
      charset,
      source: await readCut(part.source, cut, context),
    };
  }
}

/** The cut that a part stands for, if it is one; each is taken once. */
function takeCut(source: ByteSource, left: Map<string, Cut>): Cut | undefined {
  if (source.memory === null || source.size > 100) return undefined;
  const token = Buffer.from(source.memory).toString('latin1').trim();
  const cut = left.get(token);
  if (cut !== undefined) left.delete(token);
  return cut;
}

async function readCut(source: ByteSource, cut: Cut, { budget }: ExtractContext): Promise<ByteSource> {
  budget.takeBytes(cut.end - cut.start);
  const { bytes } = decodeTransfer(await source.read(cut.start, cut.end), cut.encoding);
  return memorySource(bytes);
}
