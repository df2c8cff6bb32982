import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { connect as connectTls } from 'node:tls';

import type { Config, Endpoint } from '../../config.ts';
import { errorCode } from '../../store/error-code.ts';
import { showEndpoint } from '../listen.ts';
import { type Diagnosis, fault, warning, well } from './diagnosis.ts';

const CHECK = 'next hop';
const WAIT_MS = 5_000;
/** A certificate that ends sooner is told of. */
const SOON_DAYS = 14;
const DAY_MS = 86_400_000;

/** Whether each next hop greets, offers the TLS that is asked of it, and is not this gateway itself. No mail is sent. */
export async function checkNextHops(config: Config, now: number): Promise<readonly Diagnosis[]> {
  const { nextHops } = config.mail;
  if (nextHops.length === 0) {
    return [
      warning(
        CHECK,
        'HOLDFAST_NEXT_HOP is not set here (a server may run with other settings): with these, cleared mail waits in the store',
        'set it to the host that sends to the outside; run doctor with the environment, or the HOLDFAST_CONFIG, of the server',
      ),
    ];
  }
  return (await Promise.all(nextHops.map((hop) => checkNextHop(hop, config.smtp, now)))).flat();
}

interface Hop extends Endpoint {
  readonly tls: 'off' | 'may' | 'verify';
}

async function checkNextHop(hop: Hop, gateway: Endpoint | null, now: number): Promise<readonly Diagnosis[]> {
  const name = showEndpoint(hop);
  if (gateway !== null && gateway.port === hop.port && gateway.host === hop.host) {
    return [
      fault(
        CHECK,
        `${name} is this gateway itself: mail would go in circles`,
        'set HOLDFAST_NEXT_HOP to the port that your MTA takes mail back on, as 127.0.0.1:10026',
      ),
    ];
  }
  const socket = connect({ host: hop.host, port: hop.port });
  socket.setTimeout(WAIT_MS, () => socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
  try {
    await once(socket, 'connect');
    const talk = new Talk(socket);
    const greeting = await talk.reply();
    if (!greeting.startsWith('220')) {
      return [
        fault(CHECK, `${name} greets with "${greeting.slice(0, 60)}"`, 'let it take connections from this machine'),
      ];
    }
    if (/\bHoldfast\b/i.test(greeting)) {
      return [
        fault(
          CHECK,
          `${name} is a Holdfast: mail would go in circles`,
          'set HOLDFAST_NEXT_HOP to the host that sends to the outside',
        ),
      ];
    }
    const offers = await talk.ask('EHLO doctor.holdfast.invalid');
    const starttls = /^250[- ]STARTTLS\r?$/im.test(offers);
    if (hop.tls === 'off') return [well(CHECK, `${name} greets`)];
    if (!starttls) {
      return hop.tls === 'verify'
        ? [
            fault(
              CHECK,
              `${name} offers no STARTTLS, and HOLDFAST_NEXT_HOP_TLS=verify sends nothing without`,
              'give it a certificate, or set HOLDFAST_NEXT_HOP_TLS=may where the network is your own',
            ),
          ]
        : [
            warning(
              CHECK,
              `${name} offers no STARTTLS: mail crosses the network in the clear`,
              'give it a certificate',
            ),
          ];
    }
    await talk.ask('STARTTLS');
    return await checkCertificate(socket, hop, name, now);
  } catch (error) {
    return [
      fault(
        CHECK,
        `${name} ${ADVICE[errorCode(error)] ?? `does not answer (${errorCode(error)})`}`,
        'start it, correct HOLDFAST_NEXT_HOP, or open the firewall; cleared mail is tried for five days',
      ),
    ];
  } finally {
    socket.destroy();
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'has nothing that listens',
  ENOTFOUND: 'is no host that is known',
  ETIMEDOUT: 'does not answer in time',
  ECONNRESET: 'hangs up',
};

async function checkCertificate(socket: Socket, hop: Hop, name: string, now: number): Promise<readonly Diagnosis[]> {
  socket.removeAllListeners('data');
  const secure = connectTls({ socket, servername: hop.host, rejectUnauthorized: false });
  await once(secure, 'secureConnect');
  const certificate = secure.getPeerCertificate();
  const days = Math.floor((Date.parse(certificate.valid_to) - now) / DAY_MS);
  const why = secure.authorized ? null : String(secure.authorizationError);
  secure.destroy();
  if (why !== null && hop.tls === 'verify') {
    return [
      fault(
        CHECK,
        `${name} shows a certificate that does not prove it (${why})`,
        'give it one for its name, or add your authority by NODE_EXTRA_CA_CERTS',
      ),
    ];
  }
  if (days < SOON_DAYS) {
    const remedy = 'renew it';
    return days < 0 && hop.tls === 'verify'
      ? [fault(CHECK, `${name} has a certificate that has ended`, remedy)]
      : [warning(CHECK, `${name} has a certificate that ends in ${days} days`, remedy)];
  }
  return [well(CHECK, `${name} greets, with TLS`)];
}

/** Asks an SMTP server one thing after the other. */
class Talk {
  private readonly socket: Socket;
  private readonly lines: AsyncIterator<string>;

  constructor(socket: Socket) {
    this.socket = socket;
    this.lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  async ask(command: string): Promise<string> {
    this.socket.write(`${command}\r\n`);
    return this.reply();
  }

  /** @throws Error where the server hangs up. */
  async reply(): Promise<string> {
    const said: string[] = [];
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done === true) throw this.socket.errored ?? Object.assign(new Error('hung up'), { code: 'ECONNRESET' });
      said.push(value);
      if (!/^\d{3}-/.test(value)) return said.join('\n');
    }
  }
}
