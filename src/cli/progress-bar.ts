const WIDTH = 30;
/** Redraws a second, at most: more is noise on a slow terminal. */
const EVERY_MS = 200;

export interface ProgressIo {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Monotonic clock, ms. */
  readonly now: () => number;
}

/** A bar with the time left, redrawn in place on a terminal and silent elsewhere. */
export class ProgressBar {
  private readonly io: ProgressIo;
  private readonly what: string;
  private readonly started: number;
  private drawn = Number.NEGATIVE_INFINITY;

  constructor(what: string, io: ProgressIo) {
    this.io = io;
    this.what = what;
    this.started = io.now();
  }

  show(done: number, total: number): void {
    const now = this.io.now();
    if (!this.io.isTerminal || now - this.drawn < EVERY_MS) return;
    this.drawn = now;
    const share = Math.min(1, done / Math.max(1, total));
    const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');
    this.io.write(`\r${this.what} ${bar} ${Math.round(share * 100)}% ${this.timeLeft(share, now)}\u001b[K`);
  }

  clear(): void {
    if (this.io.isTerminal && this.drawn > Number.NEGATIVE_INFINITY) this.io.write('\r\u001b[K');
  }

  private timeLeft(share: number, now: number): string {
    // A guess from the first hundredth is worth nothing.
    if (share < 0.01) return '';
    const seconds = Math.ceil(((now - this.started) * (1 - share)) / share / 1000);
    return seconds >= 60 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s left` : `${seconds} s left`;
  }
}
