import type { Log } from '../service/log.ts';
import type { NextHop, RecipientOutcome } from '../service/next-hop.ts';
import { HopCircuit } from './hop-circuit.ts';
import { createSmtpHop, type HopAttempt, type SmtpHop, type SmtpHopSettings } from './smtp-hop.ts';

export type SmtpNextHopSettings = SmtpHopSettings;

/** Time and chance, for servers that are left alone for a while. */
export interface CircuitDeps {
  readonly now: () => number;
  readonly random: () => number;
}

const REAL: CircuitDeps = { now: () => performance.now(), random: Math.random };

interface Server {
  readonly hop: SmtpHop;
  readonly circuit: HopCircuit;
}

/**
 * The next hop over SMTP: the first server that can be reached, in the order given.
 *
 * Recipients that one server puts off are tried at the next; a server that cannot be reached is left alone for a while. What
 * a server may have taken is not offered to another in the same attempt.
 */
export function createSmtpNextHop(
  settings: SmtpNextHopSettings | readonly SmtpNextHopSettings[],
  log: Log,
  deps: CircuitDeps = REAL,
): NextHop {
  const servers = [settings].flat().map(
    (one): Server => ({
      hop: createSmtpHop(one),
      circuit: new HopCircuit(deps.now, deps.random),
    }),
  );
  return {
    name: servers.map(({ hop }) => hop.name).join(','),
    askLeave: () => servers.some(({ circuit }) => circuit.askLeave()),
    servers: () => servers.map(({ hop, circuit }) => ({ name: hop.name, isReached: !circuit.isOpen })),
    async deliver(mail) {
      const settled: RecipientOutcome[] = [];
      let open: readonly RecipientOutcome[] = putOff(mail.to, '451 4.4.1 next hop not reached');
      for (const { hop, circuit } of servers) {
        if (!circuit.mayTry) continue;
        const kind = circuit.begin();
        const attempt = await hop.attempt({ ...mail, to: open.map(({ recipient }) => recipient) });
        noteReached(hop, circuit, kind, attempt, log);
        if (attempt.kind === 'unreached') continue;
        if (attempt.kind === 'uncertain') {
          open = putOff(
            open.map(({ recipient }) => recipient),
            '451 4.4.2 connection lost before the answer',
            hop,
          );
          break;
        }
        settled.push(...attempt.outcomes.filter(({ outcome }) => outcome !== 'deferred'));
        open = attempt.outcomes.filter(({ outcome }) => outcome === 'deferred');
        if (open.length === 0) break;
      }
      return [...settled, ...open];
    },
    async close() {
      await Promise.all(servers.map(({ hop }) => hop.close()));
    },
  };
}

function putOff(recipients: readonly string[], reply: string, hop?: SmtpHop): readonly RecipientOutcome[] {
  const server = hop === undefined ? {} : { server: hop.host };
  return recipients.map((recipient) => ({ recipient, outcome: 'deferred', reply, ...server }));
}

function noteReached(
  { name }: SmtpHop,
  circuit: HopCircuit,
  kind: 'usual' | 'probe',
  attempt: HopAttempt,
  log: Log,
): void {
  if (attempt.kind === 'answered' && !attempt.outcomes.every(({ reply }) => reply.startsWith('421'))) {
    if (circuit.succeeded()) log.warn({ hop: name }, 'next hop is reached again');
    return;
  }
  const isLeft = circuit.failed(kind);
  if (attempt.kind !== 'answered') log.warn({ hop: name, err: attempt.cause }, 'next hop not reached');
  if (isLeft) log.warn({ hop: name }, 'next hop is left alone for a while, and then tried by one message at a time');
}
