import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tokenOf } from './chaos-mail.ts';

/** How the next hop behaves. */
export type Manner =
  | 'well'
  | 'says 451'
  | 'says 554'
  | 'hangs up before it takes the message'
  | 'takes the message and hangs up'
  | 'says 250 before the message is there'
  | 'says nothing sensible'
  | 'is silent';

/** One delivery: whose token, under which `X-Holdfast-Id`, and when by the clock that mail is judged by. */
export interface Copy {
  readonly token: string;
  readonly id: string;
  readonly when: number;
  /** During which round. */
  readonly during: number;
}

export interface Sink {
  readonly port: number;
  manner: Manner;
  now: () => number;
  round: number;
  readonly copies: Copy[];
  /** Tokens that delivery status notifications name. */
  readonly returned: Set<string>;
  /** How often the 250 for an id was never said, though the message was taken. */
  readonly unsaid: Map<string, number>;
  /** Called before the 250 for a message goes out; what it kills does not hear it. */
  beforeReply: ((copy: Copy) => void) | null;
  /** Ends every connection there is. */
  hangUp(): void;
  close(): Promise<void>;
}

const GREETING = '220 sink.example ESMTP';
const HELLO = ['250-sink.example', '250-PIPELINING', '250-8BITMIME', '250-SMTPUTF8', '250 SIZE 200000000'].join('\r\n');

/** The last hop: keeps what it took, and misbehaves as it is told. */
export async function startSink(): Promise<Sink> {
  const sockets = new Set<Socket>();
  const sink: Sink = {
    port: 0,
    manner: 'well',
    now: Date.now,
    round: 0,
    copies: [],
    returned: new Set(),
    unsaid: new Map(),
    beforeReply: null,
    hangUp: () => {},
    close: async () => {},
  };
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    serve(socket, sink);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(sink, {
    port: (server.address() as AddressInfo).port,
    hangUp() {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
}

function serve(socket: Socket, sink: Sink): void {
  const say = (line: string) => socket.write(`${line}\r\n`);
  let pieces: Buffer[] = [];
  let isData = false;
  say(GREETING);
  socket.on('data', (chunk: Buffer) => {
    pieces.push(chunk);
    if (isData && !endsIn(pieces, '\r\n.\r\n')) return;
    let rest = Buffer.concat(pieces);
    pieces = [];
    for (;;) {
      if (isData) {
        const end = rest.indexOf('\r\n.\r\n');
        if (end < 0) break;
        isData = false;
        take(socket, sink, rest.subarray(0, end), say);
        rest = rest.subarray(end + 5);
        continue;
      }
      const end = rest.indexOf('\r\n');
      if (end < 0) break;
      const command = rest.toString('latin1', 0, end);
      rest = rest.subarray(end + 2);
      isData = answer(socket, sink, command, say);
    }
    if (rest.length > 0) pieces.push(rest);
  });
}

function endsIn(pieces: readonly Buffer[], end: string): boolean {
  const tail = Buffer.concat(pieces.slice(-6)).subarray(-2000);
  return tail.includes(end);
}

/** Whether what follows is a message. */
function answer(socket: Socket, { manner }: Sink, command: string, say: (line: string) => void): boolean {
  if (manner === 'is silent') return false;
  if (manner === 'says nothing sensible') {
    say('+OK \x00 hello 25');
    return false;
  }
  if (/^EHLO/i.test(command)) say(HELLO);
  else if (/^MAIL/i.test(command) && manner === 'says 451') say('451 4.3.0 busy');
  else if (/^RCPT/i.test(command) && manner === 'says 554' && !command.includes('TO:<a@')) say('554 5.7.1 not here');
  else if (/^DATA$/i.test(command)) {
    // A lie that is told once the message is on its way cannot be told from the truth; this one can.
    const isLie = manner === 'says 250 before the message is there';
    say(isLie ? '354 go ahead\r\n250 2.0.0 ok' : '354 go ahead');
    if (isLie) setTimeout(() => socket.destroy(), 50);
    return true;
  } else if (/^QUIT$/i.test(command)) {
    say('221 2.0.0 bye');
    socket.end();
  } else say('250 2.0.0 ok');
  return false;
}

function take(socket: Socket, sink: Sink, data: Buffer, say: (line: string) => void): void {
  if (sink.manner === 'is silent') return;
  if (
    sink.manner === 'hangs up before it takes the message' ||
    sink.manner === 'says 250 before the message is there'
  ) {
    socket.destroy();
    return;
  }
  const text = data.toString('latin1', 0, 20_000);
  if (/^Content-Type: multipart\/report/im.test(text)) {
    const token = tokenOf(data.toString('latin1'), 'last');
    if (token !== null) sink.returned.add(token);
    say('250 2.0.0 ok');
    return;
  }
  const id = /^X-Holdfast-Id: (\S+)/m.exec(text)?.[1] ?? '(none)';
  const copy = {
    // Mails of other programs carry no token: each is counted by its id.
    token: tokenOf(text) ?? id,
    id,
    when: sink.now(),
    during: sink.round,
  };
  sink.copies.push(copy);
  if (sink.manner === 'takes the message and hangs up') {
    sink.unsaid.set(copy.id, (sink.unsaid.get(copy.id) ?? 0) + 1);
    socket.destroy();
    return;
  }
  sink.beforeReply?.(copy);
  say('250 2.0.0 ok');
}
