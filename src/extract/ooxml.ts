import { readDocx } from './docx.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { OoxmlPackage } from './ooxml-package.ts';
import { readPackageNotes, readRest } from './ooxml-rest.ts';
import { readPptx } from './pptx.ts';
import { readXlsx } from './xlsx.ts';

const OFFICE = 'application/vnd.openxmlformats-officedocument';

/** Workbooks, documents and presentations of Office 2007 and later, macros or not: ECMA-376, transitional and strict. */
export const ooxml: Extractor = {
  name: 'ooxml',
  types: [
    `${OFFICE}.spreadsheetml.sheet`,
    `${OFFICE}.wordprocessingml.document`,
    `${OFFICE}.presentationml.presentation`,
  ],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    const pack = await OoxmlPackage.open(part.source, context.budget);
    yield* readPackageNotes(pack);
    const main = await mainPart(pack);
    const format = main === null ? null : formatOf(pack, main);
    if (main !== null && format === 'workbook') yield* readXlsx(pack, main, context);
    else if (main !== null && format === 'document') yield* readDocx(pack, main, context);
    else if (main !== null && format === 'presentation') yield* readPptx(pack, main, context);
    else if (main === null)
      yield {
        kind: 'incomplete',
        step: 'main document',
        reason: 'corrupt',
        detail: 'the package names no main document',
      };
    yield* readRest(pack);
  },
};

/** The part the package's relationships name as its document; where they are missing, the usual names. */
async function mainPart(pack: OoxmlPackage): Promise<string | null> {
  const named = (await pack.relationships('')).find((one) => one.kind === 'officeDocument')?.target;
  const usual = ['xl/workbook.xml', 'word/document.xml', 'ppt/presentation.xml'];
  return [named, ...usual].find((name) => name !== undefined && pack.has(name)) ?? null;
}

function formatOf(pack: OoxmlPackage, main: string): 'workbook' | 'document' | 'presentation' | null {
  const said = `${pack.contentType(main)} ${main.slice(main.lastIndexOf('/') + 1)}`;
  if (/spreadsheetml|ms-excel|workbook\.xml$/i.test(said)) return 'workbook';
  if (/wordprocessingml|ms-word|document\d*\.xml$/i.test(said)) return 'document';
  return /presentationml|ms-powerpoint|presentation\.xml$/i.test(said) ? 'presentation' : null;
}
