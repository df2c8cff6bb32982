import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PSM, Worker as TesseractWorker } from 'tesseract.js';
import { type GreyPicture, readGreyPng, resizeGrey, turnGrey, writeGreymap } from './grey-picture.ts';
import { joinReadings, type Recognised, readWordTable, sureWords } from './recognised-words.ts';

/** Longer side for running text: small print of pictures made for screens is enlarged, scans keep the size of their letters. */
const TEXT_SIDE = 1600;
const LARGEST_SIDE = 2200;
/** Longer side for headline figures, which are too large to be taken for letters otherwise. */
const HEADLINE_SIDE = 600;
const TURNED_SIDE = 800;
/** Tesseract's ways of looking for text: as columns and paragraphs, or wherever there is some. */
const PARAGRAPHS = '3';
const SPARSE = '11';
/** A page of so many words, so sure, is running text and has been read. */
const PAGE_WORDS = 120;
const PAGE_CONFIDENCE = 80;
/** Less sure than this of its words on the mean, it may have read a picture upside down, or one without words. */
const UPRIGHT_CONFIDENCE = 80;
/** Turned over it has to be surer by so much. */
const SURER = 10;

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
    try {
      reader ??= startReader();
      const worker = await reader;
      thread(worker)?.ref();
      try {
        const picture = await decode(worker, image);
        return picture === null ? null : joinReadings(await readings(worker, picture));
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

/**
 * One picture read as text, then where that was no full page once more for text that stands alone, and small and straightened for
 * headlines; turned over where it was not sure of what it read.
 */
async function readings(worker: TesseractWorker, picture: GreyPicture): Promise<readonly Recognised[]> {
  const side = Math.min(LARGEST_SIDE, Math.max(TEXT_SIDE, picture.width, picture.height));
  const read = async (mode: string, { from = picture, long = side, straighten = false } = {}): Promise<Recognised> => {
    await worker.setParameters({ tessedit_pageseg_mode: mode as PSM });
    const image = writeGreymap(resizeGrey(from, long));
    const { data } = await worker.recognize(image, { rotateAuto: straighten }, { text: true, tsv: true });
    return readWordTable(data.tsv ?? '', data.text);
  };
  const first = await read(PARAGRAPHS);
  const words = first.lines.reduce((sum, line) => sum + line.words.length, 0);
  if (words >= PAGE_WORDS && first.confidence >= PAGE_CONFIDENCE) return [first];
  const found = [first, await read(SPARSE, { long: TEXT_SIDE })];
  found.push(await read(PARAGRAPHS, { long: HEADLINE_SIDE, straighten: true }));
  if (first.confidence >= UPRIGHT_CONFIDENCE) return found;
  // Text on its side it finds by itself; upside down it reads letters that are none, and is not sure of them.
  const from = turnGrey(picture);
  const turned = await read(PARAGRAPHS, { from, long: TURNED_SIDE });
  if (turned.confidence < first.confidence + SURER || sureWords(turned) <= sureWords(first)) return found;
  return [await read(PARAGRAPHS, { from }), await read(SPARSE, { from, long: TEXT_SIDE }), ...found];
}

/**
 * The picture's pixels as the reader's own library decodes them, in its WebAssembly: PNG, JPEG, WebP, GIF, TIFF, BMP, on white.
 * Throws where it knows none of it.
 */
async function decode(worker: TesseractWorker, image: Uint8Array): Promise<GreyPicture | null> {
  const { data } = await worker.recognize(Buffer.from(image), {}, { imageGrey: true, text: false });
  const [, encoded] = (data.imageGrey ?? '').split(',');
  return encoded === undefined ? null : readGreyPng(Buffer.from(encoded, 'base64'));
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
  // What it notes about a picture belongs in nobody's log.
  await worker.setParameters({ debug_file: '/dev/null' } as Parameters<TesseractWorker['setParameters']>[0]);
  thread(worker)?.unref();
  return worker;
}

/** The worker's thread; the package's types leave it out. */
function thread(worker: TesseractWorker): Thread | undefined {
  return (worker as unknown as { readonly worker?: Thread }).worker;
}
