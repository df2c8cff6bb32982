import type { Socket } from 'node:net';
import type { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { ChunkParser } from './chunk-parser.ts';
import { ChunkedMessage, type MessageReply } from './chunked-message.ts';
import { parseEnvelopeCommand } from './envelope-command.ts';
import { XFORWARD_ATTRIBUTES } from './forward-client.ts';
import { parseXforward } from './forwarded-client.ts';

/** What a session asks of its gateway. */
export interface SessionRules {
  /** Whether what this peer says of its clients is believed. */
  isProxy(peer: string): boolean;
  readonly messageBytes: number;
}

type Next = () => void;

const MAX_HELO = 300;

/**
 * `smtp-server`'s connection with what a relay needs otherwise.
 *
 * - Addresses and DSN parameters stay as written: the library turns `xn--` domains into Unicode, decodes xtext, and refuses
 *   mailboxes such as `a..b@` that real servers have.
 * - The greeting is sent at once. The library waits 100 ms to catch early talkers, which trusted clients are not, and which would
 *   cap every client that opens a connection a message.
 * - A reply that brings its own enhanced status code keeps it.
 * - CHUNKING (RFC 3030); AUTH is offered under TLS alone; XCLIENT and XFORWARD are for networks, and XFORWARD is for one message.
 */
export class SmtpSession extends SMTPConnection {
  readonly #rules: SessionRules;
  #chunked: ChunkedMessage | null = null;
  /** A chunk was refused: only RSET helps (RFC 3030 section 2). */
  #isSpoilt = false;

  constructor(server: SMTPServer, socket: Socket, rules: SessionRules) {
    super(server, socket);
    this.#rules = rules;
  }

  override init(): void {
    this._setListeners(() => {
      const { maxClients } = this._server.options;
      if (maxClients !== undefined && this._server.connections.size > maxClients) {
        this.send(421, `${this.name} Too many connections, try again in a moment`, false);
        return;
      }
      this.connectionReady();
    });
  }

  /** Called by the library's constructor, before anything of this class is there. */
  override _createParser(): ChunkParser {
    const parser = new ChunkParser({ maxCommandLength: this._server.options.maxCommandLength });
    parser.oncommand = (command, callback) => this._onCommand(command, callback);
    parser.on('error', (error: Error) => this.send(421, `Error: ${error.message}`));
    return parser;
  }

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    super.send(code, data, typeof data === 'string' && /^[245]\.\d{1,3}\.\d{1,3} /.test(data) ? false : context);
  }

  override _parseAddressCommand(
    rawName: string,
    rawCommand: Buffer | string,
  ): ReturnType<SMTPConnection['_parseAddressCommand']> {
    const verb = rawName.toUpperCase() === 'MAIL FROM' ? 'MAIL FROM' : 'RCPT TO';
    return parseEnvelopeCommand(verb, rawCommand.toString()) ?? false;
  }

  override _proxyCommandAllowed(command: string): boolean {
    return !this._xClient.has('ADDR') && this.#rules.isProxy(this._originalRemoteAddress) && this._isSupported(command);
  }

  override _resetSession(): void {
    this.#chunked?.giveUp();
    if (this.#chunked !== null) this._dataStream = false;
    this.#chunked = null;
    this.#isSpoilt = false;
    // What XFORWARD said was of the message that is over now.
    if (hasSender(this.session)) this._xForward = new Map();
    super._resetSession();
  }

  override _onTimeout(): void {
    // Between two chunks it is the client's turn.
    if (this.#chunked !== null && !this.#chunked.isWhole) this.send(421, '4.4.2 timeout, closing connection');
    else super._onTimeout();
  }

  override handler_EHLO(command: Buffer, callback: Next): void {
    const [, name = '', ...more] = command.toString().trim().split(/\s+/);
    if (name === '' || more.length > 0 || name.length > MAX_HELO || /\p{Cc}/u.test(name)) {
      this.send(501, 'Syntax: EHLO hostname', false);
      callback();
      return;
    }
    this.hostNameAppearsAs = name.toLowerCase();
    this._resetSession();
    this.send(250, [this.name, ...this.#features()], false);
    callback();
  }

  /** RFC 5321 section 3.5.3: known, and told nothing by. */
  override handler_VRFY(_command: Buffer, callback: Next): void {
    this.send(252, '2.1.5 nobody is looked up here, mail is taken and tried');
    callback();
  }

  handler_EXPN(_command: Buffer, callback: Next): void {
    this.send(502, '5.5.1 lists are not shown');
    callback();
  }

  override handler_HELP(_command: Buffer, callback: Next): void {
    this.send(214, '2.0.0 EHLO HELO MAIL RCPT DATA BDAT RSET NOOP QUIT STARTTLS AUTH (RFC 5321)');
    callback();
  }

  override handler_RCPT(command: Buffer, callback: Next): void {
    if (this.#chunked !== null) {
      this.#refuse('5.5.1 no recipient after the first chunk', callback);
      return;
    }
    super.handler_RCPT(command, callback);
  }

  override handler_DATA(command: Buffer, callback: Next): void {
    if (this.#chunked !== null || this.#isSpoilt) {
      this.#refuse('5.5.1 no DATA after BDAT', callback);
      return;
    }
    super.handler_DATA(command, callback);
  }

  override handler_XFORWARD(command: Buffer, callback: Next): void {
    if (!this._proxyCommandAllowed('XFORWARD')) {
      this.send(550, '5.7.0 this client is not believed, see HOLDFAST_SMTP_PROXIES');
      callback();
      return;
    }
    if (hasSender(this.session)) {
      this.#refuse('5.5.1 mail transaction in progress', callback);
      return;
    }
    const attributes = parseXforward(command.toString());
    if (attributes === null) this.send(501, '5.5.4 bad XFORWARD attribute');
    else {
      for (const [name, value] of Object.entries(attributes)) this._xForward.set(name, value);
      this.send(250, '2.0.0 ok');
    }
    callback();
  }

  /** BDAT (RFC 3030): so many octets, as they are, and on to the next chunk or, after the last, to the end of the message. */
  handler_BDAT(command: Buffer, callback: Next): void {
    const [, digits, last] = /^BDAT[ \t]+(\d{1,12})([ \t]+LAST)?[ \t]*$/i.exec(command.toString()) ?? [];
    if (digits === undefined || this._parser === false) {
      // Without a size nobody knows where commands begin again.
      this.send(421, '4.5.4 syntax: BDAT size [LAST]');
      callback();
      return;
    }
    const octets = Number(digits);
    if (octets > this.#rules.messageBytes) {
      // Nobody reads through a chunk that is larger than any message may be, only to refuse it.
      this.#chunked?.giveUp();
      this.send(552, `5.3.4 message is larger than ${this.#rules.messageBytes} bytes`);
      this.close();
      callback();
      return;
    }
    const fault = this.#chunkFault(octets);
    const take = fault === null ? (bytes: Buffer) => this.#chunk().take(bytes) : async () => {};
    const end = fault === null ? () => this.#endChunk(octets, last !== undefined) : async () => this.#spoil(fault);
    if (fault === null) this.#chunk();
    if (octets > 0) {
      (this._parser as ChunkParser).startChunk(octets, take, end);
      callback();
      return;
    }
    void end().then(callback);
  }

  #chunkFault(octets: number): MessageReply | null {
    if (this.#isSpoilt || !hasSender(this.session) || this.session.envelope.rcptTo.length === 0) {
      return { code: 503, text: '5.5.1 MAIL and RCPT come first, and RSET after a refused chunk' };
    }
    return this.#chunk().announce(octets)
      ? null
      : { code: 552, text: `5.3.4 message is larger than ${this.#rules.messageBytes} bytes` };
  }

  #chunk(): ChunkedMessage {
    if (this.#chunked === null) {
      this.#chunked = new ChunkedMessage(
        (stream) =>
          new Promise((resolve) => {
            this._server.onData(stream, this.session, (error, text) => {
              const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 451;
              if (error) resolve({ code, text: error.message });
              else resolve({ code: 250, text: typeof text === 'string' ? text : '2.0.0 queued' });
            });
          }),
        this.#rules.messageBytes,
      );
      this._dataStream = this.#chunked.stream;
    }
    return this.#chunked;
  }

  async #endChunk(octets: number, isLast: boolean): Promise<void> {
    if (!isLast) {
      this.send(250, `2.0.0 ${octets} octets received`);
      return;
    }
    const { code, text } = await this.#chunk().finish();
    this.send(code, text);
    this._transactionCounter += 1;
    this._unrecognizedCommands = 0;
    this._resetSession();
  }

  #spoil({ code, text }: MessageReply): void {
    this.#chunked?.giveUp();
    if (this.#chunked !== null) this._dataStream = false;
    this.#chunked = null;
    this.#isSpoilt = true;
    this.send(code, text);
  }

  #refuse(text: string, callback: Next): void {
    this.send(503, text);
    callback();
  }

  #features(): string[] {
    const { size, authMethods } = this._server.options;
    return [
      'PIPELINING',
      `SIZE ${size ?? 0}`,
      ...(!this.secure && this._isSupported('STARTTLS') ? ['STARTTLS'] : []),
      ...(this.secure && this._isSupported('AUTH') ? [`AUTH ${authMethods.join(' ')}`] : []),
      'ENHANCEDSTATUSCODES',
      '8BITMIME',
      'DSN',
      'SMTPUTF8',
      'CHUNKING',
      ...(this._proxyCommandAllowed('XCLIENT') ? ['XCLIENT NAME ADDR PORT PROTO HELO LOGIN'] : []),
      ...(this._proxyCommandAllowed('XFORWARD') ? [`XFORWARD ${XFORWARD_ATTRIBUTES.join(' ')}`] : []),
    ];
  }
}

function hasSender(session: Partial<SMTPConnection['session']>): boolean {
  return session.envelope !== undefined && session.envelope.mailFrom !== false;
}
