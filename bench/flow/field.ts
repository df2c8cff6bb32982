import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { freePort } from '../../test/services/free-port.ts';
import { TOKEN } from '../../test/services/start-holdfast.ts';
import { startRedis } from '../../test/services/start-redis.ts';
import { until } from '../../test/services/until.ts';

/** A process of its own. */
export interface Started {
  readonly pid: number;
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

export interface StartedGateway extends Started {
  readonly smtpPort: number;
  readonly http: string;
}

/** One PostgreSQL, one Redis, and as many gateways and workers as are asked for, each a process of its own. */
export interface Field {
  readonly database: pg.Pool;
  gateway(env?: Readonly<Record<string, string>>): Promise<StartedGateway>;
  worker(): Promise<Started>;
  close(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export async function startField(sinkPort: number): Promise<Field> {
  const data = mkdtempSync(join(tmpdir(), 'holdfast-field-'));
  const place = join(data, 'database');
  mkdirSync(place);
  // As root the database runs as somebody else, who has to get there.
  chmodSync(data, 0o755);
  const postgres = await startEmbeddedPostgres(place);
  const redis = await startRedis();
  const database = new pg.Pool({ connectionString: postgres.url, max: 2 });
  const env = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    HOLDFAST_DATA: data,
    HOLDFAST_KEY_FILE: join(data, 'keys.json'),
    HOLDFAST_API_TOKEN: TOKEN,
    HOLDFAST_NEXT_HOP: `127.0.0.1:${sinkPort}`,
    HOLDFAST_NOW: '2016-01-20T09:22:00Z',
    HOLDFAST_WORKERS: '0',
  };
  const all: Started[] = [];

  async function start(command: string, more: Readonly<Record<string, string>>, isReady: (said: string) => boolean) {
    const child = spawn(process.execPath, ['--no-warnings', MAIN, command], {
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(
      async () => {
        if (child.exitCode !== null) throw new Error(`${command} ended: ${said}`);
        return isReady(said);
      },
      90_000,
      command,
    );
    const started = { pid: child.pid ?? 0, stop: () => end(child, 'SIGTERM'), kill: () => end(child, 'SIGKILL') };
    all.push(started);
    return started;
  }

  return {
    database,
    async gateway(more = {}) {
      const [http, smtpPort] = [await freePort(), await freePort()];
      // A folder of its own, as on a machine of its own; the key file is shared.
      const own = join(data, `gateway-${smtpPort}`);
      cpSync(new URL('../../fixtures/registers', import.meta.url), join(own, 'registers'), { recursive: true });
      const ports = {
        HOLDFAST_DATA: own,
        HOLDFAST_HTTP: `127.0.0.1:${http}`,
        HOLDFAST_SMTP: `127.0.0.1:${smtpPort}`,
        ...more,
      };
      const started = await start('serve', ports, (said) => said.includes('holdfast: ready'));
      return { ...started, smtpPort, http: `http://127.0.0.1:${http}` };
    },
    worker: () => start('worker', {}, (said) => said.includes('worker ready')),
    async close() {
      await Promise.all(all.map((one) => one.stop()));
      await database.end();
      await redis.stop();
      await postgres.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}
