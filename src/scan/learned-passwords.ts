import { passwordCandidates } from './password-candidates.ts';

/** A text longer than this is no note with a password. */
const LEARN_FROM = 64 * 1024;
/** Once so many are known, no text is asked for more. */
const ENOUGH = 64;

/** The passwords for a message's locked parts: those given, and those that its own texts name. */
export class LearnedPasswords {
  /** Grows as texts are read. */
  readonly known: string[];
  /** How many were known when the first part stayed locked; null where none did. */
  private knownAtLock: number | null = null;

  constructor(given: readonly string[]) {
    this.known = [...given];
  }

  learn(text: string): void {
    if (text.length > LEARN_FROM || this.known.length > ENOUGH) return;
    for (const one of passwordCandidates(text)) if (!this.known.includes(one)) this.known.push(one);
  }

  noteLocked(): void {
    this.knownAtLock ??= this.known.length;
  }

  /** All that are known by now, where some were learned after a part had stayed locked; else null. */
  late(): readonly string[] | null {
    return this.knownAtLock !== null && this.known.length > this.knownAtLock ? this.known : null;
  }
}
