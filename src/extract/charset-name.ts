import { ownValue } from '../core/own-value.ts';

/** Names senders use that no decoder knows, and what they mean; empty for those that say nothing. */
const ALIASES: Readonly<Record<string, string>> = {
  unknown: '',
  'unknown-8bit': '',
  'x-unknown': '',
  'unknown-7bit': '',
  '8bit': '',
  '7bit': '',
  binary: '',
  none: '',
  default: '',
  ansi: '',
  'x-user-defined': '',
  utf8: 'utf-8',
  utf8mb4: 'utf-8',
  'utf-8mb4': 'utf-8',
  'unicode-1-1-utf-8': 'utf-8',
  'x-unicode-2-0-utf-8': 'utf-8',
  cp65001: 'utf-8',
  'unicode-1-1-utf-7': 'utf-7',
  'x-unicode-2-0-utf-7': 'utf-7',
  ascii: 'us-ascii',
  iso646: 'us-ascii',
  646: 'us-ascii',
  'iso646-us': 'us-ascii',
  'x-ia5': 'us-ascii',
  'iso-8859-8-i': 'iso-8859-8',
  'iso-8859-8-e': 'iso-8859-8',
  'ansi_x3.110-1983': 'iso-8859-1',
  'iso-latin-1': 'iso-8859-1',
  'x-gbk': 'gbk',
  'ks_c_5601-1987': 'euc-kr',
  uhc: 'euc-kr',
  'x-windows-949': 'euc-kr',
  'cp-949': 'euc-kr',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  'iso-2022-jp-3': 'iso-2022-jp',
  'iso-2022-jp-2004': 'iso-2022-jp',
  'iso-2022-jp-ms': 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  jis: 'iso-2022-jp',
  csiso2022kr: 'iso-2022-kr',
  hz: 'hz-gb-2312',
  'iso-2022-cn-ext': 'iso-2022-cn',
  'x-mac-roman': 'macintosh',
  'x-mac-ce': 'maccenteuro',
  'x-mac-centraleurroman': 'maccenteuro',
  'x-mac-greek': 'macgreek',
  'x-mac-turkish': 'macturkish',
  'x-mac-icelandic': 'maciceland',
  'x-mac-romanian': 'macromania',
  'x-mac-croatian': 'maccroatian',
  'x-mac-japanese': 'shift_jis',
  'x-mac-korean': 'euc-kr',
  'x-mac-chinesetrad': 'big5',
  'x-mac-chinesesimp': 'gbk',
  'x-euc-tw': 'big5',
  cp037: 'ebcdic-037',
  ibm037: 'ebcdic-037',
  'ebcdic-cp-us': 'ebcdic-037',
  cp500: 'ebcdic-500',
  ibm500: 'ebcdic-500',
  'ebcdic-cp-be': 'ebcdic-500',
  cp1047: 'ebcdic-1047',
  ibm1047: 'ebcdic-1047',
};

/** How a charset is written by those who do not look it up: `charset="win-1251"`, `8859-1`, `utf 8`, `windows-1252http`. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/^(?:utf|unicode)[-_ ]?8(?![0-9])/, 'utf-8'],
  [/^(?:x-)?(?:windows|window|win|ms-?win|cp|x-cp|ms)[-_ ]?(125[0-8]|874)(?![0-9])/, 'windows-$1'],
  [/^(?:iso)?[-_ ]?8859[-_ ]?(1[0-6]|[1-9])(?![0-9])/, 'iso-8859-$1'],
  [/^latin[-_ ]?1$/, 'iso-8859-1'],
  [/^koi8[-_ ]?([ru])$/, 'koi8-$1'],
];

/** The usual name of a charset, whatever the sender called it; empty where the name says nothing. */
export function charsetName(declared: string): string {
  const lower = declared
    .trim()
    .toLowerCase()
    .replace(/^charset\s*=\s*/, '')
    .replace(/^["'<]+|["'>;,.]+$/g, '')
    .replace(/\*.*$/, '')
    .trim();
  const alias = ownValue(ALIASES, lower);
  if (alias !== undefined) return alias;
  for (const [shape, name] of SHAPES)
    if (shape.test(lower)) return lower.replace(shape, name).replace(/(?<=\d|[ru])[^-\d].*$/, '');
  return lower;
}
