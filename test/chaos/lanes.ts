import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SmtpTalk } from '../gateway/smtp-talk.ts';
import { chaosMail } from './chaos-mail.ts';
import { type Acknowledged, type MailKind, makeToken } from './count-losses.ts';

/** What was answered 250, flushed to disk before the next mail is sent. */
export class Ledger {
  readonly acknowledged = new Map<string, Acknowledged>();
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  note(token: string): void {
    writeSync(this.#file, `${token}\n`);
    fsyncSync(this.#file);
    this.acknowledged.set(token, { token, isReleased: false });
  }

  release(token: string): void {
    this.acknowledged.set(token, { token, isReleased: true });
  }

  close(): void {
    closeSync(this.#file);
  }
}

export interface LanePlace {
  readonly ledger: Ledger;
  readonly port: () => number;
  /** Whether the client gets its 250; false, as if it had been lost on the way. */
  readonly hears: () => boolean;
  /** Whether nothing is to be sent for now. */
  readonly isPaused?: () => boolean;
}

/** A client as an MTA is one: what was not answered 250 or 5xx is sent again, byte for byte, until it is. */
export class Lane {
  readonly #name: string;
  readonly #place: LanePlace;
  #count = 0;
  #unanswered: { readonly token: string; readonly kind: MailKind } | null = null;
  /** Tokens that were refused for good. */
  readonly refused: string[] = [];

  constructor(name: string, place: LanePlace) {
    this.#name = name;
    this.#place = place;
  }

  async run(round: number, isDone: () => boolean, pauseMs = 0): Promise<void> {
    const isOver = () => isDone() || this.#place.isPaused?.() === true;
    while (!isDone()) {
      try {
        if (!isOver()) await this.#session(round, isOver, pauseMs);
      } catch {
        // The gateway is away.
      }
      await sleep(50);
    }
  }

  /** Sends what is unanswered until it is not; false where that takes too long. */
  async finish(limitMs: number): Promise<boolean> {
    const deadline = performance.now() + limitMs;
    await this.run(-1, () => this.#unanswered === null || performance.now() > deadline);
    return this.#unanswered === null;
  }

  async #session(round: number, isOver: () => boolean, pauseMs: number): Promise<void> {
    const { talk } = await within(10_000, SmtpTalk.open(this.#place.port()));
    try {
      while (!isOver()) {
        const { token, kind } = this.#unanswered ?? this.#next(round);
        this.#unanswered = { token, kind };
        const bytes = chaosMail(token, kind, this.#count % 10 === 0 ? 20_000 : 0);
        const reply = await within(60_000, talk.send('<a@department.example>', ['<b@network.example>'], bytes));
        if (reply.startsWith('250') && this.#place.hears()) {
          this.#unanswered = null;
          this.#place.ledger.note(token);
        } else if (reply.startsWith('5')) {
          this.#unanswered = null;
          this.refused.push(token);
        } else break;
        if (pauseMs > 0) await sleep(pauseMs);
      }
      talk.write('QUIT\r\n');
      await within(500, talk.reply()).catch(() => {});
    } finally {
      talk.close();
    }
  }

  #next(round: number) {
    this.#count += 1;
    const kind: MailKind = this.#count % 5 === 0 ? 'held' : this.#count % 7 === 0 ? 'embargoed' : 'clean';
    return { token: makeToken(kind, round, this.#name, this.#count), kind };
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
