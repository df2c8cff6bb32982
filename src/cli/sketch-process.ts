import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Result } from '../core/result.ts';
import type { KeySet } from '../registers/keys.ts';
import type { MadeSketch } from './make-sketch.ts';

export interface SketchJob {
  readonly path: string;
  /** The file comes by standard input, and its path is a name alone. */
  readonly isPiped: boolean;
  /** A public document whose passages are left out. */
  readonly without: string | null;
  readonly key: string;
  /** Base64; travels between the processes alone, never in an argument or the environment. */
  readonly secret: string;
}

export type SketchAnswer =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'made'; readonly made: Omit<MadeSketch, 'bytes'> & { readonly bytes: string } }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * Heap of the process that reads, MB: Node would otherwise let garbage pile up to several times what is needed. A file that needs more
 * is read once more without the cap.
 */
const HEAP = ['--max-old-space-size=96', '--max-semi-space-size=4'];
const CHILD = fileURLToPath(new URL(`./sketch-child${extname(fileURLToPath(import.meta.url))}`, import.meta.url));

/**
 * Makes the sketch of a file in a child process of little memory; an error says in words what is wrong with the file.
 *
 * `content`: the file itself, where it lies on no disk.
 */
export async function sketchInProcess(
  files: Pick<SketchJob, 'path' | 'without'>,
  key: KeySet,
  onRow: (done: number, total: number) => void,
  content: Uint8Array | null = null,
): Promise<Result<MadeSketch, string>> {
  const secret = Buffer.from(key.sketches).toString('base64');
  const job = { ...files, isPiped: content !== null, key: key.id, secret };
  return (
    (await runChild(job, content, HEAP, onRow)) ??
    (await runChild(job, content, [], onRow)) ?? {
      ok: false,
      error: 'could not be read, the process that read it died',
    }
  );
}

/** One child's answer; null where it died without one. */
function runChild(
  job: SketchJob,
  content: Uint8Array | null,
  execArgv: readonly string[],
  onRow: (done: number, total: number) => void,
): Promise<Result<MadeSketch, string> | null> {
  return new Promise((resolve) => {
    // What an abort prints is of no use to the one who waits.
    const child = fork(CHILD, [], {
      execArgv: ['--no-warnings', ...execArgv],
      stdio: [content === null ? 'ignore' : 'pipe', 'ignore', 'ignore', 'ipc'],
    });
    child.on('message', (answer: SketchAnswer) => {
      if (answer.kind === 'progress') onRow(answer.done, answer.total);
      else if (answer.kind === 'refused') resolve({ ok: false, error: answer.message });
      else resolve({ ok: true, value: { ...answer.made, bytes: Buffer.from(answer.made.bytes, 'base64') } });
    });
    child.once('error', () => resolve(null));
    child.once('exit', () => resolve(null));
    child.send(job);
    // One that died does not read on; that it died is told above.
    child.stdin?.on('error', () => {});
    child.stdin?.end(content);
  });
}
