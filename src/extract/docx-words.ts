import { drawnName } from './drawn-name.ts';
import type { XmlAttributes } from './xml-reader.ts';

/** Attributes that people write, on any element. */
const WORDS: readonly string[] = ['descr', 'title', 'alt', 'tooltip'];
/** What stands for a control's own text: placeholders, document variables, list entries, the default of a form field. */
const VALUES: ReadonlySet<string> = new Set([
  'alias',
  'tag',
  'docVar',
  'listItem',
  'listEntry',
  'statusText',
  'helpText',
  'attr',
  'tblCaption',
  'tblDescription',
]);
/** Who is asked to sign, and what the signer is told. */
const SIGNER: readonly string[] = [
  'suggestedsigner',
  'suggestedsigner2',
  'suggestedsigneremail',
  'signinginstructions',
];
/** Elements by whose name the reader knows who changed the text. */
const CHANGES: ReadonlySet<string> = new Set(['ins', 'del', 'moveFrom', 'moveTo', 'annotation']);

/** What people wrote into the attributes of a document's element, whose parent is `parent`. */
export function wordsOf(name: string, attributes: XmlAttributes, parent: string): readonly string[] {
  const found: string[] = [];
  const take = (key: string): void => {
    const value = attributes.get(key);
    if (value !== undefined && value.trim() !== '') found.push(value);
  };
  for (const word of WORDS) take(word);
  if (VALUES.has(name)) for (const key of ['name', 'val', 'displayText', 'value']) take(key);
  if (CHANGES.has(name)) take('author');
  switch (name) {
    case 'textpath':
      take('string');
      break;
    case 'fldSimple':
      take('instr');
      break;
    case 'format':
    case 'entryMacro':
    case 'exitMacro':
      if (parent === 'textInput' || parent === 'ffData') take('val');
      break;
    case 'date':
      // The day that a date field stands for, which it may show in any way.
      if (parent === 'sdtPr') take('fullDate');
      break;
    case 'dateFormat':
      take('val');
      break;
    case 'default':
      if (parent === 'textInput') take('val');
      break;
    case 'name':
      if (parent === 'ffData') take('val');
      break;
    case 'hyperlink':
      if (!attributes.get('anchor')?.startsWith('_')) take('anchor');
      break;
    case 'hlink':
      take('dest');
      break;
    case 'signatureline':
      for (const key of SIGNER) take(key);
      break;
    case 'bookmarkStart':
      if (!attributes.get('name')?.startsWith('_')) take('name');
      break;
    case 'docPr':
    case 'cNvPr':
      if (drawnName(attributes.get('name')) !== undefined) take('name');
      break;
    default:
      // Drawings of older programs carry their links themselves.
      if (!attributes.get('href')?.startsWith('#')) take('href');
  }
  return found;
}

/** Who made a comment, as said before it; '' where nobody is named. */
export function authorOf(attributes: XmlAttributes): string {
  const author = attributes.get('author')?.trim() ?? '';
  const initials = attributes.get('initials')?.trim() ?? '';
  if (author === '') return '';
  return initials === '' || initials === author ? `${author}: ` : `${author} (${initials}): `;
}
