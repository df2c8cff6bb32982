import type { ByteSource } from '../core/byte-source.ts';
import type { Instant } from '../core/entry.ts';
import type { Envelope } from '../core/message.ts';
import type { Judgement } from '../core/verdict.ts';
import type { Engine } from '../scan/engine.ts';

/** What becomes of a mail that its MTA keeps; there is no way to pass one that was not judged. */
export type TransitDecision =
  | { readonly action: 'pass' }
  /** 5xx or 4xx with a text that begins with an enhanced status code. */
  | { readonly action: 'refuse'; readonly code: number; readonly text: string }
  /** The MTA keeps it on hold, and tells its client 250. */
  | { readonly action: 'quarantine'; readonly reason: string };

/** What is done with a mail that would be held: told to the sender at once, kept by the MTA, or put off. */
export type TransitHold = 'reject' | 'quarantine' | 'tempfail';

export interface TransitDeps {
  readonly engine: () => Promise<Engine>;
  readonly now: () => Instant;
  readonly hold: TransitHold;
}

/** Judges a mail while its MTA waits for the answer; nothing is stored. Rejects where it cannot be judged. */
export async function judgeInTransit(
  { content, envelope }: { readonly content: ByteSource; readonly envelope: Envelope },
  { engine, now, hold }: TransitDeps,
): Promise<TransitDecision> {
  const { judgement } = await (await engine()).judge({
    kind: 'email',
    name: 'message.eml',
    source: content,
    parties: { from: envelope.from, to: envelope.to },
    now: now(),
    publishAt: null,
  });
  if (judgement.verdict !== 'hold') return { action: 'pass' };
  const why = reasonFor(judgement);
  switch (hold) {
    case 'reject':
      return { action: 'refuse', code: 550, text: `5.7.1 held: ${why}` };
    case 'tempfail':
      return { action: 'refuse', code: 451, text: `4.7.1 held for now: ${why}` };
    case 'quarantine':
      return { action: 'quarantine', reason: `held: ${why}` };
  }
}

/** Summaries say the same for every embargoed value, so that this tells the sender no more than any view of theirs (promise 4). */
function reasonFor({ findings, incomplete, holdUntil }: Judgement): string {
  const [part] = incomplete;
  const grave = findings.find(({ severity }) => severity === 'high') ?? findings[0];
  const why =
    grave?.summary ?? (part === undefined ? 'needs a review' : `a part could not be looked at (${part.reason})`);
  return holdUntil === null ? why : `${why} It may go from ${new Date(holdUntil).toISOString()}.`;
}
