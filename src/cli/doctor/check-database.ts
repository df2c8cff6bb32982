import type pg from 'pg';

import type { KeyRing } from '../../registers/keys.ts';
import { createAuditLog } from '../../store/audit-log.ts';
import { messagesByKey } from '../../store/rewrap-messages.ts';
import { storeKeys } from '../../store/store-keys.ts';
import { type Diagnosis, fault, warning, well } from './diagnosis.ts';

const CHECK = 'database';
const OLDEST = 15;
const SKEW_MS = 2_000;

interface Setting {
  readonly name: string;
  readonly value: string;
}

/** The server's version and durability, its clock, and whether the keys here are those of what is in it. */
export async function checkDatabase(
  pool: pg.Pool,
  ring: KeyRing | null,
  now: () => number,
): Promise<readonly Diagnosis[]> {
  const { rows } = await pool.query<Setting>(
    `select name, setting as value from pg_settings
     where name in ('server_version_num', 'fsync', 'full_page_writes', 'max_connections', 'default_transaction_read_only')`,
  );
  const setting = new Map(rows.map(({ name, value }) => [name, value]));
  const found: Diagnosis[] = [];
  const major = Math.floor(Number(setting.get('server_version_num')) / 10_000);
  if (major < OLDEST) {
    found.push(fault(CHECK, `PostgreSQL ${major} is too old`, `use PostgreSQL ${OLDEST} or later`));
  }
  for (const name of ['fsync', 'full_page_writes']) {
    if (setting.get(name) === 'off') {
      found.push(
        fault(
          CHECK,
          `${name} is off: mail that was acknowledged can be lost`,
          `set ${name} = on in postgresql.conf and reload`,
        ),
      );
    }
  }
  if (setting.get('default_transaction_read_only') === 'on') {
    found.push(
      fault(CHECK, 'the server takes no writes', 'name the primary in DATABASE_URL, or end its read-only mode'),
    );
  }
  found.push(...(await checkConnections(pool, Number(setting.get('max_connections')))));
  found.push(...(await checkClock(pool, now)));
  if (ring !== null) found.push(...(await checkContent(pool, ring)));
  return found.some(({ level }) => level === 'fault')
    ? found
    : [well(CHECK, `PostgreSQL ${major} answers, durably`), ...found];
}

async function checkConnections(pool: pg.Pool, most: number): Promise<readonly Diagnosis[]> {
  const { rows } = await pool.query<{ used: number }>('select count(*)::int as used from pg_stat_activity');
  const used = rows[0]?.used ?? 0;
  return used < most * 0.9
    ? []
    : [
        warning(
          CHECK,
          `${used} of ${most} connections are taken`,
          'raise max_connections: 16 for serve and 14 for each worker',
        ),
      ];
}

async function checkClock(pool: pg.Pool, now: () => number): Promise<readonly Diagnosis[]> {
  const before = now();
  const { rows } = await pool.query<{ at: Date }>('select clock_timestamp() as at');
  const ahead = Math.round((before + now()) / 2 - (rows[0]?.at.getTime() ?? 0));
  if (Math.abs(ahead) <= SKEW_MS) return [well('clock', "this machine's and the database's agree")];
  return [
    fault(
      'clock',
      `this machine is ${Math.abs(ahead / 1000).toFixed(1)} s ${ahead > 0 ? 'ahead of' : 'behind'} the database's clock: an embargo would lift at the wrong moment`,
      'let NTP (chrony or systemd-timesyncd) set both clocks',
    ),
  ];
}

async function checkContent(pool: pg.Pool, ring: KeyRing): Promise<readonly Diagnosis[]> {
  const audit = createAuditLog(pool, storeKeys(ring));
  if (!(await audit.isOurs())) {
    return [
      fault(
        'keys',
        'the key file is not the one that this database was made with',
        'restore it from its backup, or name the right one with HOLDFAST_KEY_FILE',
      ),
    ];
  }
  const found: Diagnosis[] = [];
  for (const [id, messages] of await messagesByKey(pool)) {
    if (ring.byId.has(id)) continue;
    found.push(
      fault(
        'keys',
        `${messages} messages need the key ${id}, which the key file does not have`,
        'restore a copy of the key file that has it',
      ),
    );
  }
  const checked = await audit.verify();
  found.push(
    checked.ok
      ? well('audit log', `its chain holds, ${checked.rows} rows`)
      : fault(
          'audit log',
          `does not verify: ${checked.message}`,
          'somebody changed the database: keep it as it is, and compare it with a backup',
        ),
  );
  return found;
}
