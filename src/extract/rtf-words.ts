/**
 * What an RTF group is for. `text`: its text flows on where it stands; `aside`: text beside the running text; `ansi` and
 * `unicode`: the same words twice; `name` and `value`: a shape's property; `none`: tables of fonts, colours and the like.
 */
export type RtfTarget =
  | 'text'
  | 'aside'
  | 'metadata'
  | 'fields'
  | 'html'
  | 'object'
  | 'picture'
  | 'font'
  | 'ansi'
  | 'unicode'
  | 'name'
  | 'value'
  | 'date'
  | 'none';

const listed = (target: RtfTarget, words: string): [string, RtfTarget][] =>
  words.split(' ').map((word) => [word, target]);

/** Destinations by their control word. Word 2007 RTF Specification 1.9.1. */
export const RTF_DESTINATIONS: Readonly<Record<string, RtfTarget>> = Object.fromEntries([
  ...listed(
    'none',
    'colortbl stylesheet listtable listoverridetable rsidtbl themedata colorschememapping latentstyles datastore xmlnstbl filetbl revtbl panose blipuid mmathPr wgrffmtfilter pgptbl objtime listlevel levelnumbers leveltext bkmkend nonshppict pnseclvl ftnsep ftnsepc aftnsep aftnsepc aftncn ftncn fchars lchars pn pntxta pntxtb atnref atntime atrfstart atrfend pgdsctbl falt svb defchp defpap',
  ),
  ...listed('font', 'fonttbl'),
  ...listed(
    'metadata',
    'info title subject author manager company operator category keywords comment doccomm hlinkbase userprops propname staticval linkval generator',
  ),
  ...listed('date', 'creatim revtim printim buptim'),
  ...listed('text', 'result fldrslt listtext pntext objresult object field shp shpinst shprslt shpgrp'),
  ...listed(
    'aside',
    'header headerl headerr headerf footer footerl footerr footerf footnote annotation atnid atnauthor shptxt dptxbxtext',
  ),
  ...listed(
    'fields',
    'fldinst xe txe rxe tc tcn datafield docvar formfield ffdeftext ffname fftype ffhelptext ffstattext ffl ffentrymcr ffexitmcr bkmkstart objclass objname hl hlloc hlsrc hlfr mhtmltag',
  ),
  ...listed('html', 'htmltag'),
  ...listed('object', 'objdata objalias'),
  ...listed('picture', 'pict'),
  ...listed('ansi', 'upr'),
  ...listed('unicode', 'ud'),
  ...listed('name', 'sn'),
  ...listed('value', 'sv'),
]);

/** Control words and symbols that stand for characters. */
export const RTF_SYMBOLS: Readonly<Record<string, string>> = {
  par: '\n',
  sect: '\n',
  page: '\n',
  line: '\n',
  lbr: '\n',
  column: '\n',
  softline: '\n',
  softpage: '\n',
  row: '\n',
  nestrow: '\n',
  tab: '\t',
  cell: '\t',
  nestcell: '\t',
  emdash: '—',
  endash: '–',
  emspace: '\u2003',
  enspace: '\u2002',
  qmspace: '\u2005',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  '~': '\u00a0',
  _: '\u2011',
  '-': '\u00ad',
  '\n': '\n',
  '\r': '\n',
  '\t': '\t',
  '{': '{',
  '}': '}',
  '\\': '\\',
};

/** Signs of the fonts Symbol and Wingdings that lists are marked with. */
const SYMBOL_FONT: Readonly<Record<number, string>> = {
  61550: '■',
  61607: '▪',
  61608: '□',
  61623: '•',
  61656: '➢',
  61664: '→',
  61692: '✓',
};

/** Symbol fonts have their signs in the private area: bullets are shown as such, the rest as the letter of that key. */
export function symbolOf(code: number): string {
  if (code < 0xf020 || code > 0xf0ff) return String.fromCharCode(code);
  return SYMBOL_FONT[code] ?? (code < 0xf07f ? String.fromCharCode(code - 0xf000) : '•');
}

/** Properties of shapes and pictures with words in them: alternative text, word art, link targets. */
export const SPOKEN_SHAPE_PROPERTY = /^(wz|gtextUNICODE|pihlShape|pib)/;

/** Fonts of Windows 3.1 that say their charset in their name. */
export const FONT_NAME_CHARSETS: readonly (readonly [RegExp, string])[] = [
  [/ CE$/, 'windows-1250'],
  [/ Cyr$/, 'windows-1251'],
  [/ Greek$/, 'windows-1253'],
  [/ Tur$/, 'windows-1254'],
  [/ \(Hebrew\)$/, 'windows-1255'],
  [/ \(Arabic\)$/, 'windows-1256'],
  [/ Baltic$/, 'windows-1257'],
  [/ \(Vietnamese\)$/, 'windows-1258'],
];
