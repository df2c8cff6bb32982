import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type pg from 'pg';

import { type Config, readConfig } from '../config.ts';
import { errorCode } from '../store/error-code.ts';
import { openStore, StoreFault } from '../store/open-store.ts';
import { storeKeys } from '../store/store-keys.ts';
import { CannotRun, type Command } from './command.ts';
import { checkCertificate } from './doctor/check-certificate.ts';
import { checkDatabase } from './doctor/check-database.ts';
import { checkRegisters, checkRules } from './doctor/check-judging.ts';
import { checkKeys } from './doctor/check-keys.ts';
import { checkMachine } from './doctor/check-machine.ts';
import { checkNextHops } from './doctor/check-next-hop.ts';
import { checkRedis } from './doctor/check-redis.ts';
import { checkWork } from './doctor/check-work.ts';
import { checkZones } from './doctor/check-zones.ts';
import { type Diagnosis, fault, fromLines, warning } from './doctor/diagnosis.ts';
import { usageOf } from './help/command-help.ts';

export const doctor: Command = {
  name: 'doctor',
  async run(args, io) {
    const { format, leastFreeMb } = readArgs(args);
    const reading = readConfig(io.env);
    const found = reading.ok
      ? [
          ...reading.warnings.map((line) => warning('settings', line, 'correct or remove it')),
          ...(await examine(reading.value, io.now, leastFreeMb)),
        ]
      : fromLines('settings', reading.lines);
    for (const one of found) io.out(format === 'json' ? `${JSON.stringify(one)}\n` : inWords(one));
    const faults = found.filter(({ level }) => level === 'fault').length;
    if (format === 'text') {
      const warnings = found.filter(({ level }) => level === 'warning').length;
      io.out(
        `\n${faults === 0 ? 'Nothing is wrong' : `${faults} wrong`}${warnings === 0 ? '' : `, ${warnings} to look at`}.\n`,
      );
    }
    return faults === 0 ? 0 : 1;
  },
};

/** Every check in the order in which one depends on the other. */
export async function examine(
  config: Config,
  now: () => number,
  leastFreeMb: number | undefined,
): Promise<readonly Diagnosis[]> {
  const [keys, rules, hops, redis] = await Promise.all([
    checkKeys(config, now()),
    checkRules(config),
    checkNextHops(config, now()),
    config.redisUrl === null ? [] : checkRedis(config.redisUrl, now),
  ]);
  const inDatabase = await withPool(config, async (pool) => {
    const store = await checkDatabase(pool, keys.ring, now);
    const registers = await checkRegisters(pool, keys.ring, rules.rules, now());
    const work = keys.ring === null ? [] : await checkWork(pool, config, storeKeys(keys.ring), now);
    return [...store, ...registers, ...work];
  });
  return [
    ...checkMachine(config, leastFreeMb),
    ...checkZones(now(), process.versions['tz']),
    ...keys.found,
    ...rules.found,
    ...inDatabase,
    ...redis,
    ...hops,
    ...checkCertificate(config, now()),
  ];
}

async function withPool(
  config: Config,
  use: (pool: pg.Pool) => Promise<readonly Diagnosis[]>,
): Promise<readonly Diagnosis[]> {
  if (config.databaseUrl === null && !existsSync(join(config.data, 'postgres'))) {
    return [warning('database', 'there is none yet', 'the first `holdfast serve` makes one in the data folder')];
  }
  try {
    const database = await openStore({
      data: config.data,
      databaseUrl: config.databaseUrl,
      role: 'command',
      connections: 2,
      onError: () => {},
    });
    try {
      return await use(database.pool);
    } finally {
      await database.close();
    }
  } catch (error) {
    if (error instanceof StoreFault) return fromLines('database', [error.message]);
    const code = errorCode(error);
    if (code === 'unknown error') throw error;
    return [fault('database', `a look at it failed (${code})`, 'see the log of PostgreSQL')];
  }
}

const MARKS = { ok: 'ok     ', warning: 'warning', fault: 'FAULT  ' } as const;

function inWords({ check, level, what, remedy }: Diagnosis): string {
  return `${MARKS[level]}  ${check}: ${what}\n${remedy === null ? '' : `         do: ${remedy}\n`}`;
}

function readArgs(args: readonly string[]): {
  readonly format: 'text' | 'json';
  readonly leastFreeMb: number | undefined;
} {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { format: { type: 'string' }, 'least-free': { type: 'string' } },
    });
    const format = values.format ?? 'text';
    const leastFree = values['least-free'];
    if ((format === 'text' || format === 'json') && (leastFree === undefined || /^\d{1,9}$/.test(leastFree))) {
      return { format, leastFreeMb: leastFree === undefined ? undefined : Number(leastFree) };
    }
  } catch {
    // Told below.
  }
  throw new CannotRun(usageOf('doctor'));
}
