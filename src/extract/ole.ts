import { memorySource, readAll } from '../core/byte-source.ts';
import { type CompoundEntry, readCompoundFile } from './compound-file.ts';
import { readDocText } from './doc-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { readBlips } from './office-blips.ts';
import { readEntries } from './ole-rest.ts';
import { readPptText } from './ppt-text.ts';
import { printableStrings } from './printable-strings.ts';
import { Unreadable } from './unreadable.ts';

const MAX_STRINGS = 1 << 16;

/** Compound files of Office 97 to 2003: documents, presentations, and objects embedded in either. */
export const ole: Extractor = {
  name: 'ole',
  types: ['application/msword', 'application/vnd.ms-powerpoint', 'application/x-ole-storage'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    const bytes = await readAll(part.source);
    context.budget.takeBytes(bytes.length);
    const root = readCompoundFile(bytes);
    const streams = root.children.map((entry) => entry.name);
    if (streams.includes('WordDocument')) yield* readDocument(root);
    const ppt = root.children.find((entry) => entry.name === 'PowerPoint Document' && entry.kind === 'stream');
    if (ppt !== undefined) yield* readPresentation(ppt, context);
    yield* readEntries(root, ['WordDocument', 'PowerPoint Document', 'Data', 'Pictures'], '', 0);
    yield* readPictures(root, context);
    yield* readUnknown(root, streams);
  },
};

function* readDocument(root: CompoundEntry): Generator<Piece> {
  try {
    for (const { story, text } of readDocText(root))
      yield { kind: 'text', step: story === 'text' ? null : story, role: 'document', text };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    yield { kind: 'incomplete', step: null, reason: error.reason, detail: error.message };
  }
}

function* readPresentation(stream: CompoundEntry, context: ExtractContext): Generator<Piece> {
  const { groups, objects, isEncrypted } = readPptText(stream.read(), context.budget);
  if (isEncrypted) {
    yield { kind: 'incomplete', step: null, reason: 'encrypted', detail: 'the presentation needs a password' };
    return;
  }
  for (const [group, texts] of groups)
    yield {
      kind: 'text',
      step: group,
      role: group === 'masters' ? 'metadata' : 'document',
      text: [...new Set(texts)].join('\n'),
    };
  for (const [at, object] of objects.entries())
    yield { kind: 'part', step: `object ${at + 1}`, name: null, declaredType: null, source: memorySource(object) };
}

/** Word keeps pictures in `Data`, PowerPoint in `Pictures`; what stands in `Data` beside them is positions and form fields. */
function* readPictures(root: CompoundEntry, context: ExtractContext): Generator<Piece> {
  for (const entry of root.children) {
    if (entry.kind !== 'stream' || !/^(Data|Pictures)$/.test(entry.name)) continue;
    const bytes = entry.read();
    const pictures = readBlips(bytes, context.budget);
    for (const [at, picture] of pictures.entries())
      yield { kind: 'part', step: `picture ${at + 1}`, name: null, declaredType: null, source: memorySource(picture) };
    const text = entry.name === 'Data' && pictures.length === 0 ? printableStrings(bytes).slice(0, MAX_STRINGS) : '';
    if (text !== '') yield { kind: 'text', step: 'Data', role: 'metadata', text, hidden: true };
  }
}

/** Rights-managed files, drawings, projects: their strings were read, their content was not. */
function* readUnknown(root: CompoundEntry, streams: readonly string[]): Generator<Piece> {
  if (streams.some((name) => /DataSpaces$|DRMContent$|^EncryptedPackage$/.test(name)))
    yield {
      kind: 'incomplete',
      step: 'protected content',
      reason: 'encrypted',
      detail: 'the document is rights-managed',
    };
  const known =
    /^(WordDocument|PowerPoint Document|.Ole10Native|Package|CONTENTS|Workbook|Book|VBA|_VBA_PROJECT_CUR|PROJECT|EmbeddedOdf)$/i;
  if (root.children.length > 0 && !streams.some((name) => known.test(name)))
    yield {
      kind: 'incomplete',
      step: 'content',
      reason: 'unsupported',
      detail: 'a compound file of an unknown program',
    };
}
