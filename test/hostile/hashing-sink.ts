import { createHash, type Hash } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A mail as a next hop took it: the token of its first own header, and the digest of all from there on. */
export interface TakenDigest {
  readonly token: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface HashingSink {
  readonly port: number;
  readonly taken: TakenDigest[];
  close(): Promise<void>;
}

/** The header that a mail begins with, before which the gateway puts its own. */
export const TOKEN_HEADER = 'X-Token: ';

const END = Buffer.from('\r\n.\r\n');

/** A next hop that keeps nothing but digests, so that mails of 100 MB cost it nothing. */
export async function startHashingSink(): Promise<HashingSink> {
  const taken: TakenDigest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    const talk = new Talk((line) => socket.write(line), taken);
    socket.on('data', (chunk: Buffer) => talk.take(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    taken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

class Talk {
  private readonly say: (line: string) => void;
  private readonly taken: TakenDigest[];
  private rest: Buffer = Buffer.alloc(0);
  private body: Body | null = null;

  constructor(say: (line: string) => void, taken: TakenDigest[]) {
    this.say = say;
    this.taken = taken;
    say('220 sink.example ESMTP\r\n');
  }

  take(chunk: Buffer): void {
    let bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    this.rest = Buffer.alloc(0);
    for (;;) {
      if (this.body !== null) {
        const end = bytes.indexOf(END);
        if (end < 0) {
          const sure = Math.max(0, bytes.length - END.length);
          this.body.add(bytes.subarray(0, sure));
          this.rest = Buffer.from(bytes.subarray(sure));
          return;
        }
        this.body.add(bytes.subarray(0, end + 2));
        this.taken.push(this.body.finish());
        this.body = null;
        this.say('250 2.0.0 ok\r\n');
        bytes = bytes.subarray(end + END.length);
        continue;
      }
      const end = bytes.indexOf('\r\n');
      if (end < 0) {
        this.rest = Buffer.from(bytes);
        return;
      }
      const command = bytes.toString('latin1', 0, end);
      bytes = bytes.subarray(end + 2);
      if (command === 'DATA') {
        this.say('354 go ahead\r\n');
        this.body = new Body();
      } else if (command.startsWith('EHLO')) this.say('250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n');
      else this.say('250 2.0.0 ok\r\n');
    }
  }
}

/** Digest of a message from its token on; the mails that are sent have no line that begins with a dot. */
class Body {
  private readonly hash: Hash = createHash('sha256');
  private head: Buffer = Buffer.alloc(0);
  private token: string | null = null;
  private bytes = 0;

  add(chunk: Buffer): void {
    if (this.token !== null) {
      this.hash.update(chunk);
      this.bytes += chunk.length;
      return;
    }
    this.head = Buffer.concat([this.head, chunk]);
    const at = this.head.indexOf(TOKEN_HEADER);
    const end = at < 0 ? -1 : this.head.indexOf('\r\n', at);
    if (end < 0) return;
    this.token = this.head.toString('latin1', at + TOKEN_HEADER.length, end);
    this.hash.update(this.head.subarray(at));
    this.bytes = this.head.length - at;
  }

  finish(): TakenDigest {
    return { token: this.token ?? '', sha256: this.hash.digest('hex'), bytes: this.bytes };
  }
}
