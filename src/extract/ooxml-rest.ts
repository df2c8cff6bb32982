import { memorySource } from '../core/byte-source.ts';
import { ChartText } from './chart-text.ts';
import { isEmbeddedFont } from './embedded-font.ts';
import type { Piece } from './extractor.ts';
import type { OoxmlPackage } from './ooxml-package.ts';
import { printableStrings } from './printable-strings.ts';
import { PropertyText } from './property-text.ts';
import { Unreadable } from './unreadable.ts';
import { XmlText } from './xml-text.ts';

/** Larger printer settings hold something else than settings. */
const MAX_PRINTER_SETTINGS = 256 * 1024;
/** Parts whose text is structure: their words (style names, fonts) are written by the program. */
const STRUCTURE =
  /(^|\/)(theme\d*|themeOverride\d*|tableStyles|fontTable|webSettings|presProps|viewProps|calcChain|stylesWithEffects)\.xml$/i;

/**
 * Parts in the vocabularies of documents and drawings, whose attributes are sizes and colours; in any other (caches, connections,
 * custom data, parts of later versions) an attribute may be what somebody wrote.
 */
const KNOWN =
  /(^|\/)(charts|drawings|diagrams|slides|slideLayouts|slideMasters|notesSlides|notesMasters|handoutMasters|theme|worksheets|chartsheets|ctrlProps|activeX|docProps)\/|(^|\/)(styles|settings|numbering|document|presentation|comments\w*|footnotes|endnotes|header\d*|footer\d*|metadata|richStyles|volatileDependencies)\.xml$|\.vml$/i;

/**
 * Opens every part of a package that no reader has taken: XML as its words, programs' leftovers as their strings, everything
 * else as a part of its own. So a part that this version has never heard of is still looked at, or said to be unread.
 */
export async function* readRest(pack: OoxmlPackage): AsyncGenerator<Piece> {
  // Words before pictures: where the time runs out, what costs least to read has been read.
  const isText = ({ name }: { readonly name: string }): boolean =>
    /\.rels$/i.test(name) || isXml(pack.contentType(name), name);
  const left = pack.untaken();
  for (const entry of [...left.filter(isText), ...left.filter((one) => !isText(one))]) {
    const { name } = entry;
    try {
      if (/\.rels$/i.test(name)) yield* readLinks(pack, name);
      else if (isXml(pack.contentType(name), name)) yield* readXmlPart(pack, name);
      else yield* readBinaryPart(pack, name);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      yield { kind: 'incomplete', step: name, reason: error.reason, detail: error.message };
    }
  }
}

/** Where the package's comments and its links outside go: addresses are text that leaves too. */
export async function* readPackageNotes(pack: OoxmlPackage): AsyncGenerator<Piece> {
  if (pack.comments.length > 0)
    yield { kind: 'text', step: 'zip comments', role: 'metadata', text: pack.comments.join('\n') };
  if (pack.hasTwins)
    yield { kind: 'incomplete', step: 'parts', reason: 'corrupt', detail: 'two parts of the package have one name' };
}

async function* readLinks(pack: OoxmlPackage, name: string): AsyncGenerator<Piece> {
  const links: string[] = [];
  await pack.readXml(name, {
    open(element, attributes) {
      if (element === 'Relationship' && attributes.get('TargetMode') === 'External')
        links.push(attributes.get('Target') ?? '');
    },
    text() {},
    close() {},
  });
  if (links.length > 0) yield { kind: 'text', step: name, role: 'metadata', text: links.join('\n') };
}

async function* readXmlPart(pack: OoxmlPackage, name: string): AsyncGenerator<Piece> {
  const handler = handlerOf(name);
  const reader = await pack.readXml(name, handler);
  const text = handler.result();
  if (text !== '' && !STRUCTURE.test(name)) yield { kind: 'text', step: name, role: roleOf(name), text };
  // VML is written by hand in places and seldom closes all it opens.
  if (reader.sawDoctype || (reader.isDamaged && !/vml/i.test(name)))
    yield { kind: 'incomplete', step: name, reason: 'corrupt', detail: 'the XML is cut off, or declares entities' };
}

function handlerOf(name: string): ChartText | PropertyText | XmlText {
  if (/\/charts\/chart[^/]*\.xml$/i.test(name)) return new ChartText();
  if (/(^|\/)docProps\/[^/]+\.xml$/i.test(name)) return new PropertyText();
  return new XmlText(KNOWN.test(name) ? 'words' : 'all');
}

function roleOf(name: string): 'metadata' | 'document' {
  return /^(docProps|customXml|_xmlsignatures)\/|settings|styles|metadata|connections|person/i.test(name)
    ? 'metadata'
    : 'document';
}

async function* readBinaryPart(pack: OoxmlPackage, name: string): AsyncGenerator<Piece> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of pack.read(name)) chunks.push(chunk);
  const bytes = chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
  const type = pack.contentType(name);
  if (bytes.length === 0) return;
  if (/printersettings/i.test(type) && bytes.length <= MAX_PRINTER_SETTINGS) {
    const text = printableStrings(bytes);
    if (text !== '') yield { kind: 'text', step: name, role: 'metadata', text };
    return;
  }
  if (isEmbeddedFont(name, bytes)) return;
  yield {
    kind: 'part',
    step: name,
    name: name.slice(name.lastIndexOf('/') + 1),
    declaredType: type === '' ? null : type,
    source: memorySource(bytes),
  };
}

/** A document put into another whole (`altChunk`) may be declared as what lies inside it, though its name says it is a package. */
function isXml(type: string, name: string): boolean {
  return (
    (/[+/]xml$/.test(type) && !/\.(do[ct][xm]|rtf|html?|mht(ml)?|txt)$/i.test(name)) ||
    /vmldrawing/.test(type) ||
    /\.(xml|vml)$/i.test(name)
  );
}
