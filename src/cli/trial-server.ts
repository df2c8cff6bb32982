import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { SMTPServer } from 'smtp-server';

/** A server of its own process tree, on free ports, for trials. */
export interface TrialServer {
  readonly http: string;
  readonly smtpPort: number;
  stop(): Promise<void>;
}

/** A next hop that keeps what reaches it. */
export interface Sink {
  readonly port: number;
  readonly arrived: readonly { readonly to: readonly string[]; readonly content: Buffer }[];
  close(): Promise<void>;
}

/** Resolves once `/readyz` is 200; rejects with the server's own words if it ends first or takes over a minute. */
export async function startTrialServer(env: Readonly<Record<string, string>>): Promise<TrialServer> {
  const [httpPort, smtpPort] = [await freePort(), await freePort()];
  const http = `http://127.0.0.1:${httpPort}`;
  const main = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : '../main.js', import.meta.url));
  const child = spawn(process.execPath, ['--no-warnings', main, 'serve'], {
    env: { ...env, HOLDFAST_HTTP: `127.0.0.1:${httpPort}`, HOLDFAST_SMTP: `127.0.0.1:${smtpPort}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const deadline = Date.now() + 60_000;
  while (!(await isReady(http))) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${said}`);
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the server was not ready after a minute: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { http, smtpPort, stop: () => stop(child) };
}

async function isReady(http: string): Promise<boolean> {
  return fetch(`${http}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await ended;
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

export async function startSink(): Promise<Sink> {
  const arrived: { to: readonly string[]; content: Buffer }[] = [];
  const port = await freePort();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    size: 200 * 1024 ** 2,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        arrived.push({ to: session.envelope.rcptTo.map((one) => one.address), content: Buffer.concat(chunks) });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { port, arrived, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
