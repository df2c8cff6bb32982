import commonJsModule, { type FileSystem, type SevenZipModuleFactory } from '7z-wasm';
import { asBuffer } from './decode-text.ts';

// The package is CommonJS: what is imported is its one export, and its types say otherwise.
const createModule = commonJsModule as unknown as SevenZipModuleFactory;

/** The file system of the WebAssembly module, as far as it is used here. */
interface MemoryFiles {
  readonly ops_table: { readonly file: { readonly stream: { write: (...args: readonly unknown[]) => number } } };
  resizeFileStorage: (node: unknown, size: number) => void;
}

export interface SevenZipRun {
  /** What it printed, a line each. */
  readonly lines: readonly string[];
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** What stopped it before its end; null where it ran through. */
  readonly stopped: unknown;
}

/** Called with the bytes that a write adds, before they are kept; throws to stop the run. */
export type WriteGuard = (bytes: number) => void;

/**
 * Runs 7-Zip (WebAssembly, in memory, no disk) over an archive: `l` lists it, `x` expands it under the guard.
 *
 * One instance a run, so that a crash leaves nothing behind. Files of one name are all kept.
 */
export async function runSevenZip(
  command: 'l' | 'x',
  archive: Uint8Array,
  password: string | null,
  guard: WriteGuard,
): Promise<SevenZipRun> {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const module = await createModule({ print, printErr: print, stdin: () => 0 });
  const { FS } = module;
  const input = FS.open('/archive', 'w+');
  FS.write(input, asBuffer(archive), 0, archive.length);
  FS.close(input);
  FS.mkdir('/out');
  const memory = (FS as unknown as { readonly filesystems: { readonly MEMFS: MemoryFiles } }).filesystems.MEMFS;
  guardWrites(memory, guard);
  let stopped: unknown = null;
  // A wrong password is asked for again on standard input unless one is given.
  const options = ['-y', '-aou', '-slt', '-sccUTF-8', `-p${password ?? '-'}`, ...(command === 'x' ? ['-o/out'] : [])];
  const exitCode = process.exitCode;
  try {
    module.callMain([command, ...options, '/archive']);
  } catch (error) {
    stopped = error;
  } finally {
    // The module hands its own status on as that of the whole process: a broken archive would fail whoever opened it.
    process.exitCode = exitCode;
  }
  return { lines, files: command === 'x' ? filesIn(FS, '/out') : [], stopped };
}

function guardWrites(memory: MemoryFiles, guard: WriteGuard): void {
  const operations = memory.ops_table.file.stream;
  const { write } = operations;
  operations.write = (...args) => {
    guard(Number(args[3]));
    return write(...args);
  };
  const resize = memory.resizeFileStorage;
  memory.resizeFileStorage = (node, size) => {
    // Space reserved ahead is not counted, but may not be without bound either.
    if (size > 1 << 20) guard(0);
    if (size <= 1 << 30) resize(node, size);
    else guard(size);
  };
}

function filesIn(FS: FileSystem, root: string): { name: string; bytes: Uint8Array }[] {
  const found: { name: string; bytes: Uint8Array }[] = [];
  const waiting = [root];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const stat = FS.lstat(path);
    if (FS.isDir(stat.mode)) {
      const names = FS.readdir(path).filter((name) => name !== '.' && name !== '..');
      for (const name of names.toReversed()) waiting.push(`${path}/${name}`);
    } else if (FS.isFile(stat.mode)) found.push({ name: path.slice(root.length + 1), bytes: FS.readFile(path) });
  }
  return found;
}
