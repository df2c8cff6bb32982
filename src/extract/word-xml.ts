import { memorySource, readAll } from '../core/byte-source.ts';
import { decodeText } from './decode-text.ts';
import { DocxText } from './docx-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { unflatten } from './flat-package.ts';
import { readXml, type XmlHandler } from './xml-reader.ts';

const FLAT = 'application/vnd.ms-flat-opc+xml';
/** Elements that hold a file in base64: pictures and objects. */
const BINARY: ReadonlySet<string> = new Set(['binData', 'binaryData', 'docOleData', 'docSuppData']);
/** One file inside a flat document. */
const MAX_BINARY = 64 * 1024 ** 2;

/** Office documents as one XML file: Word 2003's own, and packages of later versions written flat. */
export const wordXml: Extractor = {
  name: 'word-xml',
  types: ['application/vnd.ms-word2003+xml', FLAT],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    if (part.type === FLAT) {
      context.budget.takeBytes(part.source.size);
      const { zip, outside } = unflatten(decodeText(await readAll(part.source), null));
      if (zip !== null) {
        yield { kind: 'text', step: null, role: 'document', text: outside };
        const source = memorySource(zip);
        yield { kind: 'part', step: 'package', name: null, declaredType: null, source };
        return;
      }
    }
    const words = new DocxText();
    const files: { readonly name: string; readonly bytes: Buffer }[] = [];
    let base64: string[] | null = null;
    let size = 0;
    let name = '';
    let lost = false;
    const handler: XmlHandler = {
      open(element, attributes) {
        name = attributes.get('name') ?? name;
        if (!BINARY.has(element)) words.open(element, attributes);
        else {
          base64 = [];
          size = 0;
        }
      },
      text(text) {
        if (base64 === null) words.text(text);
        else if (size + text.length > MAX_BINARY) lost = true;
        else {
          base64.push(text);
          size += text.length;
        }
      },
      close(element) {
        if (!BINARY.has(element)) {
          words.close(element);
          return;
        }
        const bytes = Buffer.from((base64 ?? []).join(''), 'base64');
        context.budget.takeBytes(bytes.length);
        if (bytes.length > 0)
          files.push({ name: name.slice(name.lastIndexOf('/') + 1) || `file ${files.length + 1}`, bytes });
        base64 = null;
      },
      comment: (text) => words.comment(text),
    };
    const reader = await readXml(part.source.stream(), handler);
    yield { kind: 'text', step: null, role: 'document', text: words.current() };
    const removed = words.beforeDeletions();
    if (removed !== '')
      yield { kind: 'text', step: 'tracked deletions', role: 'document', text: removed, hidden: true };
    const asides = words.asides();
    if (asides !== '') yield { kind: 'text', step: 'asides', role: 'metadata', text: asides };
    for (const file of files)
      yield { kind: 'part', step: file.name, name: file.name, declaredType: null, source: memorySource(file.bytes) };
    if (lost)
      yield {
        kind: 'incomplete',
        step: 'rest',
        reason: 'too-large',
        detail: 'a file inside the document is too large',
      };
    if (reader.isDamaged || reader.sawDoctype)
      yield { kind: 'incomplete', step: 'rest', reason: 'corrupt', detail: 'the XML is cut off, or declares entities' };
  },
};
