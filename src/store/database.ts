import pg from 'pg';
import { errorCode } from './error-code.ts';
import { type Migration, MigrationFault, migrate } from './migrate.ts';

const CONNECT_MS = 10_000;
const QUERY_MS = 50_000;
const END_MS = 2_000;

/** A database that cannot be used as it is set; one line that says which and what to do. */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault';
}

export interface DatabaseOptions {
  readonly url: string;
  /** Shows in `pg_stat_activity`. */
  readonly name: string;
  readonly connections: number;
  readonly onError: (error: Error) => void;
  /** Absent: those that ship. */
  readonly migrations?: readonly Migration[];
}

/**
 * Opens the pool and brings the schema up to date.
 *
 * @throws DatabaseFault, its message without the password of the URL.
 */
export async function openDatabase(options: DatabaseOptions): Promise<pg.Pool> {
  const pool = connectPool(options);
  try {
    // On a connection of its own: a migration may take longer than any query is given.
    const client = new pg.Client({ connectionString: options.url, connectionTimeoutMillis: CONNECT_MS });
    client.on('error', options.onError);
    try {
      await client.connect();
      await migrate(client, options.migrations);
    } finally {
      await atMost(END_MS, client.end());
    }
    return pool;
  } catch (error) {
    await atMost(END_MS, pool.end());
    if (error instanceof MigrationFault) throw new DatabaseFault(error.message);
    throw new DatabaseFault(`${describeUrl(options.url)}: ${describeFailure(error)}`, { cause: error });
  }
}

/** Waits for the end of what may never say that it ended: a client whose server died while it connected does not. */
async function atMost(ms: number, ending: Promise<void>): Promise<void> {
  const waited = Promise.withResolvers<void>();
  const timer = setTimeout(waited.resolve, ms);
  await Promise.race([ending.catch(() => {}), waited.promise]);
  clearTimeout(timer);
}

function connectPool({ url, name, connections, onError }: DatabaseOptions): pg.Pool {
  let pool: pg.Pool;
  try {
    pool = new pg.Pool({
      connectionString: url,
      application_name: name,
      max: connections,
      connectionTimeoutMillis: CONNECT_MS,
      // A server that hangs fails what waits for it, before the SMTP client gives up.
      query_timeout: QUERY_MS,
      idleTimeoutMillis: 60_000,
      // Whatever the server's default: 250 is said only after the flush (promise 2).
      options: '-c synchronous_commit=on',
    });
  } catch (error) {
    throw new DatabaseFault('DATABASE_URL is not a URL: expected postgres://user:password@host:5432/database', {
      cause: error,
    });
  }
  // A connection that breaks while idle; the next query gets another one or fails by itself.
  pool.on('error', onError);
  // One that breaks while lent out fails its query, and must not end the process besides.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

function describeUrl(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `DATABASE_URL ${host}${pathname}`;
  } catch {
    return 'DATABASE_URL';
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there, start PostgreSQL or correct the address',
  ENOTFOUND: 'no such host, correct the address',
  EAI_AGAIN: 'the host name does not resolve, correct the address',
  ETIMEDOUT: 'no answer, check the address and the firewall',
  '28P01': 'wrong password, correct it',
  '28000': 'this user may not connect, check pg_hba.conf',
  '3D000': 'no such database, create it',
  '42501': 'the user may not create tables, grant it the schema',
};

function describeFailure(error: unknown): string {
  const code = errorCode(error);
  const advice = ADVICE[code];
  if (advice !== undefined) return advice;
  // One attempt an address of the host; the first says enough.
  const first: unknown = hasErrors(error) ? error.errors[0] : error;
  return first === error
    ? `cannot be used (${error instanceof Error ? error.message : String(error)})`
    : describeFailure(first);
}

function hasErrors(error: unknown): error is { readonly errors: readonly unknown[] } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'errors' in error &&
    Array.isArray(error.errors) &&
    error.errors.length > 0
  );
}
