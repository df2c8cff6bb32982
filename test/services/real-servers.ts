import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];

function isInstalled(program: string): boolean {
  return FOLDERS.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

// In CI a server that is missing fails its tests; a newcomer's machine need not have them all.
const isCi = process.env['CI'] !== undefined;

/** `describe` for what needs Debian's Postfix, which starts as root only. */
export const describeWithPostfix =
  isCi || (isInstalled('postfix') && process.getuid?.() === 0) ? describe : describe.skip;

export const hasRedis = isCi || isInstalled('redis-server');
/** `describe` for what needs a redis-server. */
export const describeWithRedis = hasRedis ? describe : describe.skip;

/** `describe` for what makes certificates. */
export const describeWithOpenssl = isCi || isInstalled('openssl') ? describe : describe.skip;

/** `describe` for what asks Debian's `promtool`, of the package `prometheus`. */
export const describeWithPromtool = isCi || isInstalled('promtool') ? describe : describe.skip;

/** `describe` for what needs Debian’s miltertest. */
export const describeWithMiltertest = isCi || isInstalled('miltertest') ? describe : describe.skip;

/** `describe` for what asks Debian's `mandoc`. */
export const describeWithMandoc = isCi || isInstalled('mandoc') ? describe : describe.skip;

/** `describe` for what a real client, swaks, says. */
export const describeWithSwaks = isCi || isInstalled('swaks') ? describe : describe.skip;
