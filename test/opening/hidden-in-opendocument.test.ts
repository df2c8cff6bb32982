import { incompleteParts } from '../../src/core/part.ts';
import { makeOdf } from './make-office.ts';
import { makeZip } from './make-zip.ts';
import { allText, openBytes } from './open-bytes.ts';

const page = (body: string): string =>
  `<office:presentation><draw:page draw:name="Opening">${body}</draw:page></office:presentation>`;
const sheet = (cells: string): string =>
  `<table:table table:name="Rents"><table:table-row>${cells}</table:table-row></table:table>`;

const cases: readonly (readonly [what: string, file: () => Buffer, shown: readonly string[]])[] = [
  [
    'a sentence in spans, with spaces, tabs and line breaks',
    () =>
      makeOdf(
        'text',
        '<text:p>The <text:span>rate</text:span><text:s text:c="2"/>was<text:tab/>74.0<text:line-break/>per cent</text:p>',
      ),
    ['The rate was 74.0 per cent'],
  ],
  [
    'a note, and no number of it in the sentence',
    () =>
      makeOdf(
        'text',
        '<text:p>Rate of 74.0<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Seasonally adjusted</text:p></text:note-body></text:note> per cent</text:p>',
      ),
    ['Rate of 74.0 per cent', 'Seasonally adjusted'],
  ],
  [
    'a comment with who made it',
    () =>
      makeOdf(
        'text',
        '<text:p>a<office:annotation><dc:creator>Ann Other</dc:creator><dc:date>2016-01-01</dc:date><text:p>too early</text:p></office:annotation>b</text:p>',
      ),
    ['ab', 'too early', 'Ann Other'],
  ],
  [
    'what was deleted and who deleted it',
    () =>
      makeOdf(
        'text',
        '<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>Jo Bloggs</dc:creator></office:change-info><text:p>gone words</text:p></text:deletion></text:changed-region></text:tracked-changes><text:p>kept</text:p>',
      ),
    ['gone words', 'Jo Bloggs', 'kept'],
  ],
  [
    'headers and footers of first, left and other pages, in parts',
    () =>
      makeOdf('spreadsheet', sheet(''), {
        'styles.xml':
          '<s><style:master-page><style:header><style:region-left><text:p>Left head</text:p></style:region-left><style:region-center><text:p>Mid head</text:p></style:region-center></style:header><style:footer-first><text:p>First foot</text:p></style:footer-first><style:footer-left><text:p>Left foot</text:p></style:footer-left></style:master-page></s>',
      }),
    ['Left head', 'Mid head', 'First foot', 'Left foot'],
  ],
  [
    'what a presentation declares for its footers, and its master’s own text',
    () =>
      makeOdf(
        'presentation',
        `<presentation:footer-decl presentation:name="f">Draft figures</presentation:footer-decl>${page('<draw:frame><draw:text-box><text:p>Hello</text:p></draw:text-box></draw:frame>')}`,
        {
          'styles.xml':
            '<s><style:master-page><draw:frame><draw:text-box><text:p>On every slide</text:p></draw:text-box></draw:frame></style:master-page></s>',
        },
      ),
    ['Draft figures', 'Opening', 'Hello', 'On every slide'],
  ],
  [
    'shapes, groups, their titles and descriptions',
    () =>
      makeOdf(
        'graphics',
        page(
          '<draw:g><svg:title>Rectangle Title</svg:title><svg:desc>a blue background</svg:desc><draw:custom-shape draw:name="Rates, embargoed"><text:p>in the shape</text:p></draw:custom-shape><draw:line><text:p>on the line</text:p></draw:line></draw:g>',
        ),
      ),
    ['Rectangle Title', 'a blue background', 'Rates, embargoed', 'in the shape', 'on the line'],
  ],
  [
    'tables on a slide, a row a line',
    () =>
      makeOdf(
        'presentation',
        page(
          '<draw:frame><table:table><table:table-row><table:table-cell><text:p>A</text:p></table:table-cell><table:table-cell><text:p>B</text:p></table:table-cell></table:table-row></table:table></draw:frame>',
        ),
      ),
    ['A B'],
  ],
  [
    'forms: labels, values typed, choices',
    () =>
      makeOdf(
        'text',
        '<office:forms><form:form><form:text form:name="t" form:value="North East"/><form:listbox><form:option form:label="Rented" form:value="R1"/></form:listbox><form:checkbox form:label="I agree"/></form:form></office:forms><text:p>x</text:p>',
      ),
    ['North East', 'Rented', 'R1', 'I agree'],
  ],
  [
    'fields, variables and hidden text',
    () =>
      makeOdf(
        'text',
        '<text:user-field-decls><text:user-field-decl office:string-value="from a field"/></text:user-field-decls><text:p><text:hidden-text text:string-value="out of sight"/><text:placeholder>&lt;Name&gt;</text:placeholder></text:p>',
      ),
    ['from a field', 'out of sight', '<Name>'],
  ],
  [
    'links, bookmarks, and a link for mail',
    () =>
      makeOdf(
        'text',
        '<text:p><text:bookmark-start text:name="Figure_one"/><text:a xlink:href="mailto:press@office.example?subject=rates">write</text:a><text:a xlink:href="../annex.odt">annex</text:a></text:p>',
      ),
    ['Figure_one', 'mailto:press@office.example?subject=rates', '../annex.odt', 'write'],
  ],
  [
    'a phonetic guide after its base',
    () =>
      makeOdf(
        'text',
        '<text:p><text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>とうきょう</text:ruby-text></text:ruby>です</text:p>',
      ),
    ['東京 (とうきょう)です'],
  ],
  [
    'a sheet: its name, a comment, a validation’s list and messages, quoted words of a formula, names',
    () =>
      makeOdf(
        'spreadsheet',
        `<table:content-validations><table:content-validation table:condition='of:cell-content-is-in-list("Rented";"Owned")'><table:help-message table:title="Tenure"><text:p>Pick one</text:p></table:help-message></table:content-validation></table:content-validations>${sheet(`<table:table-cell table:formula='of:=IF(1;"";"unseen words")'><office:annotation><dc:creator>Ann Other</dc:creator><text:p>check this</text:p></office:annotation><text:p>12.5%</text:p></table:table-cell><table:table-cell office:value="0.745"><text:p>74.5%</text:p></table:table-cell>`)}<table:named-expressions><table:named-range table:name="AllRents" table:cell-range-address="Rents.A1"/></table:named-expressions>`,
      ),
    [
      'Rents',
      '12.5% 74.5%',
      'check this',
      'Ann Other',
      '"Rented";"Owned"',
      'Pick one',
      'Tenure',
      'unseen words',
      'AllRents',
    ],
  ],
  [
    'user-defined properties by their names',
    () =>
      makeOdf('text', '<text:p>x</text:p>', {
        'meta.xml':
          '<office:document-meta><office:meta><dc:title>Rents</dc:title><meta:keyword>homes</meta:keyword><meta:user-defined meta:name="Editor">Bart H</meta:user-defined><meta:template xlink:title="House style" xlink:href="/t/house.ott"/></office:meta></office:document-meta>',
      }),
    ['title: Rents', 'keyword: homes', 'Editor: Bart H', 'House style'],
  ],
  [
    'a formula, a chart and a text inside',
    () =>
      makeOdf('text', '<text:p>x</text:p>', {
        'Object 1/content.xml':
          '<office:document-content><office:chart><chart:chart><chart:title><text:p>Rents rose</text:p></chart:title><table:table><table:table-row><table:table-cell><text:p>North</text:p></table:table-cell><table:table-cell><text:p>412</text:p></table:table-cell></table:table-row></table:table></chart:chart></office:chart></office:document-content>',
        'Object 2/content.xml':
          '<math><semantics><mrow><mi>rate</mi></mrow><annotation>rate = employed over all</annotation></semantics></math>',
      }),
    ['Rents rose', 'North 412', 'rate = employed over all'],
  ],
  [
    'a macro’s source',
    () =>
      makeOdf('text', '<text:p>x</text:p>', {
        'Basic/Standard/Module1.xml':
          '<script:module script:name="Module1">Sub Main\nMsgBox &quot;Hello figures&quot;\nEnd Sub</script:module>',
      }),
    ['MsgBox "Hello figures"'],
  ],
  [
    'a text of OpenOffice.org 1',
    () =>
      makeZip([
        { name: 'mimetype', content: 'application/vnd.sun.xml.writer' },
        {
          name: 'content.xml',
          content:
            '<office:document-content><office:body><text:p>An older <text:span>text</text:span></text:p></office:body></office:document-content>',
        },
      ]),
    ['An older text'],
  ],
  [
    'slides written flat',
    () =>
      Buffer.from(
        `<?xml version="1.0"?><office:document office:mimetype="application/vnd.oasis.opendocument.presentation"><office:body>${page('<draw:frame><text:p>A flat slide</text:p></draw:frame><presentation:notes><draw:frame><text:p>to say</text:p></draw:frame></presentation:notes>')}</office:body></office:document>`,
      ),
    ['A flat slide', 'to say'],
  ],
  [
    'a book: its title, contents and chapters',
    () =>
      makeZip([
        { name: 'mimetype', content: 'application/epub+zip' },
        {
          name: 'META-INF/container.xml',
          content: '<container><rootfiles><rootfile full-path="OEBPS/content.opf"/></rootfiles></container>',
        },
        {
          name: 'OEBPS/content.opf',
          content:
            '<?xml version="1.0"?><package><metadata><dc:title>Rents in a year</dc:title><dc:creator>Jo Bloggs</dc:creator><dc:publisher>Example Office</dc:publisher></metadata></package>',
        },
        {
          name: 'OEBPS/toc.ncx',
          content:
            '<?xml version="1.0"?><ncx><navMap><navPoint><navLabel><text>Chapter of rents</text></navLabel></navPoint></navMap></ncx>',
        },
        {
          name: 'OEBPS/one.xml',
          content:
            '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>One</title></head><body><p>It was a <em>bright</em> cold day</p></body></html>',
        },
      ]),
    ['Rents in a year', 'Jo Bloggs', 'Example Office', 'Chapter of rents', 'It was a bright cold day'],
  ],
];

describe('an OpenDocument file or a book is read as it shows', () => {
  it.each(cases)('with %s', async (_, file, shown) => {
    const opened = await openBytes(file(), { name: 'file', everyCell: true });
    const text = allText(opened).replace(/\s+/g, ' ');
    for (const one of shown) expect(text).toContain(one);
    expect(incompleteParts(opened)).toEqual([]);
  });
});
