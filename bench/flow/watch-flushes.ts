import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { runningPostgres } from '../../src/store/embedded-postgres.ts';
import type { Sent } from '../../test/services/smtp-sender.ts';

/**
 * Traces the database's sessions of the gateway while `send` runs, and says for how many mails one of them had flushed between the
 * final dot and the 250; null where strace is not to be had.
 */
export async function watchFlushes(data: string, send: () => Promise<readonly Sent[]>): Promise<string | null> {
  const running = runningPostgres(data);
  if (running === null || spawnSync('strace', ['-V'], { stdio: 'ignore' }).status !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-strace-'));
  const log = join(folder, 'log');
  const client = new pg.Client({ connectionString: running.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'holdfast serve'`,
    );
    const { rows: settings } = await client.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings where name in ('fsync', 'wal_sync_method') order by name`,
    );
    const traced = rows.flatMap(({ pid }) => ['-p', String(pid)]);
    const strace = spawn('strace', ['-f', '-ttt', '-T', '-e', 'trace=fdatasync,fsync', '-o', log, ...traced], {
      stdio: 'ignore',
    });
    await sleep(500);
    const sent = await send();
    strace.kill('SIGINT');
    await new Promise((resolve) => strace.once('exit', resolve));
    const flushes = readFileSync(log, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, at, took] = /\s(\d+\.\d+) f(?:data)?sync\(.*= 0 <([\d.]+)>/.exec(line) ?? [];
        return at === undefined ? [] : [(Number(at) + Number(took)) * 1000];
      });
    const flushed = sent.filter(({ dotAt, answeredAt }) => flushes.some((end) => end > dotAt && end < answeredAt));
    return `${flushed.length} of ${sent.length} answers came after a finished flush of their own (${settings.map(({ name, setting }) => `${name} ${setting}`).join(', ')})`;
  } finally {
    await client.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
