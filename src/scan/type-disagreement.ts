import { ownValue } from '../core/own-value.ts';

/** Extensions whose files are of one type only, with what `detect-type` calls that type. */
const EXTENSIONS: Readonly<Record<string, RegExp>> = {
  pdf: /pdf/,
  png: /^image\//,
  jpg: /^image\//,
  jpeg: /^image\//,
  gif: /^image\//,
  xlsx: /spreadsheet|encrypted-package|excel/,
  xls: /excel|spreadsheet|encrypted-package|html|csv|dbf|sylk|dif/,
  docx: /wordprocessing|encrypted-package/,
  doc: /msword|rtf|wordprocessing|word|html|encrypted-package/,
  pptx: /presentation|encrypted-package/,
  zip: /zip|officedocument|opendocument/,
  gz: /gzip/,
  '7z': /7z/,
  rar: /rar/,
  csv: /^text\//,
  txt: /^text\/|json|xml|mbox|rfc822/,
  html: /html|xml/,
  rtf: /rtf/,
  eml: /rfc822|mbox|^text\//,
};

/** Declared types too vague or too often wrong to mean anything. */
const VAGUE = /^(application\/(octet-stream|x-download|download|force-download|binary|unknown)|text\/plain)$/;

/** A line of text where a name or a declared type disagrees with the content; null where nothing does. */
export function disagreement(name: string | null, declaredType: string | null, type: string): string | null {
  const extension = name === null ? null : /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase();
  const expected = extension == null ? undefined : ownValue(EXTENSIONS, extension);
  if (expected !== undefined && !expected.test(type)) return `The name ends in .${extension}, the content is ${type}.`;
  if (declaredType === null || VAGUE.test(declaredType) || declaredType === type) return null;
  const family = (one: string): string => one.slice(0, one.indexOf('/'));
  const media = /^(image|audio|video)$/;
  if (media.test(family(declaredType)) !== media.test(family(type)))
    return `Declared as ${declaredType}, the content is ${type}.`;
  return null;
}
