import type { OutgoingMail, RecipientOutcome } from '../service/next-hop.ts';
import { CLIENT_TIMEOUTS, type ClientTarget, type ClientTimeouts, SmtpClient } from './smtp-client.ts';
import { TransactionBroken, transact } from './smtp-transaction.ts';

export interface SmtpHopSettings extends ClientTarget {
  readonly connections?: number;
  readonly timeouts?: ClientTimeouts;
}

/** What came of an attempt at one server. */
export type HopAttempt =
  | { readonly kind: 'answered'; readonly outcomes: readonly RecipientOutcome[] }
  /** Nothing was handed over: another server may be tried at once. */
  | { readonly kind: 'unreached'; readonly cause: unknown }
  /** The server may have the message: only later attempts are right. */
  | { readonly kind: 'uncertain'; readonly cause: unknown };

/** One server that mail goes to. */
export interface SmtpHop {
  /** `host:port`. */
  readonly name: string;
  readonly host: string;
  attempt(mail: OutgoingMail): Promise<HopAttempt>;
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 10;
// Some servers close after a number of messages; leaving first costs nothing.
const MAX_TRANSACTIONS = 500;
const IDLE_MS = 15_000;

/** A server over SMTP, with connections kept and used again. */
export function createSmtpHop(settings: SmtpHopSettings): SmtpHop {
  const timeouts = settings.timeouts ?? CLIENT_TIMEOUTS;
  const most = settings.connections ?? MAX_CONNECTIONS;
  const idle = new Map<SmtpClient, NodeJS.Timeout>();
  const waiting: (() => void)[] = [];
  let inUse = 0;

  async function take(): Promise<void> {
    if (inUse >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else inUse += 1;
  }

  function give(): void {
    const next = waiting.shift();
    // The place passes on without being given up, so that nobody overtakes.
    if (next !== undefined) next();
    else inUse -= 1;
  }

  function reuse(): SmtpClient | null {
    for (const [client, timer] of [...idle].reverse()) {
      clearTimeout(timer);
      idle.delete(client);
      if (client.isReady) return client;
      client.destroy();
    }
    return null;
  }

  function keep(client: SmtpClient): void {
    if (!client.isReady || client.transactions >= MAX_TRANSACTIONS) {
      void client.quit();
      return;
    }
    const leave = () => {
      idle.delete(client);
      void client.quit();
    };
    idle.set(client, setTimeout(leave, IDLE_MS).unref());
  }

  async function transactOn(client: SmtpClient, mail: OutgoingMail): Promise<readonly RecipientOutcome[]> {
    try {
      const outcomes = await transact(client, mail, timeouts);
      keep(client);
      return outcomes;
    } catch (error) {
      client.destroy();
      throw error;
    }
  }

  async function once(mail: OutgoingMail): Promise<readonly RecipientOutcome[]> {
    const used = reuse();
    if (used !== null) {
      try {
        return await transactOn(used, mail);
      } catch (error) {
        // The server closed the idle connection under us: nothing was sent, a fresh one may do.
        if (!(error instanceof TransactionBroken) || error.wasSent) throw error;
      }
    }
    return transactOn(await SmtpClient.open(settings, timeouts), mail);
  }

  /** Some servers take fewer recipients in one transaction: the rest goes in another at once (RFC 5321 section 4.5.3.1.10). */
  async function inTransactions(mail: OutgoingMail): Promise<readonly RecipientOutcome[]> {
    const outcomes = await once(mail);
    const over = outcomes.filter(({ outcome, reply }) => outcome === 'deferred' && reply.startsWith('452'));
    if (over.length === 0 || !outcomes.some(({ outcome }) => outcome === 'delivered')) return outcomes;
    const rest = { ...mail, to: over.map(({ recipient }) => recipient) };
    const more = await inTransactions(rest).catch(() => over);
    return [...outcomes.filter((outcome) => !over.includes(outcome)), ...more];
  }

  return {
    name: `${settings.host}:${settings.port}`,
    host: settings.host,
    async attempt(mail) {
      await take();
      try {
        const outcomes = await inTransactions(mail);
        return { kind: 'answered', outcomes: outcomes.map((one) => ({ ...one, server: settings.host })) };
      } catch (cause) {
        const wasSent = cause instanceof TransactionBroken && cause.wasSent;
        return { kind: wasSent ? 'uncertain' : 'unreached', cause };
      } finally {
        give();
      }
    },
    async close() {
      while (inUse > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await Promise.all(
        [...idle].map(([client, timer]) => {
          clearTimeout(timer);
          return client.quit();
        }),
      );
      idle.clear();
    },
  };
}
