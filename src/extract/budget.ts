import type { IncompleteReason } from '../core/part.ts';
import { Unreadable } from './unreadable.ts';

/** What one message may cost to open. Counted on actual bytes, never on what a header claims. */
export interface Limits {
  /** Bytes after expansion, all parts together. */
  readonly expandedBytes: number;
  /** Bytes out for each byte in, once `ratioGrace` bytes are out. */
  readonly ratio: number;
  readonly ratioGrace: number;
  readonly parts: number;
  readonly depth: number;
  /** Characters of text that are kept for the detectors, all parts together. */
  readonly text: number;
  /** Wall clock, ms. */
  readonly time: number;
  /** Passwords tried, all parts together, and the time they may take, ms. */
  readonly passwordTrials: number;
  readonly passwordTime: number;
}

/** Defaults with their reasons; overridable in configuration, never unlimited. */
export const DEFAULT_LIMITS: Limits = {
  expandedBytes: 4 * 1024 ** 3, // an 85,000-row workbook is 600 MB of XML; ten attachments of 100 MB must fit
  ratio: 200, // sheet XML of repeated codes reaches 100:1; a bomb is 1000:1
  ratioGrace: 1024 ** 2, // small files of one repeated line compress absurdly well and harm nobody
  parts: 20_000, // a mail with more parts was not written by an office
  text: 8 * 1024 ** 2, // some 3,000 pages; the process that detects holds it in memory, several times over
  depth: 50, // Rspamd stops at 64, Postfix at 100; no honest forward chain is deeper than a dozen
  time: 60_000,
  passwordTrials: 400, // a dozen candidates on each of some thirty locked files
  passwordTime: 20_000, // formats make every trial cost up to half a second; the rest of the message needs its time too
};

/** The budget of one message, shared by all its parts. `now` is a monotonic clock in ms. */
export class Budget {
  readonly limits: Limits;
  private readonly now: () => number;
  private readonly deadline: number;
  private bytes = 0;
  private parts = 0;
  private trials = 0;
  private trialTime = 0;
  private text = 0;
  private end: Unreadable | null = null;

  constructor(limits: Limits, now: () => number) {
    this.limits = limits;
    this.now = now;
    this.deadline = now() + limits.time;
  }

  /** What the message ran out of; null while it has some of everything. Nothing more of it is opened then. */
  get spent(): Unreadable | null {
    return this.end;
  }

  /** Takes `count` expanded bytes; throws `too-large` when the message has none left, `timed-out` past its time. */
  takeBytes(count: number): void {
    this.bytes += count;
    if (this.bytes > this.limits.expandedBytes) this.exhaust('too-large', 'the message expands past its limit');
    this.checkTime();
  }

  /** Checks one stream's expansion so far; throws `too-large` past the ratio. */
  checkRatio(compressed: number, expanded: number): void {
    if (expanded > this.limits.ratioGrace && expanded > compressed * this.limits.ratio)
      throw new Unreadable('too-large', `expands more than ${this.limits.ratio} times`);
  }

  /** Takes room for a text; answers how many of its characters may be kept. */
  takeText(length: number): number {
    const room = Math.max(0, this.limits.text - this.text);
    this.text += Math.min(length, room);
    return Math.min(length, room);
  }

  takePart(): void {
    this.parts += 1;
    if (this.parts > this.limits.parts) this.exhaust('too-many', `more than ${this.limits.parts} parts`);
  }

  /** Begins to try a password; the function returned ends the trial. Null when the message has no trial left. */
  beginTrial(): (() => void) | null {
    if (this.trials >= this.limits.passwordTrials || this.trialTime >= this.limits.passwordTime) return null;
    this.trials += 1;
    const start = this.now();
    return () => {
      this.trialTime += this.now() - start;
    };
  }

  /** Wall clock, ms; 0 past the end. */
  timeLeft(): number {
    return Math.max(0, this.deadline - this.now());
  }

  checkTime(): void {
    if (this.now() > this.deadline) this.exhaust('timed-out', `opening took more than ${this.limits.time} ms`);
  }

  private exhaust(reason: IncompleteReason, detail: string): never {
    this.end ??= new Unreadable(reason, detail);
    throw this.end;
  }
}
