import { readdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import type { EmbargoDocument } from '../registers/embargo-document.ts';
import type { KeyRing } from '../registers/keys.ts';
import { resolveLocalTime } from '../registers/local-time.ts';
import { REGISTER_FOLDERS } from '../registers/parse-registers.ts';
import { writeEntry } from '../registers/write-entry.ts';
import type { RegisterRecord } from '../service/stores.ts';
import { errorCode } from '../store/error-code.ts';
import { openKeyFile } from '../store/key-file.ts';
import { makeFolder } from '../store/make-folder.ts';
import { createRegisterStore } from '../store/register-store.ts';
import { replaceFile } from '../store/replace-file.ts';
import { storeKeys } from '../store/store-keys.ts';
import { CannotRun, orEnd } from './command.ts';
import { count } from './registers-check.ts';
import { loadFolder, type RegistersAction } from './registers-task.ts';
import { withDatabase } from './with-database.ts';

/**
 * Loads a register folder into the store, sealed, in one transaction; a running server judges by it within 5 s.
 *
 * With `--prune` what the folder lacks is listed and nothing is changed; with `--yes` beside it those entries go.
 */
export const importRegisters: RegistersAction = async (task, io) => {
  const { registers, key, sketches } = await loadFolder(task, 'open', io);
  const { embargoes, sensitivity } = registers.documents;
  const inFolder = new Set([...embargoes, ...sensitivity].map(({ id }) => id));
  return withStore(task.config, key, async (store) => {
    const kept = (await store.load()).documents;
    const others = [...kept.embargoes, ...kept.sensitivity].filter(({ id }) => !inFolder.has(id));
    if (task.prune) refuseToLift(kept.embargoes, inFolder, task);
    if (task.prune && !task.yes) {
      for (const { id, title } of others) io.out(`${id}: ${title}\n`);
      io.out(
        others.length === 0
          ? 'the store has nothing that the folder lacks, --yes imports the folder\n'
          : `${count(others.length, 'entry', 'entries')} of the store would go, nothing is changed yet: add --yes to import the folder and remove them\n`,
      );
      return 0;
    }
    const remove = task.prune ? others.map(({ id }) => id) : [];
    await store.import(registers.documents, { actor: `command line (${userName()})`, sketches, remove });
    const gone = remove.length === 0 ? '' : `, and removed ${count(remove.length, 'entry', 'entries')} that it lacks`;
    io.out(
      `${task.folder}: loaded ${count(embargoes.length, 'release')} and ${count(sensitivity.length, 'dataset')} into the store${gone}\n`,
    );
    if (!task.prune && others.length > 0)
      io.err(
        `warning: ${task.folder}: ${count(others.length, 'entry', 'entries')} of the store stand in no file of it and stay, --prune lists them\n`,
      );
    return 0;
  });
};

/** A release that is not out yet may not end by a file that somebody forgot. */
function refuseToLift(
  kept: readonly EmbargoDocument[],
  inFolder: ReadonlySet<string>,
  { now }: { readonly now: number },
) {
  const running = kept.filter((document) => {
    if (inFolder.has(document.id) || document.status === 'published') return false;
    const lift = resolveLocalTime(document.embargo.until, document.embargo.zone, 'later');
    return document.status !== 'scheduled' || !lift.ok || lift.value > now;
  });
  if (running.length > 0)
    throw new CannotRun(
      ...running.map(
        ({ id }) =>
          `${id}: its embargo has not ended, so it is not removed: put its file back, or set its status to published first`,
      ),
    );
}

/** Writes every entry of the store out, one file each, with figures sealed. Files of the same name are replaced. */
export const exportRegisters: RegistersAction = async (task, io) => {
  const key = orEnd(await openKeyFile(task.config, task.now));
  const { documents, sketches } = await withStore(task.config, key, (store) => store.load());
  const files = new Map<string, string | Uint8Array>();
  for (const document of documents.embargoes) files.set(`embargoes/${document.id}.yaml`, writeEntry(document));
  for (const document of documents.sensitivity) {
    files.set(`sensitivity/${document.id}.yaml`, writeEntry(document));
    const sketch = sketches.get(document.id);
    if (document.sketch !== undefined && sketch !== undefined) files.set(`sensitivity/${document.sketch}`, sketch);
  }
  try {
    for (const folder of REGISTER_FOLDERS) makeFolder(join(task.folder, folder));
    for (const [path, content] of files) {
      makeFolder(dirname(join(task.folder, path)));
      await replaceFile(join(task.folder, path), content);
    }
  } catch (error) {
    throw new CannotRun(
      `${task.folder}: cannot be written (${errorCode(error)}), name a folder that this user may write to`,
    );
  }
  for (const file of await othersIn(task.folder, files))
    io.err(`warning: ${file}: is no entry of the store, remove it\n`);
  io.out(
    `${task.folder}: wrote ${count(documents.embargoes.length, 'release')} and ${count(documents.sensitivity.length, 'dataset')}, figures sealed\n`,
  );
  return 0;
};

/** @throws CannotRun where the store cannot be reached. */
function withStore<T>(config: Config, key: KeyRing, use: (store: RegisterRecord) => Promise<T>): Promise<T> {
  return withDatabase(config, (pool) => use(createRegisterStore(pool, storeKeys(key))));
}

async function othersIn(folder: string, written: ReadonlyMap<string, unknown>): Promise<readonly string[]> {
  const others: string[] = [];
  for (const name of REGISTER_FOLDERS)
    for (const file of await readdir(join(folder, name)))
      if (/\.ya?ml$/i.test(file) && !written.has(`${name}/${file}`)) others.push(join(folder, name, file));
  return others;
}

/** Who is at the command line, for the audit log. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // Containers may run as a number without a name.
    return String(process.getuid?.() ?? 'unknown');
  }
}
