import { incompleteParts } from '../../src/core/part.ts';
import { makeXlsx } from './make-office.ts';
import { makePdf, type PdfParts, revisePdf, shown } from './make-pdf.ts';
import { allText, openBytes, textByPath } from './open-bytes.ts';

/** Words planted in each place; no other part of a fixture says them. */
const WORDS = 'Employment rate at 74.0 per cent';
const workbook = makeXlsx({ rows: `<row><c t="str"><v>${WORDS}</v></c></row>` });
const utf16 = `<feff${Buffer.from(WORDS, 'utf16le').swap16().toString('hex')}>`;
const notes = (...list: readonly string[]): PdfParts => ({
  page: `/Annots[${list.map((_, at) => `${20 + at} 0 R`).join(' ')}]`,
  objects: Object.fromEntries(list.map((one, at) => [20 + at, `<</Type/Annot/Rect[50 50 150 80] ${one}>>`])),
});
const field = (entries: string): PdfParts => ({
  ...notes(`/Subtype/Widget/T(field) ${entries}`),
  catalog: '/AcroForm<</Fields[20 0 R]>>',
});
const appearance = {
  entries: '/Type/XObject/Subtype/Form/BBox[0 0 100 30]/Resources<</Font<</F1 5 0 R>>>>',
  bytes: shown(WORDS, 0, 10),
};
const xmp = (inner: string): PdfParts => ({
  catalog: '/Metadata 10 0 R',
  objects: {
    10: {
      entries: '/Type/Metadata/Subtype/XML',
      bytes: `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Description rdf:about="">${inner}</rdf:Description></rdf:RDF></x:xmpmeta>`,
    },
  },
});
const attached = {
  10: '<</Type/Filespec/F(b.xlsx)/EF<</F 11 0 R>>>>',
  11: { entries: '/Type/EmbeddedFile', bytes: workbook },
};

const places: readonly (readonly [place: string, parts: PdfParts])[] = [
  ['its text', { content: shown(WORDS) }],
  [
    'letters that kerning moves',
    { content: `BT /F1 12 Tf 50 700 Td [(Em) 30 (ploy) -20 (ment rate at 74.0 per cent)] TJ ET` },
  ],
  [
    'words spaced by steps, without a space',
    { content: `BT /F1 12 Tf 50 700 Td [(Employment) -300 (rate) -300 (at) -300 (74.0) -300 (per) -300 (cent)] TJ ET` },
  ],
  ['text turned by a quarter', { content: `BT /F1 12 Tf 0 1 -1 0 300 100 Tm (${WORDS}) Tj ET` }],
  [
    'a line written in pieces that do not follow each other',
    { content: shown('Employment rate at', 50) + shown('Other words', 50, 600) + shown('74.0 per cent', 158) },
  ],
  ['a word broken at a line’s end', { content: shown('Employ-', 50) + shown('ment rate at 74.0 per cent', 50, 685) }],
  ['white letters', { content: `1 1 1 rg ${shown(WORDS)}` }],
  ['letters that are not painted', { content: `BT 3 Tr /F1 12 Tf 50 700 Td (${WORDS}) Tj ET` }],
  ['letters beyond the page’s edge', { content: shown(WORDS, 50, 900) }],
  ['letters outside the crop box', { page: '/CropBox[0 0 300 300]', content: shown(WORDS) }],
  ['letters under a clip that shows nothing', { content: `q 0 0 1 1 re W n ${shown(WORDS)} Q` }],
  [
    'a hidden layer',
    {
      content: `/OC /L BDC ${shown(WORDS)} EMC`,
      page: '/Resources<</Font<</F1 5 0 R>>/Properties<</L 10 0 R>>>>',
      catalog: '/OCProperties<</OCGs[10 0 R]/D<</OFF[10 0 R]/Order[10 0 R]>>>>',
      objects: { 10: '<</Type/OCG/Name(Layer)>>' },
    },
  ],
  [
    'a form painted on the page',
    { content: '/X Do', page: '/Resources<</XObject<</X 10 0 R>>>>', objects: { 10: appearance } },
  ],
  ['a note’s contents', notes(`/Subtype/Text/Contents(${WORDS})`)],
  ['a note’s contents in UTF-16', notes(`/Subtype/Text/Contents${utf16}`)],
  ['a note’s author', notes(`/Subtype/Text/T(${WORDS})/Contents(x)`)],
  ['a hidden note', notes(`/Subtype/Text/F 2/Contents(${WORDS})`)],
  ['free text', notes(`/Subtype/FreeText/DA(/F1 12 Tf)/Contents(${WORDS})`)],
  ['a highlight’s comment', notes(`/Subtype/Highlight/QuadPoints[50 80 150 80 50 50 150 50]/Contents(${WORDS})`)],
  [
    'what a stamp paints',
    {
      ...notes('/Subtype/Stamp/AP<</N 30 0 R>>'),
      objects: { ...notes('/Subtype/Stamp/AP<</N 30 0 R>>').objects, 30: appearance },
    },
  ],
  ['a link’s address', notes('/Subtype/Link/A<</S/URI/URI(http://example.org/Employment rate at 74.0 per cent)>>')],
  ['a field’s value', field(`/FT/Tx/V(${WORDS})`)],
  ['a field’s default value', field(`/FT/Tx/DV(${WORDS})`)],
  ['a field’s tooltip', field(`/FT/Tx/TU(${WORDS})`)],
  ['a field’s options', field(`/FT/Ch/Opt[(a)[(b)(${WORDS})]]`)],
  [
    'a button’s caption',
    {
      ...field('/FT/Btn/Ff 65536/MK<</CA(x)>>/AP<</N 30 0 R>>'),
      objects: { ...field('/FT/Btn/Ff 65536/MK<</CA(x)>>/AP<</N 30 0 R>>').objects, 30: appearance },
    },
  ],
  ['the document’s properties', { trailer: '/Info 10 0 R', objects: { 10: `<</Subject(${WORDS})>>` } }],
  ['a property of its own name', { trailer: '/Info 10 0 R', objects: { 10: `<</Source(${WORDS})>>` } }],
  ['XMP', xmp(`<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${WORDS}</rdf:li></rdf:Alt></dc:description>`)],
  [
    'a bookmark',
    {
      catalog: '/Outlines 10 0 R',
      objects: {
        10: '<</Type/Outlines/First 11 0 R/Last 11 0 R/Count 1>>',
        11: `<</Title(${WORDS})/Parent 10 0 R/Dest[3 0 R/Fit]>>`,
      },
    },
  ],
  [
    'the address of a bookmark',
    {
      catalog: '/Outlines 10 0 R',
      objects: {
        10: '<</Type/Outlines/First 11 0 R/Last 11 0 R/Count 1>>',
        11: `<</Title(x)/Parent 10 0 R/A<</S/URI/URI(http://example.org/${WORDS})>>>>`,
      },
    },
  ],
  ['a page’s label', { catalog: `/PageLabels<</Nums[0<</P(${WORDS})>>]>>` }],
  [
    'the name of a layer',
    { catalog: '/OCProperties<</OCGs[10 0 R]/D<</Order[10 0 R]>>>>', objects: { 10: `<</Type/OCG/Name(${WORDS})>>` } },
  ],
  ['a page’s script', { page: `/AA<</O<</S/JavaScript/JS(var a = "${WORDS}";)>>>>` }],
  ['a field’s script', field(`/FT/Tx/AA<</K<</S/JavaScript/JS(var a = "${WORDS}";)>>>>`)],
  ['a signature’s reason', field(`/FT/Sig/V<</Type/Sig/Filter/Adobe.PPKLite/Reason(${WORDS})>>`)],
  [
    'an alternative text',
    {
      catalog: '/MarkInfo<</Marked true>>/StructTreeRoot 10 0 R',
      objects: {
        10: '<</Type/StructTreeRoot/K 11 0 R/ParentTree<</Nums[0[11 0 R]]>>>>',
        11: `<</Type/StructElem/S/Figure/P 10 0 R/Pg 3 0 R/K 0/Alt(${WORDS})>>`,
      },
      page: '/StructParents 0',
      content: `/Figure <</MCID 0>> BDC ${shown('x')} EMC`,
    },
  ],
  [
    'the text that a tag says stands there',
    {
      catalog: '/StructTreeRoot 10 0 R',
      objects: {
        10: '<</Type/StructTreeRoot/K 11 0 R>>',
        11: `<</Type/StructElem/S/Span/P 10 0 R/ActualText(${WORDS})>>`,
      },
    },
  ],
  ['an object that nothing refers to', { objects: { 20: `<</Type/Annot/Subtype/Text/Contents(${WORDS})>>` } }],
  [
    'an object stream',
    {
      objects: {
        20: {
          entries: '/Type/ObjStm/N 1/First 5',
          bytes: `21 0 <</Contents(Employment rate at 74.0\\040per \\\ncent)>>`,
        },
      },
    },
  ],
  [
    'the data of a form',
    {
      ...field('/FT/Tx'),
      catalog: '/AcroForm<</Fields[20 0 R]/XFA[(datasets)30 0 R]>>',
      objects: {
        ...field('/FT/Tx').objects,
        30: {
          entries: '',
          bytes: `<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><form><rate>${WORDS}</rate></form></xfa:data></xfa:datasets>`,
        },
      },
    },
  ],
  [
    'the properties of a picture',
    {
      page: '/Resources<</Font<</F1 5 0 R>>/XObject<</X 10 0 R>>>>',
      objects: {
        10: {
          entries:
            '/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Metadata 11 0 R',
          bytes: 'x',
        },
        11: {
          entries: '/Type/Metadata/Subtype/XML',
          bytes: `<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:title>${WORDS}</dc:title></x:xmpmeta>`,
        },
      },
    },
  ],
  ['a script', { catalog: `/OpenAction<</S/JavaScript/JS(var a = "${WORDS}";)>>` }],
  ['an attached file', { catalog: '/Names<</EmbeddedFiles<</Names[(b)10 0 R]>>>>', objects: attached }],
  [
    'the name that an attached file has in the list',
    {
      catalog: `/Names<</EmbeddedFiles<</Names[(${WORDS})10 0 R]>>>>`,
      objects: { ...attached, 11: { entries: '/Type/EmbeddedFile', bytes: 'plain' } },
    },
  ],
  [
    'a file for one kind of computer alone',
    {
      catalog: '/Names<</EmbeddedFiles<</Names[(b)10 0 R]>>>>',
      objects: {
        10: '<</Type/Filespec/F(b.txt)/EF<</F 11 0 R/Mac 12 0 R>>>>',
        11: { entries: '/Type/EmbeddedFile', bytes: 'plain' },
        12: { entries: '/Type/EmbeddedFile', bytes: workbook },
      },
    },
  ],
  ['a file that no list has any more', { objects: { 11: { entries: '/Type /EmbeddedFile', bytes: workbook } } }],
  [
    'a file attached at a note',
    {
      ...notes('/Subtype/FileAttachment/FS 10 0 R'),
      objects: { ...notes('/Subtype/FileAttachment/FS 10 0 R').objects, ...attached },
    },
  ],
  [
    'a portfolio',
    { catalog: '/Collection<</View/D>>/Names<</EmbeddedFiles<</Names[(b)10 0 R]>>>>', objects: attached },
  ],
];

describe('text hidden in a PDF is found', () => {
  it.each(places)('in %s', async (_, parts) => {
    const opened = await openBytes(makePdf(parts), { name: 'file' });
    expect(allText(opened).replace(/\s+/g, ' ')).toContain(WORDS);
    expect(incompleteParts(opened)).toEqual([]);
  });
});

describe('what an earlier state of a PDF said', () => {
  const first = makePdf({
    content: shown('Kept words') + shown(WORDS, 50, 600),
    page: '/Annots[20 0 R]',
    objects: { 20: '<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(A note that was deleted)>>' },
  });
  const second = revisePdf(first, {
    3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    4: { entries: '', bytes: shown('Kept words') },
  });

  it('is found where its page and its note were replaced', async () => {
    const opened = await openBytes(second);
    expect(textByPath(opened)).toMatchObject({
      'file › page 1': 'Kept words',
      'file › earlier state 1 › page 1': WORDS,
      'file › earlier state 1 › page 1 › notes': 'A note that was deleted',
    });
    expect(incompleteParts(opened)).toEqual([]);
  });

  it('is hidden text, and not said again where it stays', async () => {
    const earlier = (await openBytes(second)).parts.filter((part) => part.path.includes('earlier state'));
    expect(earlier.map((part) => part.content)).toEqual(
      earlier.map(() => expect.objectContaining({ kind: 'text', hidden: true })),
    );
    expect(allText(await openBytes(revisePdf(first, {})))).not.toContain('earlier');
  });
});

describe('letters that map to nothing', () => {
  const font = { 5: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[129/x1 /x2 /x3]>>>>' };

  it('leave a page incomplete where it cannot be looked at', async () => {
    const opened = await openBytes(makePdf({ content: shown('Employment \x81\x82\x83'), objects: font }));
    expect(incompleteParts(opened)).toEqual([{ path: 'file › page 1 › pictures', reason: 'unsupported' }]);
  });
});

/** A page that says the words, under the password `sw0rd`: AES of 256 bits, made by qpdf. */
const LOCKED = [
  'JVBERi0xLjcKJb/3ov4KMSAwIG9iago8PCAvRXh0ZW5zaW9ucyA8PCAvQURCRSA8PCAvQmFzZVZlcnNpb24gLzEuNyAvRXh0ZW5zaW9uTGV2ZW',
  'wgOCA+PiA+PiAvUGFnZXMgMyAwIFIgL1R5cGUgL0NhdGFsb2cgPj4KZW5kb2JqCjIgMCBvYmoKPDwgL1RpdGxlIDw1ODAyOTNjNzhmNjBiNjli',
  'NWE5MjU2MzE5NTNkM2VjZGYyNDhkMjdjNDA4Nzg4ZDYxOWFlMDU1ZGUyN2NlZmMzPiA+PgplbmRvYmoKMyAwIG9iago8PCAvQ291bnQgMSAvS2',
  'lkcyBbIDQgMCBSIF0gL1R5cGUgL1BhZ2VzID4+CmVuZG9iago0IDAgb2JqCjw8IC9Db250ZW50cyA1IDAgUiAvTWVkaWFCb3ggWyAwIDAgNjAw',
  'IDgwMCBdIC9QYXJlbnQgMyAwIFIgL1Jlc291cmNlcyA8PCAvRm9udCA8PCAvRjEgNiAwIFIgPj4gPj4gL1R5cGUgL1BhZ2UgPj4KZW5kb2JqCj',
  'UgMCBvYmoKPDwgL0ZpbHRlciAvRmxhdGVEZWNvZGUgL0xlbmd0aCA5NiA+PgpzdHJlYW0K1VAvu2SOshTw3gSawDxpdWGa6NPS6S2IEloCYqVo',
  'D5I0AyQW76CMzCxV3ZkwXylCIMGd/gzlNQJ/CB+mO8GNyBFf4rZPURcCZivjDu8NsuTVcio58PfKTB8jQ3egAOoAZW5kc3RyZWFtCmVuZG9iag',
  'o2IDAgb2JqCjw8IC9CYXNlRm9udCAvSGVsdmV0aWNhIC9FbmNvZGluZyAvV2luQW5zaUVuY29kaW5nIC9TdWJ0eXBlIC9UeXBlMSAvVHlwZSAv',
  'Rm9udCA+PgplbmRvYmoKNyAwIG9iago8PCAvQ0YgPDwgL1N0ZENGIDw8IC9BdXRoRXZlbnQgL0RvY09wZW4gL0NGTSAvQUVTVjMgL0xlbmd0aC',
  'AzMiA+PiA+PiAvRmlsdGVyIC9TdGFuZGFyZCAvTGVuZ3RoIDI1NiAvTyA8ODkyMDFiZDAyNjUxM2E2M2QzYTVkY2I1NTQyZTk3YzZkYzJkMDA0',
  'OWM5ZjVhNGMyNTMxMjhkZWQ2ZTYwMTNlN2ZlYWEzOWVlMmRiYjFmMDU3ZjY0ODIwNWJmMjVhMDcwPiAvT0UgPGRhYjI5YWIxNzUxNTg2ZDc5Yz',
  'NkZmI1ZmYyNDQ3MGZiODBmZTEyZDA0NTc4YTJkZDAwMDc0ZjRhYjBjMDc3ZDA+IC9QIC00IC9QZXJtcyA8ODNmYmQ4NmViY2E4MmMyMGQ0Y2Mz',
  'MzQ0MjE4NjFmOGM+IC9SIDYgL1N0bUYgL1N0ZENGIC9TdHJGIC9TdGRDRiAvVSA8M2UzYWRiNjJiYmNjNDhjNTUwYTdjZDE5ZDlkMmUyZmJlZT',
  'QxZGYyYTY4NDRkM2Y2ZjJmNzY0MDM5NmE5MTAxM2UwYzlhMjA1ZDA4MTNhMGM3NDRlZDllYWE1NjU5MzExPiAvVUUgPDYzYjg4OWZhOTk2ZmM2',
  'M2Y0NDhkNmI5MjJiNjgxYjhmZGQ4YmIwMTZhNDdkN2Q3Njk1Yjk0OTQ5NDBlOWJlNTM+IC9WIDUgPj4KZW5kb2JqCnhyZWYKMCA4CjAwMDAwMD',
  'AwMDAgNjU1MzUgZiAKMDAwMDAwMDAxNSAwMDAwMCBuIAowMDAwMDAwMTMwIDAwMDAwIG4gCjAwMDAwMDAyMjUgMDAwMDAgbiAKMDAwMDAwMDI4',
  'NCAwMDAwMCBuIAowMDAwMDAwNDEyIDAwMDAwIG4gCjAwMDAwMDA1NzggMDAwMDAgbiAKMDAwMDAwMDY3NSAwMDAwMCBuIAp0cmFpbGVyIDw8IC',
  '9JbmZvIDIgMCBSIC9Sb290IDEgMCBSIC9TaXplIDggL0lEIFs8YWY4MWE4ZjhhNDBiNzU5NTg4ZmMxNWNiODM1MjE5ZDU+PGFmODFhOGY4YTQw',
  'Yjc1OTU4OGZjMTVjYjgzNTIxOWQ1Pl0gL0VuY3J5cHQgNyAwIFIgPj4Kc3RhcnR4cmVmCjEyMjIKJSVFT0YK',
].join('');

describe('a PDF that needs a password', () => {
  it.each([
    ['none', [], {}],
    ['others', ['wrong'], {}],
    ['the right one past the bound of tries', ['wrong', 'sw0rd'], { passwordTrials: 1 }],
  ])('is incomplete with %s', async (_, passwords, limits) => {
    const opened = await openBytes(Buffer.from(LOCKED, 'base64'), { passwords, limits });
    expect(incompleteParts(opened)).toEqual([{ path: 'file', reason: 'encrypted' }]);
  });

  it('is read with it', async () => {
    const opened = await openBytes(Buffer.from(LOCKED, 'base64'), { passwords: ['wrong', 'sw0rd'] });
    expect(allText(opened)).toContain(WORDS);
    expect(incompleteParts(opened)).toEqual([]);
  });
});

describe('the text of a page', () => {
  it('has each line once where the page says it once', async () => {
    const opened = await openBytes(makePdf({ content: shown('First line') + shown('Second line', 50, 680) }));
    expect(textByPath(opened)['file › page 1']).toBe('First line\nSecond line');
    expect(Object.keys(textByPath(opened)).filter((path) => path.includes('page 1 ›'))).toEqual([]);
  });

  it('keeps texts apart that touch nowhere, and letters together that do', async () => {
    const text = async (content: string): Promise<string | undefined> =>
      textByPath(await openBytes(makePdf({ content })))['file › page 1'];
    expect(await text(shown('Header') + shown('Body', 50, 500))).toBe('Header\nBody');
    expect(await text(`${shown('Rate', 50)}${shown('74.0', 120)}`)).toBe('Rate 74.0');
    expect(await text(`BT /F1 12 Tf 50 700 Td (Empl) Tj /F1 12.5 Tf (oyment) Tj ET`)).toBe('Employment');
  });

  it('gives a field’s value beside its label', async () => {
    const { page = '', objects } = notes('/Subtype/Widget/FT/Tx/T(field)/V(74.0)/AP<</N 30 0 R>>');
    const painted = { ...appearance, bytes: shown('74.0', 0, 10) };
    const content = shown('Rate:', 20, 60);
    const opened = await openBytes(makePdf({ page, content, objects: { ...objects, 30: painted } }));
    expect(allText(opened)).toContain('Rate: 74.0');
  });

  it('gives a row whole whose cells were written column by column', async () => {
    const content =
      shown('Employment', 50, 700) + shown('Inactivity', 50, 680) + shown('74.0', 300, 700) + shown('21.4', 300, 680);
    const opened = await openBytes(makePdf({ content }));
    expect(textByPath(opened)['file › page 1 › lines']).toBe('Employment\t74.0\nInactivity\t21.4');
  });
});
