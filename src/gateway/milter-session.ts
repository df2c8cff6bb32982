import type { ByteSource } from '../core/byte-source.ts';
import type { Envelope } from '../core/message.ts';
import type { TransitDecision } from '../service/judge-in-transit.ts';
import type { Spool } from '../service/spool.ts';
import { type BytesInHand, IncomingBody } from './incoming-body.ts';
import { type MilterPacket, milterPacket, milterReply, milterStrings } from './milter-packets.ts';

export interface MilterSessionDeps {
  readonly decide: (mail: { readonly content: ByteSource; readonly envelope: Envelope }) => Promise<TransitDecision>;
  readonly write: (bytes: Uint8Array) => void;
  readonly close: () => void;
  readonly messageBytes: number;
  /** Bytes of mail in hand, over all sessions, beyond which a mail is put off. */
  readonly bytesInHand: number;
  readonly inHand: BytesInHand;
  /** Where a mail waits that is too large to be held in memory while it comes in. */
  readonly openSpool: () => Spool;
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
  #body: IncomingBody;
  #bytes = 0;
  #isBody = false;
  #isClosed = false;
  /** Why the mail is not kept any more: it is refused at its end. */
  #refusal: Buffer | null = null;
  /** Packets in order: the next one waits for the decision on this one. */
  #work: Promise<void> = Promise.resolve();

  constructor(deps: MilterSessionDeps) {
    this.#deps = deps;
    this.#body = new IncomingBody(deps.openSpool, deps.inHand);
  }

  /** Resolves when the packet has been dealt with, as all before it; a reader that waits for that is never ahead of the disk. */
  take(packet: MilterPacket): Promise<void> {
    this.#work = this.#work.then(() => this.#handle(packet)).catch(() => this.#close());
    return this.#work;
  }

  #close(): void {
    this.#isClosed = true;
    this.#deps.close();
  }

  /** The connection is gone: lets go of what is in hand. */
  end(): void {
    this.#isClosed = true;
    this.#work = this.#work.then(() => this.#reset()).catch(() => {});
  }

  async #handle({ code, data }: MilterPacket): Promise<void> {
    // What came along with the packet that ended it is of no conversation.
    if (this.#isClosed) return;
    switch (code) {
      case 'O':
        this.#negotiate(data);
        return;
      case 'D':
        return;
      case 'M':
        await this.#reset();
        this.#from = addressOf(data);
        break;
      case 'R':
        this.#to.push(addressOf(data));
        break;
      case 'L':
        await this.#header(data);
        break;
      case 'N':
        await this.#endOfHeaders();
        break;
      case 'B':
        await this.#endOfHeaders();
        await this.#keep(data);
        break;
      case 'E':
        // sendmail may send the last of the body with the end.
        await this.#endOfHeaders();
        await this.#keep(data);
        await this.#end();
        return;
      case 'A':
      case 'K':
        await this.#reset();
        return;
      case 'Q':
        this.#close();
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

  async #header(data: Buffer): Promise<void> {
    const [name = Buffer.alloc(0), value = Buffer.alloc(0)] = milterStrings(data);
    const space = (this.#protocol & LEADING_SPACE) === 0 ? ' ' : '';
    const folded = value.toString('latin1').replace(/\r?\n/g, '\r\n');
    await this.#keep(Buffer.from(`${name.toString('latin1')}:${space}${folded}\r\n`, 'latin1'));
  }

  async #endOfHeaders(): Promise<void> {
    if (this.#isBody) return;
    this.#isBody = true;
    await this.#keep(Buffer.from('\r\n'));
  }

  async #keep(bytes: Buffer): Promise<void> {
    if (this.#refusal !== null) return;
    const { messageBytes, inHand, bytesInHand } = this.#deps;
    this.#bytes += bytes.length;
    if (this.#bytes > messageBytes) {
      this.#refusal = milterReply(552, `5.3.4 message is larger than ${messageBytes} bytes`);
    } else {
      try {
        await this.#body.append(bytes);
      } catch {
        this.#refusal = milterReply(452, '4.3.1 no room to read the message, try again later');
      }
      if (inHand.bytes > bytesInHand) this.#refusal = milterReply(452, '4.3.1 too much mail in hand, try again later');
    }
    if (this.#refusal !== null) await this.#body.close();
  }

  async #end(): Promise<void> {
    const envelope = { from: this.#from, to: this.#to };
    if (this.#refusal === null) this.#answer(await this.#decision(envelope));
    else this.#deps.write(this.#refusal);
    await this.#reset();
  }

  async #decision(envelope: Envelope): Promise<TransitDecision> {
    const progress = setInterval(() => this.#deps.write(milterPacket('p')), this.#deps.progressMs);
    try {
      return await this.#deps.decide({ content: await this.#body.finish(), envelope });
    } catch {
      return { action: 'refuse', code: 451, text: '4.3.0 cannot judge mail now, try again later' };
    } finally {
      clearInterval(progress);
    }
  }

  #answer(decision: TransitDecision): void {
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

  async #reset(): Promise<void> {
    const body = this.#body;
    this.#from = '';
    this.#to = [];
    this.#body = new IncomingBody(this.#deps.openSpool, this.#deps.inHand);
    this.#bytes = 0;
    this.#isBody = false;
    this.#refusal = null;
    await body.close();
  }
}

/** The address of MAIL or RCPT without its brackets; parameters follow it. */
function addressOf(data: Buffer): string {
  return (milterStrings(data)[0] ?? Buffer.alloc(0)).toString('utf8').replace(/^<(.*)>$/s, '$1');
}
