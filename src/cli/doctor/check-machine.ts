import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Config } from '../../config.ts';
import { errorCode } from '../../store/error-code.ts';
import { type Diagnosis, fault, warning, well } from './diagnosis.ts';

const MB = 1024 * 1024;
/** What `serve` refuses mail below is less; this leaves a working day to act. */
const LEAST_FREE_MB = 2_000;

/** Node, user, data folder and disk. `leastFreeMb`: below it a disk counts as full. */
export function checkMachine(config: Config, leastFreeMb = LEAST_FREE_MB): readonly Diagnosis[] {
  return [
    ...checkUser(),
    ...checkFolder(config.data),
    ...checkDisk(config.data, leastFreeMb),
    ...checkExposure(config),
  ];
}

function checkUser(): readonly Diagnosis[] {
  if (process.getuid?.() !== 0) return [well('user', 'an unprivileged user')];
  return [
    warning('user', 'this runs as root', 'run holdfast as a user of its own, as deploy/systemd and the image do'),
  ];
}

function checkFolder(data: string): readonly Diagnosis[] {
  const found = statSync(data, { throwIfNoEntry: false });
  if (found === undefined) {
    return [warning('data folder', `${data} is not there yet`, 'it is made at the first start, or set HOLDFAST_DATA')];
  }
  if (!found.isDirectory()) {
    return [fault('data folder', `${data} is no folder`, 'set HOLDFAST_DATA to a folder')];
  }
  try {
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return [
      fault(
        'data folder',
        `${data} cannot be written (${errorCode(error)})`,
        'let the user that runs holdfast write there, or mount it writable',
      ),
    ];
  }
  if ((found.mode & 0o007) !== 0) {
    return [
      warning('data folder', `${data} is open to every user of this machine`, `make it private: chmod 700 ${data}`),
    ];
  }
  const me = process.getuid?.();
  if (me !== undefined && me !== 0 && found.uid !== me) {
    return [
      fault(
        'data folder',
        `${data} belongs to another user (${found.uid})`,
        `give it to the user that runs holdfast: chown -R ${me} ${data}`,
      ),
    ];
  }
  return [well('data folder', data)];
}

function checkDisk(data: string, leastFreeMb: number): readonly Diagnosis[] {
  let folder = data;
  while (statSync(folder, { throwIfNoEntry: false }) === undefined && folder !== dirname(folder))
    folder = dirname(folder);
  const { bavail, bsize, files, ffree } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / MB);
  const room = `${free} MB free for ${data}`;
  if (free < leastFreeMb) {
    return [
      fault('disk', room, `free some, at least ${leastFreeMb} MB: mail is put off with 452 once there is no room`),
    ];
  }
  if (files > 0 && ffree / files < 0.02) {
    return [
      fault(
        'disk',
        `${data} has hardly a file left to make (inodes)`,
        'remove files that are not needed, or use a larger file system',
      ),
    ];
  }
  return [well('disk', room)];
}

/** Whoever may use the gateway may send as anybody. */
function checkExposure(config: Config): readonly Diagnosis[] {
  const open = config.smtpClients.split(',').filter((block) => /\/0$/.test(block.trim()));
  const found: Diagnosis[] = [];
  if (open.length > 0) {
    found.push(
      fault(
        'gateway',
        `HOLDFAST_SMTP_CLIENTS has ${open.join(', ')}: anybody may send through it, as anybody`,
        'list your mail servers alone',
      ),
    );
  }
  if (config.fixedNow !== null) {
    found.push(
      fault(
        'clock',
        'HOLDFAST_NOW fixes the clock of judgements: embargoes never lift',
        'unset it, it is for trials alone',
      ),
    );
  }
  return found;
}
