import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A next hop that knows when each mail was complete, by the token in its first own header. */
export interface TimedSink {
  readonly port: number;
  /** Epoch milliseconds, by token; of a mail that came twice the first time. */
  readonly arrivals: ReadonlyMap<string, number>;
  /** Mails taken, those that came twice too. */
  readonly count: () => number;
  close(): Promise<void>;
}

export const TOKEN = 'X-Token: ';
const END = Buffer.from('\r\n.\r\n');

export async function startTimedSink(): Promise<TimedSink> {
  const arrivals = new Map<string, number>();
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    let head = '';
    let tail: Buffer = Buffer.alloc(0);
    let rest = '';
    let isData = false;
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.write('220 sink.example ESMTP\r\n');
    socket.on('data', (chunk: Buffer) => {
      if (isData) data(chunk);
      else commands(chunk.toString('latin1'));
    });
    function data(chunk: Buffer): void {
      if (head.length < 8192) head += chunk.toString('latin1');
      const joined = Buffer.concat([tail, chunk]);
      const end = joined.indexOf(END);
      tail = joined.subarray(Math.max(0, joined.length - END.length));
      if (end < 0) return;
      const token = /^X-Token: (\S+)/m.exec(head)?.[1];
      count += 1;
      if (token !== undefined && !arrivals.has(token)) arrivals.set(token, performance.timeOrigin + performance.now());
      isData = false;
      socket.write('250 2.0.0 taken\r\n');
      commands(joined.subarray(end + END.length).toString('latin1'));
    }
    function commands(text: string): void {
      rest += text;
      for (let end = rest.indexOf('\r\n'); end >= 0 && !isData; end = rest.indexOf('\r\n')) {
        const verb = rest.slice(0, 4).toUpperCase();
        rest = rest.slice(end + 2);
        if (verb === 'EHLO') socket.write('250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n');
        else if (verb === 'QUIT') socket.end('221 bye\r\n');
        else if (verb === 'DATA') {
          socket.write('354 go on\r\n');
          isData = true;
          head = '';
          tail = Buffer.from('\r\n');
        } else socket.write('250 ok\r\n');
      }
      if (isData && rest !== '') {
        const early = Buffer.from(rest, 'latin1');
        rest = '';
        data(early);
      }
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    arrivals,
    count: () => count,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
