import type { Envelope } from '../core/message.ts';
import type { TransitDecision } from '../service/judge-in-transit.ts';
import { type MilterPacket, milterPacket, milterReply, milterStrings } from './milter-packets.ts';

export interface MilterSessionDeps {
  readonly decide: (mail: { readonly content: Uint8Array; readonly envelope: Envelope }) => Promise<TransitDecision>;
  readonly write: (bytes: Uint8Array) => void;
  readonly close: () => void;
  readonly messageBytes: number;
  /** How often the MTA is told that work goes on, ms. */
  readonly progressMs: number;
}

const VERSION = 6;
const QUARANTINE = 0x20;
// No replies until the end of the message, and header values with their leading space as they came.
const NO_REPLIES: Readonly<Record<string, number>> = {
  L: 0x80,
  C: 0x1000,
  H: 0x2000,
  M: 0x4000,
  R: 0x8000,
  T: 0x1_0000,
  U: 0x2_0000,
  N: 0x4_0000,
  B: 0x8_0000,
};
const LEADING_SPACE = 0x10_0000;
const WANTED = Object.values(NO_REPLIES).reduce((all, one) => all | one, LEADING_SPACE);

/**
 * One connection of an MTA by the milter protocol, version 6 (sendmail's `mfdef.h`, Postfix's `milter8.c`).
 *
 * It answers for a mail at its end alone, since an acceptance before that lets the rest pass unseen, and never with `accept`.
 */
export class MilterSession {
  readonly #deps: MilterSessionDeps;
  #protocol = 0;
  #mayQuarantine = false;
  #from = '';
  #to: string[] = [];
  #chunks: Buffer[] = [];
  #bytes = 0;
  #isBody = false;
  #isTooLarge = false;
  /** Packets in order: the next one waits for the decision on this one. */
  #work: Promise<void> = Promise.resolve();

  constructor(deps: MilterSessionDeps) {
    this.#deps = deps;
  }

  take(packet: MilterPacket): void {
    this.#work = this.#work.then(() => this.#handle(packet)).catch(() => this.#deps.close());
  }

  async #handle({ code, data }: MilterPacket): Promise<void> {
    switch (code) {
      case 'O':
        this.#negotiate(data);
        return;
      case 'D':
        return;
      case 'M':
        this.#reset();
        this.#from = addressOf(data);
        break;
      case 'R':
        this.#to.push(addressOf(data));
        break;
      case 'L':
        this.#header(data);
        break;
      case 'N':
        this.#endOfHeaders();
        break;
      case 'B':
        this.#endOfHeaders();
        this.#keep(data);
        break;
      case 'E':
        // sendmail may send the last of the body with the end.
        this.#endOfHeaders();
        this.#keep(data);
        await this.#end();
        return;
      case 'A':
      case 'K':
        this.#reset();
        return;
      case 'Q':
        this.#deps.close();
        return;
      case 'C':
      case 'H':
      case 'T':
      case 'U':
        break;
      default:
        throw new Error('unknown milter command');
    }
    if ((this.#protocol & (NO_REPLIES[code] ?? 0)) === 0) this.#deps.write(milterPacket('c'));
  }

  #negotiate(data: Buffer): void {
    if (data.length < 12) throw new Error('milter negotiation too short');
    this.#mayQuarantine = (data.readUInt32BE(4) & QUARANTINE) !== 0;
    const offered = data.readUInt32BE(8);
    this.#protocol = WANTED & offered;
    const answer = Buffer.alloc(12);
    answer.writeUInt32BE(Math.min(VERSION, data.readUInt32BE(0)), 0);
    // Nothing that was not offered, else the MTA hangs up.
    answer.writeUInt32BE(this.#mayQuarantine ? QUARANTINE : 0, 4);
    answer.writeUInt32BE(this.#protocol, 8);
    this.#deps.write(milterPacket('O', answer));
  }

  #header(data: Buffer): void {
    const [name = Buffer.alloc(0), value = Buffer.alloc(0)] = milterStrings(data);
    const space = (this.#protocol & LEADING_SPACE) === 0 ? ' ' : '';
    const folded = value.toString('latin1').replace(/\r?\n/g, '\r\n');
    this.#keep(Buffer.from(`${name.toString('latin1')}:${space}${folded}\r\n`, 'latin1'));
  }

  #endOfHeaders(): void {
    if (this.#isBody) return;
    this.#isBody = true;
    this.#keep(Buffer.from('\r\n'));
  }

  #keep(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#bytes > this.#deps.messageBytes) {
      this.#isTooLarge = true;
      this.#chunks = [];
    } else this.#chunks.push(bytes);
  }

  async #end(): Promise<void> {
    const mail = { content: Buffer.concat(this.#chunks), envelope: { from: this.#from, to: this.#to } };
    const isTooLarge = this.#isTooLarge;
    this.#reset();
    if (isTooLarge) {
      this.#deps.write(milterReply(552, `5.3.4 message is larger than ${this.#deps.messageBytes} bytes`));
      return;
    }
    const progress = setInterval(() => this.#deps.write(milterPacket('p')), this.#deps.progressMs);
    const decision = await this.#deps
      .decide(mail)
      .catch(
        (): TransitDecision => ({ action: 'refuse', code: 451, text: '4.3.0 cannot judge mail now, try again later' }),
      );
    clearInterval(progress);
    switch (decision.action) {
      case 'pass':
        this.#deps.write(milterPacket('c'));
        return;
      case 'quarantine':
        if (!this.#mayQuarantine) {
          this.#deps.write(milterReply(451, '4.7.1 held, and this server cannot keep it'));
          return;
        }
        this.#deps.write(milterPacket('q', Buffer.from(`${decision.reason.replaceAll('\0', '')}\0`, 'utf8')));
        this.#deps.write(milterPacket('c'));
        return;
      case 'refuse':
        this.#deps.write(milterReply(decision.code, decision.text));
        return;
    }
  }

  #reset(): void {
    this.#from = '';
    this.#to = [];
    this.#chunks = [];
    this.#bytes = 0;
    this.#isBody = false;
    this.#isTooLarge = false;
  }
}

/** The address of MAIL or RCPT without its brackets; parameters follow it. */
function addressOf(data: Buffer): string {
  return (milterStrings(data)[0] ?? Buffer.alloc(0)).toString('utf8').replace(/^<(.*)>$/s, '$1');
}
