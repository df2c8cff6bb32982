import { type StoredEntry, storedZip } from './stored-zip.ts';

/** What the parts of a flat package were, and the text that stands outside of them. */
export interface FlatPackage {
  /** The same package zipped; null where it has no part. */
  readonly zip: Buffer | null;
  readonly outside: string;
}

/**
 * Turns an office document written as one XML file into the zip file it stands for, so that every part is read by the reader of
 * its kind. A part that is cut off ends where the file does.
 *
 * Source: ECMA-376's packages in the flat form of the Office applications (`http://schemas.microsoft.com/office/2006/xmlPackage`).
 */
export function unflatten(text: string): FlatPackage {
  const prefix = /<([\w.-]+:)?package[\s>]/.exec(text)?.[1] ?? '';
  const entries: StoredEntry[] = [];
  const types: string[] = [];
  const outside: string[] = [];
  const opening = `<${prefix}part`;
  let after = 0;
  for (let at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, after)) {
    outside.push(text.slice(after, at));
    const tagEnd = text.indexOf('>', at);
    const end = text.indexOf(`</${prefix}part>`, at);
    const stop = end < 0 ? text.length : end;
    after = end < 0 ? text.length : end + prefix.length + 7;
    if (tagEnd < 0 || tagEnd > stop) continue;
    const tag = text.slice(at, tagEnd);
    const name = attributeOf(tag, 'name').replace(/^\//, '') || `part ${entries.length + 1}.xml`;
    const type = attributeOf(tag, 'contentType');
    const bytes = contentOf(text.slice(tagEnd + 1, stop), prefix);
    entries.push({ name: Buffer.from(name), bytes });
    if (type !== '') types.push(`<Override PartName="/${name}" ContentType="${type}"/>`);
  }
  outside.push(text.slice(after));
  const list = { name: Buffer.from('[Content_Types].xml'), bytes: Buffer.from(`<Types>${types.join('')}</Types>`) };
  return {
    zip: entries.length === 0 ? null : storedZip([list, ...entries]),
    outside: outside
      .join('\n')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  };
}

/** A part's XML as it stands, or its base64 as bytes. */
function contentOf(inner: string, prefix: string): Buffer {
  const xml = between(inner, `${prefix}xmlData`);
  if (xml !== null) return Buffer.from(xml.trim());
  return Buffer.from(between(inner, `${prefix}binaryData`) ?? inner, 'base64');
}

function between(text: string, element: string): string | null {
  const open = text.indexOf(`<${element}`);
  if (open < 0) return null;
  const start = text.indexOf('>', open) + 1;
  const end = text.lastIndexOf(`</${element}`);
  return text.slice(start, end < start ? text.length : end);
}

function attributeOf(tag: string, name: string): string {
  return new RegExp(`[\\s:]${name}\\s*=\\s*["']([^"']*)["']`).exec(tag)?.[1] ?? '';
}
