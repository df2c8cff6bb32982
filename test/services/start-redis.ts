import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

export interface TestRedis {
  readonly url: string;
  /** One command in the inline form; answers the first line of the reply. */
  command(line: string): Promise<string>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Starts again on the same port, empty. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A real redis-server on a free port that keeps nothing on disk. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  let server = await launch(port);
  const gone = (child: ChildProcess) =>
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = async () => {
    server.kill('SIGKILL');
    await gone(server);
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    command: (line) => say(port, line),
    kill,
    async restart() {
      server = await launch(port);
    },
    stop: kill,
  };
}

async function launch(port: number): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  let failure: Error | null = null;
  server.once('error', (error) => {
    failure = new Error('redis-server did not start, install Debian’s redis-server', { cause: error });
  });
  for (let turn = 0; turn < 500; turn++) {
    if (failure !== null) throw failure;
    if ((await say(port, 'PING').catch(() => '')) === '+PONG') return server;
    await sleep(20);
  }
  throw new Error('redis-server did not answer');
}

function say(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('data', (chunk: Buffer) => {
      resolve(chunk.toString().split('\r\n')[0] ?? '');
      socket.destroy();
    });
    socket.write(`${line}\r\n`);
  });
}
