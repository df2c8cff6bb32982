import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault, Result } from '../core/result.ts';
import { explainSize, RULE_LIMIT, type SourceFile, YAML_LIMIT } from '../text/read-yaml.ts';
import { errorCode } from './error-code.ts';

export interface FolderReading {
  /** In order of path, so that the same folder always reads the same. */
  readonly files: readonly SourceFile[];
  /** What lies in the folder and is not read, though it looks as if it should be. */
  readonly warnings: readonly Fault[];
}

/** The sub-folders that are read, and single files beside them. */
export interface FolderShape {
  readonly folders: readonly string[];
  readonly files?: readonly string[];
  /** What the folder is, in a fault's words; rules may be larger than registers. */
  readonly what: 'register' | 'rule';
}

const YAML_NAME = /\.ya?ml$/i;

/**
 * Reads every `.yaml` and `.yml` file of a folder's sub-folders, and the single files that are named.
 *
 * Nothing of such a name is passed over: a folder, a dangling link, a pipe, a file that is too large, not UTF-8 or not to be
 * opened is a fault. Links to regular files are followed.
 */
export async function readFolder(folder: string, shape: FolderShape): Promise<Result<FolderReading>> {
  const top = await list(folder);
  if (!top.ok) return { ok: false, error: [faultOf(folder, explainFolder(top.error, shape))] };
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const paths: string[] = [];
  for (const name of shape.folders) {
    if (!top.value.includes(name)) continue;
    const inner = await list(join(folder, name));
    if (!inner.ok) {
      faults.push(faultOf(join(folder, name), explainFolder(inner.error, shape)));
      continue;
    }
    for (const entry of inner.value) {
      if (YAML_NAME.test(entry)) paths.push(`${name}/${entry}`);
      else if (await isFolder(join(folder, name, entry)))
        warnings.push(faultOf(join(folder, name, entry), 'is a folder and is not read, move its files one level up'));
    }
  }
  for (const name of top.value) {
    if (shape.files?.includes(name)) paths.push(name);
    else if (YAML_NAME.test(name))
      warnings.push(faultOf(join(folder, name), `is not read, move it into ${shape.folders.join('/, ')}/`));
  }
  const files: SourceFile[] = [];
  const limit = shape.what === 'rule' ? RULE_LIMIT : YAML_LIMIT;
  const texts = await Promise.all(paths.map((path) => readText(join(folder, path), limit)));
  for (const [index, path] of paths.entries()) {
    const read = texts[index];
    if (read?.ok === true) files.push({ file: join(folder, path), path, text: read.value });
    else if (read !== undefined) faults.push(read.error);
  }
  return faults.length > 0 ? { ok: false, error: faults } : { ok: true, value: { files, warnings } };
}

async function list(folder: string): Promise<Result<readonly string[], unknown>> {
  try {
    return { ok: true, value: (await readdir(folder)).sort() };
  } catch (error) {
    return { ok: false, error };
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** The text of one regular file of at most so many bytes of UTF-8. Its size is checked before a byte is read. */
async function readText(file: string, limit: number): Promise<Result<string, Fault>> {
  const fail = (message: string, line: number | null = null) => ({
    ok: false as const,
    error: { ...faultOf(file, message), line },
  });
  try {
    const found = await stat(file);
    if (found.isDirectory())
      return fail('is a folder, and only regular files may have such a name: rename or remove it');
    // Never opened: reading a pipe or a device would wait for ever.
    if (!found.isFile()) return fail('is no regular file, remove it');
    if (found.size > limit) return fail(explainSize(limit));
    const bytes = await readFile(file);
    if (bytes.length > limit) return fail(explainSize(limit));
    try {
      return { ok: true, value: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
    } catch {
      return fail('is not UTF-8, save it as UTF-8 text', lineOfFirstBadByte(bytes));
    }
  } catch (error) {
    const link = (await lstat(file).catch(() => null))?.isSymbolicLink() ?? false;
    if (link && ['ENOENT', 'ELOOP', 'ENOTDIR'].includes(errorCode(error)))
      return fail('is a link that leads nowhere, mend or remove it');
    return fail(`cannot be read (${errorCode(error)}), let the user that runs holdfast read it`);
  }
}

function lineOfFirstBadByte(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    line += 1;
    start = end + 1;
  }
  return line;
}

function explainFolder(error: unknown, { what }: FolderShape): string {
  switch (errorCode(error)) {
    case 'ENOENT':
      return `there is no such ${what} folder, create it or name another`;
    case 'ENOTDIR':
      return `is no folder, name the ${what} folder itself`;
    default:
      return `the folder cannot be read (${errorCode(error)}), let the user that runs holdfast read it`;
  }
}

function faultOf(file: string, message: string): Fault {
  return { file, line: null, column: null, key: null, message };
}
