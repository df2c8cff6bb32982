import { type BlockList, isIPv6 } from 'node:net';
import type { ClientLimits } from '../service/mail-settings.ts';
import { isAllowedClient } from './client-networks.ts';
import { RateLimit } from './rate-limit.ts';
import { SmtpReply } from './smtp-reply.ts';
import type { SmtpUser } from './smtp-users.ts';

export interface AdmissionSettings {
  /** From these any sender and recipient is taken. */
  readonly clients: BlockList;
  /** Peers whose XCLIENT and XFORWARD are believed; null: none. */
  readonly proxies: BlockList | null;
  /** Whether clients elsewhere may sign in, or show a certificate. */
  readonly takesUsers: boolean;
  readonly requiresTls: boolean;
  readonly limits: ClientLimits;
}

/** Who asks to send, and how. */
export interface Asker {
  /** The peer, or the client that a trusted peer speaks for by XCLIENT. */
  readonly address: string;
  /** Whose limits count: also the client that a trusted peer named by XFORWARD. */
  readonly origin: string;
  readonly isSecure: boolean;
  /** Null: has not signed in. */
  readonly user: SmtpUser | null;
}

/** Failed tries to sign in from one address, a minute. */
const FAILED_TRIES = 10;

/** Who may connect and send, and how much; each check answers the reply that refuses, null where there is none. */
export class Admission {
  readonly #settings: AdmissionSettings;
  readonly #messages: RateLimit;
  readonly #recipients: RateLimit;
  readonly #failedTries: RateLimit;
  readonly #connections = new Map<string, number>();

  constructor(settings: AdmissionSettings, now: () => number) {
    this.#settings = settings;
    this.#messages = new RateLimit(settings.limits.messagesPerMinute, now);
    this.#recipients = new RateLimit(settings.limits.recipientsPerMinute, now);
    this.#failedTries = new RateLimit(FAILED_TRIES, now);
  }

  isProxy(peer: string): boolean {
    const { proxies } = this.#settings;
    return proxies !== null && isAllowedClient(proxies, peer);
  }

  /** Counts a connection; `leave` uncounts it. A proxy brings many clients, and is not counted. */
  enter(peer: string): SmtpReply | null {
    const { clients, takesUsers, limits } = this.#settings;
    if (this.isProxy(peer)) return null;
    if (!takesUsers && !isAllowedClient(clients, peer)) {
      return new SmtpReply(554, '5.7.1 this client may not use the gateway');
    }
    const key = networkOf(peer);
    const count = this.#connections.get(key) ?? 0;
    if (limits.connections > 0 && count >= limits.connections) {
      return new SmtpReply(421, '4.7.0 too many connections from this client, try again later');
    }
    this.#connections.set(key, count + 1);
    return null;
  }

  leave(peer: string): void {
    if (this.isProxy(peer)) return;
    const key = networkOf(peer);
    const count = (this.#connections.get(key) ?? 1) - 1;
    if (count > 0) this.#connections.set(key, count);
    else this.#connections.delete(key);
  }

  mail(sender: string, asker: Asker): SmtpReply | null {
    const { clients, takesUsers, requiresTls } = this.#settings;
    if (requiresTls && !asker.isSecure) return new SmtpReply(530, '5.7.0 issue a STARTTLS command first');
    if (asker.user === null && !isAllowedClient(clients, asker.address)) {
      return takesUsers
        ? new SmtpReply(530, '5.7.0 sign in first (STARTTLS, then AUTH or a certificate that is known)')
        : new SmtpReply(554, '5.7.1 this client may not use the gateway');
    }
    if (asker.user !== null && !maySendAs(asker.user, sender)) {
      return new SmtpReply(553, '5.7.1 this user may not send from that address');
    }
    return this.#messages.take(keyOf(asker))
      ? null
      : new SmtpReply(450, '4.7.1 too many messages from this client in a minute, try again later');
  }

  recipient(asker: Asker): SmtpReply | null {
    return this.#recipients.take(keyOf(asker))
      ? null
      : new SmtpReply(450, '4.7.1 too many recipients from this client in a minute, try again later');
  }

  /** Before a password is looked at. */
  signIn(address: string): SmtpReply | null {
    return this.#failedTries.isSpent(networkOf(address))
      ? new SmtpReply(454, '4.7.0 too many failed tries to sign in, try again later')
      : null;
  }

  /** Tries on many connections are looked at together, and all of them are paid for. */
  noteFailedSignIn(address: string): void {
    this.#failedTries.charge(networkOf(address));
  }
}

/** A user sends as the addresses of the users file; bounces have no sender, and are anybody's. */
function maySendAs({ senders }: SmtpUser, sender: string): boolean {
  const address = sender.toLowerCase();
  return (
    senders === null ||
    sender === '' ||
    senders.some((one) => (one.startsWith('*@') ? address.endsWith(one.slice(1)) : address === one))
  );
}

function keyOf({ user, origin }: Asker): string {
  return user === null ? networkOf(origin) : `user ${user.name}`;
}

/** Whoever has one IPv6 address has a /64 of them. */
function networkOf(address: string): string {
  if (!isIPv6(address) || /^::ffff:\d/i.test(address)) return address.replace(/^::ffff:/i, '');
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head.split(':').filter((one) => one !== '');
  const right = (tail ?? '').split(':').filter((one) => one !== '');
  const middle =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...middle, ...right]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
