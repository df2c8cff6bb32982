/** Where the text of an RTF group goes. `none`: tables of fonts, colours and the like, and what Word repeats. */
export type RtfTarget = 'text' | 'metadata' | 'fields' | 'html' | 'object' | 'picture' | 'font' | 'none';

const listed = (target: RtfTarget, words: string): [string, RtfTarget][] =>
  words.split(' ').map((word) => [word, target]);

/** Destinations by their control word. Word 2007 RTF Specification 1.9.1. */
export const RTF_DESTINATIONS: Readonly<Record<string, RtfTarget>> = Object.fromEntries([
  ...listed(
    'none',
    'colortbl stylesheet listtable listoverridetable rsidtbl generator themedata colorschememapping latentstyles datastore xmlnstbl filetbl revtbl panose blipuid blipuid mmathPr wgrffmtfilter pgptbl objclass objname objtime listlevel levelnumbers leveltext bkmkstart bkmkend nonshppict pnseclvl ftnsep ftnsepc aftnsep aftnsepc aftncn ftncn fchars lchars falt sp sn svb defchp defpap',
  ),
  ...listed('font', 'fonttbl'),
  ...listed(
    'metadata',
    'info title subject author manager company operator category keywords comment doccomm hlinkbase userprops propname staticval linkval atnid atnauthor atnref atntime',
  ),
  ...listed(
    'text',
    'header headerl headerr headerf footer footerl footerr footerf footnote annotation shptxt shprslt shpinst shp sv result fldrslt listtext pntext pntxta pntxtb txe ud upr objresult object dptxbxtext field',
  ),
  ...listed(
    'fields',
    'fldinst xe tc tcn datafield docvar formfield ffdeftext ffname fftype ffhelptext ffstattext ffl ffentrymcr ffexitmcr',
  ),
  ...listed('html', 'htmltag mhtmltag'),
  ...listed('object', 'objdata objalias'),
  ...listed('picture', 'pict'),
]);

/** Control words and symbols that stand for characters. */
export const RTF_SYMBOLS: Readonly<Record<string, string>> = {
  par: '\n',
  sect: '\n',
  page: '\n',
  line: '\n',
  column: '\n',
  softline: '\n',
  row: '\n',
  nestrow: '\n',
  tab: '\t',
  cell: '\t',
  nestcell: '\t',
  emdash: '—',
  endash: '–',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  '~': ' ',
  _: '-',
  '-': '',
  '\n': '\n',
  '\r': '\n',
  '{': '{',
  '}': '}',
  '\\': '\\',
};

/** `\fcharset` to code page. */
export const FONT_CHARSETS: Readonly<Record<number, string>> = {
  0: 'windows-1252',
  77: 'macintosh',
  128: 'shift_jis',
  129: 'euc-kr',
  130: 'cp1361',
  134: 'gbk',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
  254: 'cp437',
  255: 'cp850',
};
