import { ownValue } from '../core/own-value.ts';
import type { OoxmlPackage } from './ooxml-package.ts';

export interface SheetEntry {
  readonly name: string;
  /** Id of the relationship to the sheet's part. */
  readonly relation: string;
  /** Hidden or very hidden: the second cannot be shown from the program's menus at all. */
  readonly isHidden: boolean;
  readonly state: 'hidden' | 'very hidden' | null;
}

export interface Workbook {
  readonly sheets: readonly SheetEntry[];
  readonly date1904: boolean;
  /** Defined names with what they stand for, comments on them, and who last had the file open. */
  readonly words: readonly string[];
}

const STATES: Readonly<Record<string, SheetEntry['state']>> = { hidden: 'hidden', veryHidden: 'very hidden' };

/** Reads `workbook.xml`; takes it. */
export async function readWorkbook(pack: OoxmlPackage, name: string): Promise<Workbook> {
  const sheets: SheetEntry[] = [];
  const words: string[] = [];
  let date1904 = false;
  let definedName = '';
  await pack.readXml(name, {
    open(element, attributes) {
      switch (element) {
        case 'sheet':
          sheets.push({
            name: attributes.get('name') ?? `sheet ${sheets.length + 1}`,
            relation: attributes.get('id') ?? '',
            isHidden: (attributes.get('state') ?? 'visible') !== 'visible',
            state: ownValue(STATES, attributes.get('state') ?? '') ?? null,
          });
          break;
        case 'workbookPr':
          // Excel repeats the element among its extensions, without the day that dates are counted from.
          date1904 ||= /^(1|true)$/.test(attributes.get('date1904') ?? '');
          break;
        case 'definedName':
          definedName = attributes.get('name') ?? '';
          for (const key of ['comment', 'description', 'help', 'statusBar', 'customMenu'])
            addWord(words, attributes.get(key));
          break;
        case 'absPath':
          addWord(words, attributes.get('url'));
          break;
        case 'fileSharing':
        case 'fileVersion':
          addWord(words, attributes.get('userName'));
          break;
      }
    },
    text(text) {
      // Built-in names (print areas, filter ranges) are the program's own.
      if (text.trim() === '') return;
      if (definedName === '' || !definedName.startsWith('_xlnm.')) words.push(`${definedName} ${text}`.trim());
    },
    close(element) {
      if (element === 'definedName') definedName = '';
    },
  });
  return { sheets, date1904, words };
}

function addWord(words: string[], word: string | undefined): void {
  if (word !== undefined && word.trim() !== '') words.push(word);
}
