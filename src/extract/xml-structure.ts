/** Elements whose text the program writes: positions, counts, identifiers. */
const STRUCTURAL: ReadonlySet<string> = new Set([
  ...['col', 'colOff', 'row', 'rowOff', 'posOffset', 'pctWidth', 'pctHeight', 'pctPosHOffset', 'pctPosVOffset'],
  ...['Anchor', 'Row', 'Column', 'AutoFill', 'AutoLine', 'MoveWithCells', 'SizeWithCells', 'Visible', 'tableStyleId'],
  ...['TotalTime', 'Pages', 'Words', 'Characters', 'CharactersWithSpaces', 'Lines', 'Paragraphs', 'DocSecurity', 'i4'],
  ...['ScaleCrop', 'LinksUpToDate', 'SharedDoc', 'HyperlinksChanged', 'AppVersion', 'Slides', 'Notes', 'HiddenSlides'],
  ...[
    'MMClips',
    'revision',
    'align',
    'f',
    'HeadingPairs',
    'PrintObject',
    'Locked',
    'DDE',
    'CF',
    'TextHAlign',
    'TextVAlign',
  ],
  ...[
    'Val',
    'Min',
    'Max',
    'Inc',
    'Page',
    'Dx',
    'formatCode',
    'LockText',
    'Map',
    'FmlaMacro',
    'NoThreeD',
    'FirstButton',
  ],
]);
const VALUE =
  /^(-?[\d.]+([,\s]+-?[\d.]+)*|true|false|t|f|\{[0-9A-F-]{36}\}|left|right|center|top|bottom|inside|outside|pict\w*|General|[#0.,%;@_()*\-E+\s]+|'?[^'!<>]{0,80}'?!\$?[A-Z]{1,3}\$?\d+(:\$?[A-Z]{1,3}\$?\d+)?)$/i;

/** Whether text is the program's and nobody's words: both the element and the shape of the value must say so. */
export function isStructure(element: string, text: string): boolean {
  return STRUCTURAL.has(element) && VALUE.test(text.trim());
}
