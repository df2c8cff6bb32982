/** Failures in a row after which a server is left alone for a while. */
const FAILURES = 3;
const FIRST_MS = 1_000;
const LONGEST_MS = 15_000;
/** Whoever has leave to probe and has not begun by then has found nothing to send. */
const LEAVE_MS = 1_000;

/**
 * Keeps deliveries from a server that cannot be reached: after three failures in a row one attempt is let through at a time,
 * first after a second, then after pauses that double up to 15 s, half of each random.
 */
export class HopCircuit {
  readonly #now: () => number;
  readonly #random: () => number;
  #failures = 0;
  #pauseMs = 0;
  #openUntil = 0;
  #leaveUntil = 0;
  #isProbing = false;

  /** `now` is a clock that never goes back, ms; `random` is in [0, 1). */
  constructor(now: () => number, random: () => number) {
    this.#now = now;
    this.#random = random;
  }

  get isOpen(): boolean {
    return this.#failures >= FAILURES;
  }

  /** Whether an attempt may be made now. */
  get mayTry(): boolean {
    return !this.isOpen || (!this.#isProbing && this.#now() >= this.#openUntil);
  }

  /** Whether somebody may prepare an attempt; while the server is left alone only one may, once its pause is over. */
  askLeave(): boolean {
    if (!this.isOpen) return true;
    if (!this.mayTry || this.#now() < this.#leaveUntil) return false;
    this.#leaveUntil = this.#now() + LEAVE_MS;
    return true;
  }

  /** Call as an attempt starts that `mayTry` allowed, and then `succeeded` or `failed`. */
  begin(): 'usual' | 'probe' {
    if (!this.isOpen) return 'usual';
    this.#isProbing = true;
    return 'probe';
  }

  /** The server was reached. Answers whether that ends its being left alone. */
  succeeded(): boolean {
    const wasOpen = this.isOpen;
    this.#failures = 0;
    this.#pauseMs = 0;
    this.#isProbing = false;
    return wasOpen;
  }

  /** Answers whether the server is left alone from now on. */
  failed(kind: 'usual' | 'probe'): boolean {
    const wasOpen = this.isOpen;
    if (kind === 'probe') this.#isProbing = false;
    // What was under way when it opened says nothing new.
    else if (wasOpen) return false;
    this.#failures += 1;
    if (!this.isOpen) return false;
    this.#pauseMs = Math.min(LONGEST_MS, Math.max(FIRST_MS, this.#pauseMs * 2));
    this.#openUntil = this.#now() + this.#pauseMs / 2 + (this.#random() * this.#pauseMs) / 2;
    return !wasOpen;
  }
}
