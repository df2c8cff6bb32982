import type { Log } from '../service/log.ts';
import type { NextHop, OutgoingMail, RecipientOutcome } from '../service/next-hop.ts';
import { CLIENT_TIMEOUTS, type ClientTarget, type ClientTimeouts, SmtpClient } from './smtp-client.ts';
import { TransactionBroken, transact } from './smtp-transaction.ts';

export interface SmtpNextHopSettings extends ClientTarget {
  readonly connections?: number;
  readonly timeouts?: ClientTimeouts;
}

const MAX_CONNECTIONS = 10;
// Some servers close after a number of messages; leaving first costs nothing.
const MAX_TRANSACTIONS = 500;
const IDLE_MS = 15_000;

/** The next hop over SMTP, with connections kept and used again. */
export function createSmtpNextHop(settings: SmtpNextHopSettings, log: Log): NextHop {
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

  async function attempt(client: SmtpClient, mail: OutgoingMail): Promise<readonly RecipientOutcome[]> {
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
        return await attempt(used, mail);
      } catch (error) {
        // The server closed the idle connection under us: nothing was sent, a fresh one may do.
        if (!(error instanceof TransactionBroken) || error.wasSent) throw error;
      }
    }
    return attempt(await SmtpClient.open(settings, timeouts), mail);
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
    async deliver(mail) {
      await take();
      try {
        return await inTransactions(mail);
      } catch (error) {
        log.warn({ err: error }, 'next hop not reached, will be tried again');
        return mail.to.map((recipient) => ({
          recipient,
          outcome: 'deferred',
          reply: '451 4.4.1 next hop not reached',
        }));
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
