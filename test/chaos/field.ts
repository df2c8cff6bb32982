import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { freePort } from '../services/free-port.ts';
import { type HoldfastTree, startHoldfast } from '../services/start-holdfast.ts';
import { startPostfix, type TestPostfix } from '../services/start-postfix.ts';
import { startRedis, type TestRedis } from '../services/start-redis.ts';
import { BlockDevice } from './block-device.ts';
import type { Evidence, Kept } from './count-losses.ts';
import { Lane, Ledger } from './lanes.ts';
import { PostgresProcesses } from './postgres-processes.ts';
import { type PostgresProxy, startPostgresProxy } from './postgres-proxy.ts';
import { type Sink, startSink } from './sink.ts';
import { mountDisk } from './small-disk.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** Of the release that embargoed mail speaks of. */
export const LIFT = Date.parse('2016-01-20T09:30:00Z');
const MAIN = join(import.meta.dirname, '../../src/main.ts');
const MORNING = '2016-01-20T09:22:00Z';
/** Bytes of the small disks that the store and the spools are on. */
const DISKS = { store: '3000M', spools: '400m' } as const;

/** Everything that mail passes, and what can be broken of it: Postfix → Holdfast → proxy → sink, with PostgreSQL and Redis beside. */
export class Field {
  readonly folder: string;
  readonly spools: string;
  readonly disk: string;
  readonly sink: Sink;
  readonly hop: TcpProxy;
  readonly redis: TestRedis;
  readonly wire: PostgresProxy;
  readonly ledger: Ledger;
  readonly lanes: readonly Lane[];
  /** How often each id was delivered and not yet recorded when something was killed. */
  readonly inWindow = new Map<string, number>();
  readonly smtpPort: number;
  readonly milterPort: number;
  /** Whether store and spools are on small disks of their own, which can be filled. */
  readonly hasDisks: boolean;
  /** What the store is on, where the kernel lets it be made. */
  readonly device: BlockDevice | null;
  /** Set: the next 250 gets lost on its way to the client, and this is done. */
  loseNextReply: (() => void) | null = null;
  /** While set, no lane sends. */
  isPaused = false;
  isBehind = false;
  tree!: HoldfastTree;
  postfix!: TestPostfix;
  readonly postgres: PostgresProcesses;
  #postgres: EmbeddedPostgres;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(
    parts: Pick<Field, 'sink' | 'redis' | 'wire' | 'smtpPort' | 'milterPort' | 'hop' | 'hasDisks' | 'device'> & {
      postgres: EmbeddedPostgres;
    },
    folder: { folder: string; workers: number },
  ) {
    this.folder = folder.folder;
    this.spools = join(this.folder, 'spools');
    this.disk = join(this.folder, 'disk');
    this.sink = parts.sink;
    this.hop = parts.hop;
    this.redis = parts.redis;
    this.wire = parts.wire;
    this.smtpPort = parts.smtpPort;
    this.milterPort = parts.milterPort;
    this.hasDisks = parts.hasDisks;
    this.device = parts.device;
    this.#postgres = parts.postgres;
    this.postgres = new PostgresProcesses(this.disk);
    this.ledger = new Ledger(join(this.folder, 'ledger'));
    const place = (port: () => number) => ({
      ledger: this.ledger,
      port,
      isPaused: () => this.isPaused || this.isBehind,
      hears: () => {
        const lose = this.loseNextReply;
        this.loseNextReply = null;
        lose?.();
        return lose === null;
      },
    });
    this.lanes = [
      new Lane(
        'd1',
        place(() => this.smtpPort),
      ),
      new Lane(
        'd2',
        place(() => this.smtpPort),
      ),
      new Lane('p1', { ...place(() => this.postfix.port), hears: () => true }),
      new Lane('p2', { ...place(() => this.postfix.port), hears: () => true }),
    ];
    const url = new URL(this.#postgres.url);
    url.port = String(parts.wire.port);
    this.#env = {
      DATABASE_URL: url.href,
      REDIS_URL: parts.redis.url,
      HOLDFAST_SMTP: `127.0.0.1:${parts.smtpPort}`,
      HOLDFAST_MILTER: `127.0.0.1:${parts.milterPort}`,
      HOLDFAST_NEXT_HOP: `127.0.0.1:${parts.hop.port}`,
      HOLDFAST_WORKERS: String(folder.workers),
      HOLDFAST_KEY_FILE: join(this.folder, 'keys.json'),
      HOLDFAST_RULES: join(this.folder, 'rules'),
      HOLDFAST_LOG: process.env['CHAOS_LOG'] ?? 'silent',
    };
  }

  /** Starts it all. Needs root, for Postfix and the small disks. */
  static async start(workers: number): Promise<Field> {
    if (process.getuid?.() !== 0) throw new Error('chaos needs root, for Postfix and for disks that can be filled');
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-chaos-'));
    const root = join(import.meta.dirname, '../..');
    const device = BlockDevice.mount(join(folder, 'disk'), DISKS.store);
    const hasDisks = [
      device !== null || mountDisk(join(folder, 'disk'), DISKS.store),
      mountDisk(join(folder, 'spools'), DISKS.spools),
    ];
    cpSync(join(root, 'rules'), join(folder, 'rules'), { recursive: true });
    cpSync(join(root, 'fixtures/registers'), join(folder, 'spools/registers'), { recursive: true });
    const sink = await startSink();
    const hop = await startTcpProxy(sink.port);
    const redis = await startRedis();
    const postgres = await startEmbeddedPostgres(join(folder, 'disk'));
    const wire = await startPostgresProxy(portOf(postgres));
    const [smtpPort, milterPort] = [await freePort(), await freePort()];
    const isWhole = !hasDisks.includes(false);
    const parts = { sink, hop, redis, postgres, wire, smtpPort, milterPort, hasDisks: isWhole, device };
    const field = new Field(parts, { folder, workers });
    field.postfix = await startPostfix({ filterPort: smtpPort, sinkPort: hop.port });
    await field.restart().catch(async (error: unknown) => {
      await field.stop();
      throw error;
    });
    return field;
  }

  /** A new tree on the same data. Mail is judged at 09:22 on the morning of a release, unless told otherwise. */
  async restart(
    env: Readonly<Record<string, string>> = { HOLDFAST_NOW: MORNING },
    now = () => Date.parse(MORNING),
  ): Promise<void> {
    this.sink.now = now;
    for (let attempt = 1; ; attempt++) {
      try {
        this.tree = await startHoldfast(this.spools, { ...this.#env, ...env });
        return;
      } catch (error) {
        if (attempt === 3) throw error;
        await sleep(1000);
      }
    }
  }

  /** The store's PostgreSQL on a device that was mended, at the address that Holdfast knows. */
  async mendStore(): Promise<void> {
    await this.#postgres.stop();
    await this.device?.mend();
    this.#postgres = await startEmbeddedPostgres(this.disk);
    this.wire.target = portOf(this.#postgres);
  }

  /** Mails that are in the record and not yet where they end. */
  async underWay(): Promise<number> {
    const [row] = await this.sql<{ count: number }>(
      `select count(*)::int as count from message where state in ('received', 'scanning', 'cleared', 'released', 'delivering') and kind = 'email' and sender <> ''`,
    );
    return row?.count ?? 0;
  }

  /** Whether everything that may go has gone; false where nothing moves for the time given. */
  async drained(limitMs: number): Promise<boolean> {
    let least = Number.POSITIVE_INFINITY;
    let deadline = performance.now() + limitMs;
    while (performance.now() < deadline) {
      const left = (await this.underWay()) + this.postfix.queued().length;
      if (left === 0) return true;
      if (left < least) deadline = performance.now() + limitMs;
      least = Math.min(least, left);
      await sleep(300);
    }
    return false;
  }

  /** Holds the lanes back while the workers are behind, so that a fault meets the mail of its own round; ends with `stop`. */
  holdBack(most = 300): { stop(): void } {
    const timer = setInterval(() => {
      // What a dead worker has claimed waits for its lease, and says nothing of those that live.
      this.sql<{ count: number }>(
        `select count(*)::int as count from message where state in ('received', 'cleared') and kind = 'email' and sender <> ''`,
      ).then(
        ([row]) => {
          this.isBehind = (row?.count ?? 0) > most;
        },
        () => {},
      );
    }, 500);
    return { stop: () => clearInterval(timer) };
  }

  /** Starts the tree where it should not start; what it said. */
  async tryStart(): Promise<{ readonly ready: boolean; readonly said: string }> {
    try {
      this.tree = await startHoldfast(this.spools, this.#env);
      return { ready: true, said: '' };
    } catch (error) {
      return { ready: false, said: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Runs a command of Holdfast's beside the tree; its exit status. */
  command(args: readonly string[]): Promise<number | null> {
    return new Promise((resolve) => {
      const env = { PATH: process.env['PATH'] ?? '', HOLDFAST_DATA: this.spools, ...this.#env };
      spawn(process.execPath, ['--no-warnings', MAIN, ...args], { env, stdio: 'ignore' }).once('close', resolve);
    });
  }

  /** kill -9 of workers; what was delivered and not yet recorded is noted. */
  killWorkers(): void {
    this.tree.signal('worker', 'SIGKILL');
    void this.noteWindow();
  }

  /** Notes what the next hop has and the record does not know yet. Call it when something was killed, before it is there again. */
  async noteWindow(): Promise<void> {
    const rows = await this.sql<{ id: string }>(
      `select id from message where state in ('received', 'scanning', 'cleared', 'released', 'delivering')`,
    ).catch(() => []);
    const there = new Set(this.sink.copies.map(({ id }) => id));
    for (const { id } of rows) if (there.has(id)) this.inWindow.set(id, (this.inWindow.get(id) ?? 0) + 1);
  }

  get databaseUrl(): string {
    return this.#postgres.url;
  }

  /** Past the proxy, on a connection of its own; waits for a server that comes back. */
  async sql<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    for (let attempt = 1; ; attempt++) {
      const client = new pg.Client({
        connectionString: this.#postgres.url,
        connectionTimeoutMillis: 5000,
        // Where it stands read-only, the harness is the one to mend that.
        options: '-c default_transaction_read_only=off',
      });
      client.on('error', () => {});
      try {
        await client.connect();
        return (await client.query<Row>(text, [...values])).rows;
      } catch (error) {
        if (attempt === 40) throw error;
        await sleep(250);
      } finally {
        await client.end().catch(() => {});
      }
    }
  }

  async evidence(): Promise<Evidence> {
    // Before the record is asked: what goes meanwhile was not judged by what is read here.
    const copies = [...this.sink.copies];
    const kept = await this.sql<Kept>(
      `select id, coalesce(substring(message_id from '<(.*)@chaos\\.example>'), id) as token, state,
         verdict in ('pass', 'flag') or exists (select from decision d where d.message_id = m.id and d.action like 'release%') as "mayLeave"
       from message m where kind = 'email' and sender <> ''`,
    );
    return {
      acknowledged: [...this.ledger.acknowledged.values()],
      copies,
      kept,
      ahead: new Set(this.#tokensAhead()),
      returned: this.sink.returned,
      inWindow: this.inWindow,
      unsaid: this.sink.unsaid,
      lift: LIFT,
    };
  }

  /** Postfix tells ids and addresses of what it queues, and no Message-ID; its log has both. */
  #tokensAhead(): readonly string[] {
    const queued = this.postfix.queued().map((one) => (one as { queue_id: string }).queue_id);
    if (queued.length === 0) return [];
    const log = this.postfix.log();
    return queued.flatMap((id) => {
      const found = new RegExp(`${id}: message-id=<([^@>]+)@chaos`).exec(log)?.[1];
      return found === undefined ? [] : [found];
    });
  }

  async stop(): Promise<void> {
    await this.tree?.stop();
    this.postfix.stop();
    await this.wire.close();
    await this.#postgres.stop();
    await this.redis.stop();
    await this.hop.close();
    await this.sink.close();
    this.ledger.close();
    this.device?.remove();
    for (const disk of [this.disk, this.spools]) spawnSync('umount', ['-l', disk]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function portOf({ url }: EmbeddedPostgres): number {
  return Number(new URL(url).port);
}
