import { incompleteParts } from '../../src/core/part.ts';
import { type DocumentParts, makeDocx } from './make-office.ts';
import { allText, openBytes } from './open-bytes.ts';

const run = (text: string): string => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;
const paragraph = (text: string, properties = ''): string => `<w:p><w:pPr>${properties}</w:pPr>${run(text)}</w:p>`;
const item = (text: string, level = 0, list = 1): string =>
  paragraph(text, `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${list}"/></w:numPr>`);
const level = (at: number, format: string, text: string, more = ''): string =>
  `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/>${more}</w:lvl>`;

/** A document with one list of the levels given, list 2 a second use of it that starts at 5. */
const list = (body: string, levels: string, styles = ''): DocumentParts => ({
  body,
  links: { r1: ['numbering', 'numbering.xml'], r2: ['styles', 'styles.xml'] },
  more: {
    'word/numbering.xml': `<w:numbering><w:abstractNum w:abstractNumId="7">${levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>`,
    'word/styles.xml': `<w:styles>${styles}</w:styles>`,
  },
});
const outline = level(0, 'decimal', '%1.') + level(1, 'lowerLetter', '%1.%2)') + level(2, 'upperRoman', '%3');

const cases: readonly (readonly [what: string, parts: DocumentParts, shown: readonly string[]])[] = [
  ['numbers of a list', list(item('first') + item('second'), outline), ['1. first', '2. second']],
  [
    'levels, begun anew under each item above',
    list([item('a'), item('b', 1), item('c', 1), item('d'), item('e', 1)].join(''), outline),
    ['1.a) b', '1.b) c', '2. d', '2.a) e'],
  ],
  ['a level that was skipped', list(item('deep', 2) + item('deeper', 2), outline), ['I deep', 'II deeper']],
  [
    'a level that never restarts',
    list(
      [item('a'), item('b', 1), item('c'), item('d', 1)].join(''),
      level(0, 'decimal', '%1.') + level(1, 'decimal', '(%2)', '<w:lvlRestart w:val="0"/>'),
    ),
    ['(1) b', '(2) d'],
  ],
  ['a list that starts over', list(item('a') + item('b', 0, 2) + item('c', 0, 2), outline), ['1. a', '5. b', '6. c']],
  [
    'legal numbers',
    list(item('a') + item('b', 1), level(0, 'upperRoman', '%1') + level(1, 'decimal', '%1.%2', '<w:isLgl/>')),
    ['I a', '1.1 b'],
  ],
  [
    'ordinals and zeros',
    list(item('a') + item('b', 1), level(0, 'ordinal', '%1 of') + level(1, 'decimalZero', '%2')),
    ['1st of a', '01 b'],
  ],
  [
    'a number that the paragraph’s style gives',
    list(
      paragraph('headline', '<w:pStyle w:val="Sub"/>'),
      outline,
      '<w:style w:styleId="Head"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:styleId="Sub"><w:basedOn w:val="Head"/></w:style>',
    ),
    ['1. headline'],
  ],
  ['bullets without their sign', list(item('point'), level(0, 'bullet', 'o')), ['point']],
  ['a number in a cell', list(`<w:tbl><w:tr><w:tc>${item('cell')}</w:tc></w:tr></w:tbl>`, outline), ['1. cell']],
  [
    'a dropped capital and its word',
    { body: paragraph('D', '<w:framePr w:dropCap="drop"/>') + paragraph('rop caps begin') },
    ['Drop caps begin'],
  ],
  [
    'letters shown as capitals, and those after them',
    {
      body: `<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>rates of </w:t></w:r><w:r><w:rPr><w:caps w:val="0"/></w:rPr><w:t>Rent</w:t></w:r></w:p>`,
    },
    ['RATES OF Rent', 'rates of Rent'],
  ],
  [
    'what a signature line asks of its signer',
    {
      body: '<w:p><w:r><w:pict><v:shape><o:signatureline o:suggestedsigner="A. Signer" o:suggestedsigner2="Head of prices" o:suggestedsigneremail="signer@stats.example" o:signinginstructions="Check the rate first"/></v:shape></w:pict></w:r></w:p>',
    },
    ['A. Signer', 'Head of prices', 'signer@stats.example', 'Check the rate first'],
  ],
  [
    'a phonetic guide after its base',
    {
      body: `<w:p><w:r><w:ruby><w:rt>${run('とうきょう')}</w:rt><w:rubyBase>${run('東京')}</w:rubyBase></w:ruby></w:r>${run('です')}</w:p>`,
    },
    ['東京 (とうきょう)です'],
  ],
  [
    'boxes to tick',
    {
      body: `<w:p>${run('Agreed: ')}<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="Consent"/><w:checkBox><w:sizeAuto/><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r></w:p>`,
    },
    ['Agreed: |X|', 'Consent'],
  ],
  [
    'a form field’s list, help and default',
    {
      body: '<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:helpText w:type="text" w:val="Give the region"/><w:textInput><w:default w:val="North East"/></w:textInput><w:ddList><w:listEntry w:val="Rented"/></w:ddList></w:ffData></w:fldChar></w:r></w:p>',
    },
    ['Give the region', 'North East', 'Rented'],
  ],
  [
    'content controls: label, placeholder, choices, what was chosen',
    {
      body: `<w:sdt><w:sdtPr><w:alias w:val="Tenure"/><w:tag w:val="tenure-code"/><w:dropDownList><w:listItem w:displayText="Social rent" w:value="SR"/></w:dropDownList></w:sdtPr><w:sdtContent>${paragraph('Social rent here')}</w:sdtContent></w:sdt>`,
    },
    ['Tenure', 'tenure-code', 'Social rent', 'SR', 'Social rent here'],
  ],
  [
    'a field’s code apart from its result, one in the other',
    {
      body: `<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>IF </w:instrText><w:fldChar w:fldCharType="begin"/><w:instrText>MERGEFIELD Rent</w:instrText><w:fldChar w:fldCharType="end"/><w:instrText>&gt; 400</w:instrText><w:fldChar w:fldCharType="separate"/></w:r>${run('high')}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`,
    },
    ['high', 'IF MERGEFIELD Rent > 400'],
  ],
  [
    'who wrote a comment, and who changed what',
    {
      body: `<w:p><w:ins w:author="Ann Other">${run('new')}</w:ins></w:p>`,
      links: { r1: ['comments', 'comments.xml'] },
      more: {
        'word/comments.xml': `<w:comments><w:comment w:author="Jo Bloggs" w:initials="JB">${paragraph('too early')}</w:comment></w:comments>`,
      },
    },
    ['Jo Bloggs (JB): too early', 'Ann Other'],
  ],
  [
    'moved text, where it went and where it was',
    {
      body: `<w:p>${run('kept ')}<w:moveFrom w:author="A">${run('gone away')}</w:moveFrom></w:p><w:p><w:moveTo w:author="A">${run('gone away')}</w:moveTo></w:p>`,
    },
    ['kept gone away'],
  ],
  [
    'a fraction with its line',
    {
      body: '<w:p><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>',
    },
    ['1/2'],
  ],
  [
    'links of shapes, bookmarks and anchors',
    {
      body: `<w:p><w:bookmarkStart w:name="Figure_rate"/><w:hyperlink w:anchor="Target_here" w:tooltip="Look there">${run('x')}</w:hyperlink><w:pict><v:shape href="http://shape.example/link" alt="A drawing"/></w:pict></w:p>`,
    },
    ['Figure_rate', 'Target_here', 'Look there', 'http://shape.example/link', 'A drawing'],
  ],
  [
    'the file a picture came from',
    { body: '<w:p><w:r><w:drawing><wp:docPr id="1" name="rates-2016.png"/></w:drawing></w:r></w:p>' },
    ['rates-2016.png'],
  ],
  [
    'a template and a chapter elsewhere',
    {
      links: { r1: ['subDocument', 'http://elsewhere.example/chapters/two.docx'] },
      more: {
        'word/_rels/settings.xml.rels':
          '<Relationships><Relationship Id="r1" Type="x/attachedTemplate" Target="http://elsewhere.example/a.dotx" TargetMode="External"/></Relationships>',
        'word/settings.xml': '<w:settings/>',
      },
    },
    ['http://elsewhere.example/chapters/two.docx', 'http://elsewhere.example/a.dotx'],
  ],
  [
    'three places of a header apart',
    {
      links: { r1: ['header', 'header1.xml'] },
      more: {
        'word/header1.xml': `<w:hdr><w:p>${run('First')}<w:r><w:tab/></w:r>${run('Mid')}<w:r><w:ptab/></w:r>${run('Right')}</w:p></w:hdr>`,
      },
    },
    ['First Mid Right'],
  ],
  [
    'art of words, and what a soft hyphen joins',
    {
      body: `<w:p><w:r><w:pict><v:shape><v:textpath string="Red Word Art"/></v:shape></w:pict></w:r>${run('optional')}<w:r><w:softHyphen/></w:r>${run('hyphen')}</w:p>`,
    },
    ['Red Word Art', 'optionalhyphen'],
  ],
  [
    'properties by their names',
    {
      more: {
        'docProps/core.xml':
          '<cp:coreProperties><dc:title>Rents</dc:title><cp:lastModifiedBy>Jo Bloggs</cp:lastModifiedBy></cp:coreProperties>',
        'docProps/app.xml':
          '<Properties><Company>Example Office</Company><TitlesOfParts><vt:vector><vt:lpstr>Annex</vt:lpstr></vt:vector></TitlesOfParts></Properties>',
        'docProps/custom.xml':
          '<Properties><property name="Checked by"><vt:lpwstr>Ann Other</vt:lpwstr></property><property name="Edition"><vt:i4>3</vt:i4></property></Properties>',
      },
    },
    [
      'title: Rents',
      'lastModifiedBy: Jo Bloggs',
      'Company: Example Office',
      'TitlesOfParts: Annex',
      'Checked by: Ann Other',
      'Edition: 3',
    ],
  ],
];

describe('a Word document is read as it shows', () => {
  it.each(cases)('with %s', async (_, parts, shown) => {
    const opened = await openBytes(makeDocx(parts), { name: 'a.docx' });
    const text = allText(opened).replace(/\s+/g, ' ');
    for (const one of shown) expect(text).toContain(one);
    expect(incompleteParts(opened)).toEqual([]);
  });

  it('shows no number where a list is not defined, nor for a hostile level', async () => {
    const body = item('plain', 0, 99) + item('far', 2_000_000_000);
    const opened = await openBytes(makeDocx(list(body, outline + level(2_000_000_000, 'decimal', '%1.'))));
    expect(allText(opened)).toContain('plain\nfar');
  });
});
