import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Worker as TesseractWorker } from 'tesseract.js';
import { preparePicture } from './prepare-picture.ts';

/** Pictures remembered by their bytes: the same logo is in every mail of an office. */
const REMEMBERED = 500;

interface Thread {
  ref(): void;
  unref(): void;
}

/**
 * Reads the words in a picture by OCR (Tesseract, English), one picture at a time.
 *
 * Null where the bytes are no picture it knows or the reader fails; an empty string where the picture has no words. All data come
 * with the installed packages. The reader's thread never keeps the process alive between pictures.
 */
export function createPixelReader(): (image: Uint8Array) => Promise<string | null> {
  const known = new Map<string, string | null>();
  let reader: Promise<TesseractWorker> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  const recognise = async (image: Uint8Array): Promise<string | null> => {
    const picture = await preparePicture(image);
    if (picture === null) return null;
    try {
      reader ??= startReader();
      const worker = await reader;
      thread(worker)?.ref();
      try {
        const { data } = await worker.recognize(Buffer.from(picture));
        return data.text.trim();
      } finally {
        thread(worker)?.unref();
      }
    } catch {
      // A reader that failed once is not trusted with the next picture.
      const failed = reader;
      reader = null;
      await failed?.then((worker) => worker.terminate()).catch(() => undefined);
      return null;
    }
  };

  return async (image) => {
    const key = createHash('sha256').update(image).digest('base64');
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const turn = last.then(() => recognise(image));
    last = turn.catch(() => undefined);
    const text = await turn;
    if (known.size >= REMEMBERED) known.delete(known.keys().next().value ?? '');
    known.set(key, text);
    return text;
  };
}

async function startReader(): Promise<TesseractWorker> {
  const { createWorker } = await import('tesseract.js');
  const data = dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json'));
  const worker = await createWorker('eng', 1, {
    langPath: join(data, '4.0.0_best_int'),
    cacheMethod: 'none',
    gzip: true,
    // The default throws on a thread of its own; the job's own promise is rejected as well.
    errorHandler: () => undefined,
  });
  thread(worker)?.unref();
  return worker;
}

/** The worker's thread; the package's types leave it out. */
function thread(worker: TesseractWorker): Thread | undefined {
  return (worker as unknown as { readonly worker?: Thread }).worker;
}
