import { accessSync, constants } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { ArrivalRecord } from '../service/arrival-record.ts';
import type { CheckPointRecord } from '../service/check-points.ts';
import type { IdempotencyRecord } from '../service/idempotency-record.ts';
import type { IncidentRecord } from '../service/incident-record.ts';
import type { NoticeRecord } from '../service/notices/notice-record.ts';
import type { Clock } from '../service/ports.ts';
import type { RecallRecord } from '../service/recall-record.ts';
import type { ChangeRecord } from '../service/register-changes.ts';
import type { ReviewRecord } from '../service/review-record.ts';
import type { SilentTrialRecord } from '../service/silent-trials.ts';
import type { AccountRecord, AuditLog, MessageRecord, RegisterRecord } from '../service/stores.ts';
import type { WebhookRecord } from '../service/webhook-record.ts';
import { createAccountStore } from './accounts/account-store.ts';
import type { SessionLimits } from './accounts/session-store.ts';
import { createAuditLog } from './audit-log.ts';
import { createChangeStore } from './change-store.ts';
import { createCheckPointStore } from './check-point-store.ts';
import { DatabaseFault, openDatabase } from './database.ts';
import { EmbeddedPostgresFault, runningPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { errorCode } from './error-code.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { createIdempotencyStore } from './idempotency-store.ts';
import { createIncidentStore } from './incident-store.ts';
import { makeFolder } from './make-folder.ts';
import { createMessageStore } from './message-store.ts';
import { createArrivalStore } from './messages/arrival-store.ts';
import type { Migration } from './migrate.ts';
import { createNoticeStore } from './notice-store.ts';
import { createRecallStore } from './recall-store.ts';
import { createRegisterStore } from './register-store.ts';
import { createReviewStore } from './review-store.ts';
import { createSilentTrialStore } from './silent-trial-store.ts';
import type { StoreKeys } from './store-keys.ts';
import { createWebhookStore } from './webhook-store.ts';

export interface StoreSettings {
  readonly data: string;
  readonly databaseUrl: string | null;
  /**
   * `serve` has the data folder for itself; `command` uses the running server's database, or starts it for its own time;
   * `worker` is a child of `serve` and is given the address.
   */
  readonly role: 'serve' | 'command' | 'worker';
  readonly connections: number;
  readonly onError: (error: Error) => void;
  /** Absent: those that ship; a restore begins with the schema of its backup. */
  readonly migrations?: readonly Migration[];
}

/** The database of a data folder, reached or started. */
export interface OpenDatabase {
  readonly pool: pg.Pool;
  /** Where other processes of the tree reach it. */
  readonly url: string;
  /** Settles when an embedded server of ours is gone unasked; never for another's. */
  readonly gone: Promise<void>;
  /** Closes connections, and stops the embedded server where this process started it. */
  close(): Promise<void>;
}

/** A fault of the store's settings; one line that says which and what to do. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
}

/**
 * Opens the database with its schema up to date: DATABASE_URL, the server that runs in the data folder, or one started there.
 *
 * @throws StoreFault
 */
export async function openStore(settings: StoreSettings): Promise<OpenDatabase> {
  prepareDataFolder(settings.data);
  const lock = await lockFor(settings);
  const owned = lock?.ok === true;
  if (settings.role === 'serve' && lock?.ok === false) {
    throw new StoreFault(
      `${settings.data}: another holdfast runs on this data folder (process ${lock.pid}): stop it, or set HOLDFAST_DATA to another folder`,
    );
  }
  const release = () => {
    if (lock?.ok === true) lock.release();
  };
  try {
    const server = await reachServer(settings, owned);
    try {
      const { connections, onError, migrations } = settings;
      const pool = await openDatabase({
        url: server.url,
        name: `holdfast ${settings.role}`,
        connections,
        onError,
        ...(migrations === undefined ? {} : { migrations }),
      });
      return {
        pool,
        url: server.url,
        gone: server.gone,
        async close() {
          await pool.end();
          await server.stop();
          release();
        },
      };
    } catch (error) {
      await server.stop();
      throw error;
    }
  } catch (error) {
    release();
    if (error instanceof DatabaseFault || error instanceof EmbeddedPostgresFault) {
      throw new StoreFault(error.message, { cause: error });
    }
    throw error;
  }
}

/** A command holds the lock only while it runs a server of its own, so `serve` waits for it. */
async function lockFor({ data, databaseUrl, role }: StoreSettings): Promise<FolderLock | null> {
  if (role === 'worker' || (role === 'command' && databaseUrl !== null)) return null;
  const deadline = performance.now() + 20_000;
  for (;;) {
    const lock = takeLock(data, role);
    if (lock.ok || role !== 'serve' || lock.purpose === 'serve' || performance.now() > deadline) return lock;
    await sleep(100);
  }
}

function takeLock(data: string, role: StoreSettings['role']): FolderLock {
  try {
    return lockFolder(data, role);
  } catch (error) {
    throw cannotWrite(data, error);
  }
}

interface Server {
  readonly url: string;
  readonly gone: Promise<void>;
  stop(): Promise<void>;
}

async function reachServer({ data, databaseUrl }: StoreSettings, owned: boolean): Promise<Server> {
  const elsewhere = { gone: new Promise<void>(() => {}), stop: () => Promise.resolve() };
  if (databaseUrl !== null) return { ...elsewhere, url: databaseUrl };
  if (owned) return startEmbeddedPostgres(data);
  const running = runningPostgres(data);
  if (running !== null) return { ...elsewhere, url: running.url };
  throw new StoreFault(`${data}: another holdfast is starting or stopping on this data folder: try again in a moment`);
}

/** @throws StoreFault where the data folder cannot be made or written. */
export function prepareDataFolder(data: string): void {
  try {
    makeFolder(data, 0o700);
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cannotWrite(data, error);
  }
}

function cannotWrite(data: string, error: unknown): StoreFault {
  const code = errorCode(error);
  const remedy =
    code === 'EROFS' || code === 'EIO'
      ? 'its disk fails or went read-only: unmount it, check its file system, mount it and start again'
      : 'let this user write there, or set HOLDFAST_DATA to another folder';
  return new StoreFault(`HOLDFAST_DATA ${data}: cannot be written (${code}): ${remedy}`, { cause: error });
}

export interface Store {
  readonly messages: MessageRecord;
  readonly arrivals: ArrivalRecord;
  readonly registers: RegisterRecord;
  readonly audit: AuditLog;
  readonly recalls: RecallRecord;
  readonly reviews: ReviewRecord;
  readonly incidents: IncidentRecord;
  readonly accounts: AccountRecord;
  readonly changes: ChangeRecord;
  readonly checkPoints: CheckPointRecord;
  readonly notices: NoticeRecord;
  readonly idempotency: IdempotencyRecord;
  readonly webhooks: WebhookRecord;
  readonly silentTrials: SilentTrialRecord;
}

/** Everything the use cases keep, on one pool. */
export function createStore(
  pool: pg.Pool,
  keys: StoreKeys,
  now: Clock,
  sessions?: SessionLimits,
  keepsDelivered = false,
): Store {
  return {
    messages: createMessageStore(pool, keys, now, keepsDelivered),
    arrivals: createArrivalStore(pool),
    registers: createRegisterStore(pool, keys),
    audit: createAuditLog(pool, keys),
    recalls: createRecallStore(pool, keys),
    reviews: createReviewStore(pool, keys),
    incidents: createIncidentStore(pool, keys),
    checkPoints: createCheckPointStore(pool, keys),
    notices: createNoticeStore(pool, keys),
    changes: createChangeStore(pool, keys),
    accounts: createAccountStore(pool, keys, sessions),
    idempotency: createIdempotencyStore(pool, keys),
    webhooks: createWebhookStore(pool, keys),
    silentTrials: createSilentTrialStore(pool, keys),
  };
}
