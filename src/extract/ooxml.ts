import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { OoxmlPackage } from './ooxml-package.ts';
import { readPackageNotes, readRest } from './ooxml-rest.ts';
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
    if (main !== null && isWorkbook(pack, main)) yield* readXlsx(pack, main, context);
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

function isWorkbook(pack: OoxmlPackage, main: string): boolean {
  return /spreadsheetml|ms-excel/.test(pack.contentType(main)) || /workbook\.xml$/i.test(main);
}
