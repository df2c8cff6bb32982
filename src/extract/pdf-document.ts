import { fileURLToPath } from 'node:url';
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { ExtractContext } from './extractor.ts';
import type { PdfReader } from './pdf-reader.ts';
import { Unreadable } from './unreadable.ts';

export type PdfDocument = PDFDocumentProxy;

/** Character maps and fonts that documents refer to and do not carry; they come with the package. */
const PACKAGE = import.meta.resolve('pdfjs-dist/package.json');
const folder = (name: string): string => fileURLToPath(new URL(`${name}/`, PACKAGE));

/**
 * Opens a PDF with no password, then with each of those given; `reader` parses it, or this thread where there is none.
 *
 * Throws `Unreadable`: `encrypted` where none fits, `corrupt` where the reader finds no document.
 */
export async function openPdf(
  bytes: Uint8Array,
  { passwords, budget }: Pick<ExtractContext, 'passwords' | 'budget'>,
  reader: PdfReader | null = null,
): Promise<PdfDocument> {
  const { getDocument, PasswordException, PDFWorker, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const verbosity = VerbosityLevel.ERRORS;
  const worker =
    reader === null
      ? null
      : PDFWorker.create({ port: reader.port, verbosity } as Parameters<typeof PDFWorker.create>[0]);
  for (const password of [undefined, ...passwords]) {
    const end = password === undefined ? () => undefined : budget.beginTrial();
    if (end === null) break;
    const task = getDocument({
      // The reader takes the buffer over, so it gets one of its own.
      data: new Uint8Array(bytes),
      verbosity,
      ...(worker === null ? {} : { worker }),
      disableFontFace: true,
      useSystemFonts: false,
      enableXfa: true,
      cMapUrl: folder('cmaps'),
      cMapPacked: true,
      standardFontDataUrl: folder('standard_fonts'),
      wasmUrl: folder('wasm'),
      iccUrl: folder('iccs'),
      ...(password === undefined ? {} : { password }),
    });
    try {
      return await task.promise;
    } catch (error) {
      await task.destroy();
      if (error instanceof PasswordException) continue;
      throw new Unreadable(
        'corrupt',
        `the PDF cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    } finally {
      end();
    }
  }
  throw new Unreadable('encrypted', 'the PDF needs a password');
}

/** What the reader hands out as a map, or as an object in older versions; a map may come from another realm. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  const { entries } = value as { readonly entries?: unknown };
  if (typeof entries !== 'function') return Object.entries(value);
  return [...(value as ReadonlyMap<unknown, unknown>).entries()].map(([name, told]) => [String(name), told] as const);
}

/** A reader that trips over one odd object must not cost the rest of the document. */
export async function settle<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    return otherwise;
  }
}
