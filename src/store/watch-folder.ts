import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 2_000;

/**
 * Calls back after a change of any file in a folder or its sub-folders (one level), within a few seconds, until stopped.
 *
 * It looks rather than listens: notices of changes do not reach through bind mounts, network shares and config maps. A change is told
 * once the folder has been still for one look, so that a file still being written is not read by half.
 */
export function watchFolder(folder: string, onChange: () => void, pollMs = POLL_MS): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const done = watch(folder, onChange, pollMs, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function watch(folder: string, onChange: () => void, pollMs: number, signal: AbortSignal): Promise<void> {
  let told = await signatureOf(folder);
  let last = told;
  while (!signal.aborted) {
    await sleep(pollMs, undefined, { signal, ref: false }).catch(() => {});
    if (signal.aborted) return;
    const now = await signatureOf(folder);
    if (now === last && now !== told) {
      told = now;
      onChange();
    }
    last = now;
  }
}

/** Names, sizes and times of every file; of a folder that cannot be read, nothing. */
async function signatureOf(folder: string): Promise<string> {
  const names = await namesIn(folder);
  const inner = await Promise.all(
    names.map(async (name) => (await namesIn(join(folder, name))).map((one) => join(name, one))),
  );
  const paths = [...names, ...inner.flat()].sort();
  const marks = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(join(folder, path)).catch(() => null);
      return found === null
        ? `${path}\0gone`
        : `${path}\0${found.isDirectory() ? '' : `${found.size} ${found.mtimeMs} ${found.ino}`}`;
    }),
  );
  return marks.join('\n');
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
