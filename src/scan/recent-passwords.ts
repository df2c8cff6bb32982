import type { OpenedMessage } from '../core/part.ts';
import { passwordCandidates } from './password-candidates.ts';

/** Senders remembered, and passwords of each: the mail that names one comes minutes before or after the one it opens. */
const MAX_SENDERS = 500;
const MAX_PASSWORDS = 8;
/** A text longer than this is no note with a password. */
const MAX_TEXT = 16 * 1024;

/**
 * Passwords that a sender's latest mails named, for the next one: the password often travels alone. Kept in memory only, the latest
 * first, and forgotten with the process.
 */
export class RecentPasswords {
  private readonly bySender = new Map<string, readonly string[]>();

  of(sender: string): readonly string[] {
    return this.bySender.get(sender) ?? [];
  }

  /** Takes what an opened mail names. Its attachments are not looked at: passwords stand in mails. */
  learn(opened: OpenedMessage): void {
    const sender = opened.headers?.from[0]?.toLowerCase();
    if (sender === undefined) return;
    const named = opened.parts.flatMap(({ content }) =>
      content.kind === 'text' &&
      (content.role === 'body' || content.role === 'subject') &&
      content.text.length <= MAX_TEXT
        ? passwordCandidates(content.text)
        : [],
    );
    if (named.length === 0) return;
    const kept = [...new Set([...named.slice(0, MAX_PASSWORDS), ...this.of(sender)])].slice(0, MAX_PASSWORDS);
    this.bySender.delete(sender);
    this.bySender.set(sender, kept);
    if (this.bySender.size > MAX_SENDERS) this.bySender.delete(this.bySender.keys().next().value ?? '');
  }
}
