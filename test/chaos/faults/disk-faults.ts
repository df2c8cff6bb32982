import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SmtpTalk } from '../../gateway/smtp-talk.ts';
import { chaosMail } from '../chaos-mail.ts';
import { expectThat, type Fault } from '../fault.ts';
import type { Field } from '../field.ts';
import { run } from '../small-disk.ts';

const pause = (random: () => number, most: number) => sleep(100 + random() * most);
const MEGABYTE = 1 << 20;

/** Takes what is free of a disk, but for `spare` bytes. */
function fill(folder: string, spare = 0): () => void {
  const file = join(folder, 'filler');
  // The last blocks one by one: some file systems need a few to note down who has the others.
  const most = `$(( $(df --output=avail -B1 '${folder}' | tail -1) - ${spare === 0 ? MEGABYTE : spare} ))`;
  run('sh', ['-c', `fallocate -l ${most} '${file}'`]);
  if (spare === 0) spawnSync('sh', ['-c', `cat /dev/zero >> '${file}'`]);
  return () => rmSync(file, { force: true });
}

/** A mail that has to wait on the spool; answers what was said to it. */
async function sendLarge(field: Field, token: string): Promise<string> {
  const { talk } = await SmtpTalk.open(field.smtpPort);
  const reply = await talk.send(
    '<a@department.example>',
    ['<b@network.example>'],
    chaosMail(token, 'clean', 3 * MEGABYTE),
  );
  talk.close();
  return reply;
}

/**
 * The device of the store answers each write with EIO for so long. What PostgreSQL could not flush it must not believe in: it has
 * to give up and begin again from its WAL. Where the file system gave up as well, the device is mended as its keeper would.
 */
async function failDevice(field: Field, milliseconds: number, heals: boolean): Promise<readonly string[]> {
  const { device, ledger } = field;
  if (device === null) return ['there is no device'];
  // What Postfix has taken is on a disk of its own.
  const taken = () => [...ledger.acknowledged.keys()].filter((token) => token.includes('-d')).length;
  const logged = field.postgres.log.length;
  device.isBroken = true;
  await sleep(milliseconds / 2);
  const half = taken();
  await sleep(milliseconds / 2);
  const later = taken();
  const said = field.postgres.log.slice(logged);
  if (heals) device.isBroken = false;
  if (!heals || device.isGivenUp) await field.mendStore();
  await field.noteWindow();
  await sleep(1500);
  return [
    ...expectThat(/PANIC: .*(?:Input\/output error|Read-only)/.test(said), `PostgreSQL did not give up: ${said}`),
    // Half of the time is enough to hear of what was flushed before.
    ...expectThat(later === half, `${later - half} mails were acknowledged while nothing could be written`),
  ];
}

export const diskFaults: readonly Fault[] = [
  {
    name: 'disk of the store full for 4 s',
    needsDisks: true,
    isQuick: true,
    async strike(field, random) {
      await pause(random, 500);
      const free = fill(join(field.disk));
      await sleep(4000);
      free();
      await field.noteWindow();
      await sleep(1000);
      return [];
    },
  },
  {
    name: 'disk of the spools full',
    needsDisks: true,
    async strike(field, random) {
      await pause(random, 300);
      const free = fill(field.spools, 64 * 1024);
      const reply = await sendLarge(field, `large-${Math.floor(random() * 1e9)}`);
      free();
      return expectThat(/^4\d\d /.test(reply), `a large mail was answered ${reply}`);
    },
  },
  {
    name: 'disk of the spools read-only',
    needsDisks: true,
    async strike(field, random) {
      await pause(random, 300);
      run('mount', ['-o', 'remount,ro', field.spools]);
      const reply = await sendLarge(field, `large-${Math.floor(random() * 1e9)}`);
      run('mount', ['-o', 'remount,rw', field.spools]);
      return expectThat(/^4\d\d /.test(reply), `a large mail was answered ${reply}`);
    },
  },
  {
    name: 'short writes: no file of PostgreSQL may grow (RLIMIT_FSIZE)',
    async strike(field, random) {
      await pause(random, 300);
      field.postgres.limitFiles(64 * 1024);
      await sleep(2500);
      field.postgres.limitFiles(null);
      await field.noteWindow();
      await sleep(1000);
      return [];
    },
  },
  {
    name: 'device of the store: EIO on each write and flush for 500 ms',
    needsDevice: true,
    async strike(field, random) {
      await pause(random, 1000);
      return failDevice(field, 500, true);
    },
  },
  {
    name: 'device of the store: EIO until it is mended',
    needsDevice: true,
    async strike(field, random) {
      await pause(random, 1000);
      return failDevice(field, 5000, false);
    },
  },
];
