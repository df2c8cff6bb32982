import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { parseEnvelopeCommand } from './envelope-command.ts';

/**
 * `smtp-server`'s connection with what a relay needs otherwise.
 *
 * - Addresses and DSN parameters stay as written: the library turns `xn--` domains into Unicode, decodes xtext, and refuses
 *   mailboxes such as `a..b@` that real servers have.
 * - The greeting is sent at once. The library waits 100 ms to catch early talkers, which trusted clients are not, and which would
 *   cap every client that opens a connection a message.
 * - A reply that brings its own enhanced status code keeps it.
 */
export class SmtpSession extends SMTPConnection {
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
}
