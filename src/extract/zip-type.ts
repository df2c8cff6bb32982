import type { ByteSource } from '../core/byte-source.ts';
import type { Budget } from './budget.ts';
import { Unreadable } from './unreadable.ts';
import { readZipDirectory, type ZipEntry } from './zip-directory.ts';
import { readZipEntry } from './zip-entry.ts';

const OOXML = 'application/vnd.openxmlformats-officedocument';

/** What a zip file is by its entries: an office document, an e-book, or a plain archive. Broken ones are plain archives. */
export async function detectZipType(source: ByteSource, budget: Budget): Promise<string> {
  let entries: readonly ZipEntry[];
  try {
    const directory = await readZipDirectory(source, budget);
    // What stands before an archive is shown by the plain opener alone: another archive, whose directory this one hides.
    if (directory.prefix > 0) return 'application/zip';
    ({ entries } = directory);
    const mimetype = entries.find((entry) => entry.name === 'mimetype');
    if (mimetype !== undefined && mimetype.claimedSize < 200 && !mimetype.encrypted) {
      let type = '';
      for await (const chunk of readZipEntry(source, mimetype, budget)) type += Buffer.from(chunk).toString('latin1');
      if (/^application\/(vnd\.(oasis|sun)\.|epub)/.test(type.trim())) return type.trim();
    }
  } catch (error) {
    if (error instanceof Unreadable) return 'application/zip';
    throw error;
  }
  const names = entries.map((entry) =>
    entry.name
      .replace(/\\/g, '/')
      .replace(/^\.?\//, '')
      .toLowerCase(),
  );
  const has = (start: string): boolean => names.some((name) => name.startsWith(start));
  if (names.includes('[content_types].xml')) {
    if (names.some((name) => /(^|\/)workbook\.bin$/.test(name)))
      return 'application/vnd.ms-excel.sheet.binary.macroenabled.12';
    // The folder of the main document decides; an embedded workbook lives in `word/embeddings`, never beside it.
    if (has('word/')) return `${OOXML}.wordprocessingml.document`;
    if (has('ppt/')) return `${OOXML}.presentationml.presentation`;
    if (has('xl/')) return `${OOXML}.spreadsheetml.sheet`;
    // The standard leaves folders to the writer; the usual file names are what remains.
    const named = (name: string): boolean => names.some((one) => one.endsWith(`/${name}`));
    if (named('workbook.xml')) return `${OOXML}.spreadsheetml.sheet`;
    if (named('document.xml')) return `${OOXML}.wordprocessingml.document`;
    if (named('presentation.xml')) return `${OOXML}.presentationml.presentation`;
    if (has('visio/')) return 'application/vnd.ms-visio.drawing';
  }
  if (names.includes('content.xml') && names.includes('meta-inf/manifest.xml'))
    return 'application/vnd.oasis.opendocument.text';
  // A package saved as a folder and zipped has the folder's name in front.
  if (names.some((name) => /(^|\.numbers\/)index\/calculationengine/.test(name)))
    return 'application/vnd.apple.numbers';
  if (names.some((name) => name === 'index/document.iwa' || name === 'index.zip'))
    return has('index/tables/') || has('index/calculationengine')
      ? 'application/vnd.apple.numbers'
      : 'application/vnd.apple.iwork';
  if (names.includes('xl/workbook.xml')) return `${OOXML}.spreadsheetml.sheet`;
  if (names.includes('word/document.xml')) return `${OOXML}.wordprocessingml.document`;
  if (names.includes('ppt/presentation.xml') || names.includes('ppt/slides/slide1.xml'))
    return `${OOXML}.presentationml.presentation`;
  return 'application/zip';
}
