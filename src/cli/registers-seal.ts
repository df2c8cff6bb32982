import { sealFile } from '../registers/seal-file.ts';
import { replaceFile } from '../store/replace-file.ts';
import { count } from './registers-check.ts';
import { loadFolder, type RegistersAction } from './registers-task.ts';

/** Replaces the figures and passwords of a register folder by sealed ones, file by file, each whole or not at all. */
export const sealRegisters: RegistersAction = async (task, io) => {
  const quiet = { ...io, err: (text: string) => (/is in the clear/.test(text) ? undefined : io.err(text)) };
  const { files, key } = await loadFolder(task, 'open', quiet);
  let values = 0;
  let changed = 0;
  for (const source of files) {
    const { text, sealed, tellingLines } = sealFile(source, key);
    for (const line of tellingLines)
      io.err(`warning: ${source.file}:${line}: a comment still writes a sealed figure, remove it\n`);
    if (sealed === 0) continue;
    await replaceFile(source.file, text);
    values += sealed;
    changed += 1;
  }
  io.out(
    values === 0
      ? `${task.folder}: everything is sealed already\n`
      : `${task.folder}: sealed ${count(values, 'value')} in ${count(changed, 'file')} with the key ${key.current.id} of ${task.config.keyFile}\n` +
          'Keep that key file safe: without it they are of no use. Backups and version control may still have them in the clear.\n',
  );
  return 0;
};
