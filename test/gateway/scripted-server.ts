import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface TakenMail {
  readonly connection: number;
  readonly commands: readonly string[];
  /** After DATA, dots unstuffed, without the final one. */
  readonly data: Buffer;
}

/** Answers a command; null: hang up; empty: say nothing; undefined: the usual reply. */
export type Script = (command: string, connection: number) => string | null | undefined;

export interface ScriptedServer {
  readonly port: number;
  readonly mail: TakenMail[];
  readonly connections: () => number;
  close(): Promise<void>;
}

const EXTENSIONS = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'DSN', 'SIZE 1000000'];

/** A next hop that says what a test wants it to. */
export async function startScriptedServer(
  script: Script = () => undefined,
  extensions: readonly string[] = EXTENSIONS,
): Promise<ScriptedServer> {
  const mail: TakenMail[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const usual = (command: string): string => {
    if (command === '(greeting)') return '220 sink.example ESMTP';
    if (command.startsWith('EHLO'))
      return ['250-sink.example', ...extensions.map((one) => `250-${one}`), '250 HELP'].join('\r\n');
    if (command === 'DATA') return '354 go ahead';
    return '250 2.0.0 ok';
  };
  const server = createServer((socket) => {
    connections += 1;
    const connection = connections;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    let rest = Buffer.alloc(0);
    let isData = false;
    let commands: string[] = [];
    const answer = (command: string): string | null => {
      const reply = script(command, connection);
      const said = reply === undefined ? usual(command) : reply;
      if (said === null) socket.destroy();
      else if (said !== '') socket.write(`${said}\r\n`);
      return said;
    };
    answer('(greeting)');
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        if (isData) {
          const end = rest.subarray(0, 3).equals(Buffer.from('.\r\n')) ? 0 : rest.indexOf('\r\n.\r\n') + 2;
          if (end === 1) return;
          const data = Buffer.from(rest.toString('latin1', 0, end).replace(/^\.\./gm, '.'), 'latin1');
          rest = rest.subarray(end + 3);
          isData = false;
          if (answer('(data)')?.startsWith('2') === true) mail.push({ connection, commands, data });
          commands = [];
          continue;
        }
        const end = rest.indexOf('\r\n');
        if (end < 0) return;
        const command = rest.toString('utf8', 0, end);
        rest = rest.subarray(end + 2);
        commands.push(command);
        const reply = answer(command);
        if (reply === null) return;
        isData = command === 'DATA' && reply.startsWith('354');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mail,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
