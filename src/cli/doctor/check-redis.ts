import { Redis } from 'ioredis';

import { type Diagnosis, fault, warning, well } from './diagnosis.ts';

const CHECK = 'Redis';
const WAIT_MS = 3_000;
const SKEW_MS = 2_000;

/** Whether Redis answers, keeps what it is given, and has the time. */
export async function checkRedis(url: string, now: () => number): Promise<readonly Diagnosis[]> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: WAIT_MS,
    commandTimeout: WAIT_MS,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
  });
  redis.on('error', () => {});
  try {
    await redis.connect();
    const found: Diagnosis[] = [];
    const info = await redis.info();
    const value = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
    if (value('maxmemory_policy') !== 'noeviction') {
      found.push(
        fault(
          CHECK,
          `maxmemory-policy is ${value('maxmemory_policy')}: it may forget jobs`,
          'set maxmemory-policy noeviction',
        ),
      );
    }
    if (value('aof_enabled') !== '1') {
      found.push(
        warning(
          CHECK,
          'keeps nothing over a restart (appendonly is off): jobs come back from the database, some seconds late',
          'set appendonly yes',
        ),
      );
    }
    if (value('role') === 'slave')
      found.push(fault(CHECK, 'is a replica and takes no writes', 'name the primary in REDIS_URL'));
    const most = Number(value('maxmemory'));
    if (most > 0 && Number(value('used_memory')) > most * 0.9) {
      found.push(fault(CHECK, 'has used nine tenths of its memory', 'raise maxmemory'));
    }
    const [seconds = '0', micros = '0'] = (await redis.time()).map(String);
    const ahead = now() - (Number(seconds) * 1000 + Number(micros) / 1000);
    if (Math.abs(ahead) > SKEW_MS) {
      found.push(
        warning(
          'clock',
          `Redis has a clock ${Math.abs(ahead / 1000).toFixed(1)} s off this machine's`,
          'let NTP set both clocks',
        ),
      );
    }
    return found.length > 0 ? found : [well(CHECK, `version ${value('redis_version')} answers`)];
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    if (/NOAUTH|WRONGPASS/.test(said))
      return [fault(CHECK, 'refuses the password', 'correct the password in REDIS_URL')];
    return [
      fault(
        CHECK,
        'does not answer: jobs wait until the sweeper finds them',
        'start it, or correct REDIS_URL; nothing is lost meanwhile',
      ),
    ];
  } finally {
    redis.disconnect();
  }
}
