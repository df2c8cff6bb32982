import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { asSource } from '../core/byte-source.ts';
import type { ArrivalRecord, UnsureArrival } from './arrival-record.ts';
import type { Log } from './log.ts';
import { idsFrom } from './message-id.ts';
import type { Service } from './service.ts';

type Receive = Service['receive'];

export interface ArrivalDeps {
  readonly receive: Receive;
  readonly arrivals: ArrivalRecord;
  /** HMAC key. */
  readonly key: Uint8Array;
  /** Unique to this process; `isGone` judges others by theirs. */
  readonly gateway: string;
  readonly isGone: (gateway: string, silentMs: number) => boolean;
  /** After this the gateway has answered 4xx, whatever becomes of the message, ms. */
  readonly replyMs: number;
  readonly log: Log;
  /** Clock that message ids are made by. */
  readonly now?: () => number;
  readonly tickMs?: number;
  readonly sureAfterMs?: number;
}

/** How long after it was taken a message counts as answered: by then its client has gone on, or has broken off. */
const SURE_AFTER_MS = 10_000;
/** MTAs try again for five days (RFC 5321 section 4.5.4.1). */
const KNOWN_FOR_MS = 6 * 86_400_000;
const TICK_MS = 1_000;
const IDLE_TICKS = 10;

/**
 * Takes mail as `receive` does, and knows a message again that was committed without its client having surely heard of it: one in
 * hand when a gateway died, one whose commit or whose reply failed. The client is answered with the id it has, and nothing is stored twice.
 *
 * It is the same message where sender, recipients and every byte are; an MTA that sends again sends those. What was surely answered
 * is never taken for another: two equal mails that were both answered are two mails.
 */
export async function recogniseArrivals(
  deps: ArrivalDeps,
): Promise<{ readonly receive: Receive; stop(): Promise<void> }> {
  const { arrivals, gateway, log, now = Date.now, tickMs = TICK_MS, sureAfterMs = SURE_AFTER_MS } = deps;
  const key = createSecretKey(deps.key);
  const unsure = new Map<string, UnsureArrival>();
  /** Those of them that the record told of: another gateway may have settled them since. */
  const learned = new Set<string>();
  const inHand = new Set<{ readonly since: number }>();
  /** Those that were answered 4xx while they were still being stored. */
  const late = new Map<string, Promise<unknown>>();
  /** Those that came again, by digest, and when: this answer may be lost as well. */
  const again = new Map<string, number>();
  let isStopped = false;
  let ticks = 0;
  let hasTaken = false;
  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<void> = Promise.resolve();

  const sureBelow = () => idsFrom(Math.min(now(), ...[...inHand].map(({ since }) => since)) - sureAfterMs);

  async function learn(ms: number): Promise<void> {
    for (const one of await arrivals.noted(ms)) {
      unsure.set(one.digest, one);
      learned.add(one.digest);
    }
  }

  async function settle(digest: string): Promise<void> {
    unsure.delete(digest);
    learned.delete(digest);
    await arrivals.forget(digest);
  }

  async function note(one: UnsureArrival): Promise<void> {
    unsure.set(one.digest, one);
    learned.delete(one.digest);
    await arrivals.note(one).catch((err: unknown) => log.warn({ err }, 'what may come again could not be noted'));
  }

  async function tick(): Promise<void> {
    ticks += 1;
    for (const [digest, at] of again) {
      if (now() - at < sureAfterMs) continue;
      again.delete(digest);
      await settle(digest);
    }
    const isIdleTick = ticks % IDLE_TICKS === 0;
    if (!hasTaken && !isIdleTick) return;
    hasTaken = inHand.size > 0;
    await arrivals.mark(gateway, sureBelow());
    if (!isIdleTick) return;
    await arrivals.adopt((other, silentMs) => other !== gateway && deps.isGone(other, silentMs));
    await learn(3 * IDLE_TICKS * tickMs);
    if (ticks % (IDLE_TICKS * 360) === 0) await arrivals.tidyUp(KNOWN_FOR_MS);
  }

  function next(): void {
    timer = setTimeout(() => {
      ticking = tick()
        .catch((err: unknown) => log.warn({ err }, 'answers of this gateway could not be marked'))
        .then(() => {
          if (!isStopped) next();
        });
    }, tickMs);
    timer.unref();
  }

  async function known(digest: string): Promise<string | null> {
    await late.get(digest)?.catch(() => {});
    const one = unsure.get(digest);
    if (one === undefined) return null;
    const isOpen = !learned.has(digest) || (await arrivals.isNoted(digest));
    const id = isOpen ? await arrivals.find(one) : null;
    if (id !== null) again.set(digest, now());
    else await settle(digest);
    return id;
  }

  await arrivals.mark(gateway, sureBelow());
  await arrivals.adopt((other, silentMs) => other !== gateway && deps.isGone(other, silentMs));
  await learn(KNOWN_FOR_MS);
  next();

  return {
    async receive(mail) {
      const digest = await digestOf(mail, key);
      const id = await known(digest);
      if (id !== null) {
        log.info({ id }, 'a message that was taken before, and came again');
        return { ok: true, value: { id } };
      }
      const hand = { since: now() };
      const unsureOne = (taken: string | null): UnsureArrival => ({
        digest,
        id: taken,
        // Not before it came in: an equal mail that was answered a moment ago is another one.
        fromId: idsFrom(hand.since),
        untilId: idsFrom(now() + sureAfterMs),
      });
      inHand.add(hand);
      hasTaken = true;
      const outcome = deps.receive({ ...mail, transport: { ...mail.transport, arrival: { gateway, digest } } });
      let isLate = false;
      const patience = setTimeout(() => {
        isLate = true;
        late.set(digest, settled);
      }, deps.replyMs);
      const settled = outcome
        .then(
          (taken) => {
            if (isLate && taken.ok) void note(unsureOne(taken.value.id));
          },
          () => {
            // The connection to the store may have gone with the word that it committed.
            void note(unsureOne(null));
          },
        )
        .finally(() => {
          clearTimeout(patience);
          late.delete(digest);
          inHand.delete(hand);
        });
      await settled;
      return outcome;
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await ticking;
      await arrivals
        .end(gateway)
        .catch((err: unknown) => log.warn({ err }, 'the end of this gateway could not be marked'));
    },
  };
}

async function digestOf({ content, envelope }: Parameters<Receive>[0], key: KeyObject): Promise<string> {
  const hmac = createHmac('sha256', key);
  hmac.update(`arrival\0${JSON.stringify([envelope.from, [...envelope.to].sort()])}\0`);
  const source = asSource(content);
  if (source.memory !== null) hmac.update(source.memory);
  else for await (const chunk of source.stream(true)) hmac.update(chunk);
  return hmac.digest('base64url');
}
