import { memorySource, readAll } from '../core/byte-source.ts';
import { type CompoundEntry, findStream, readCompoundFile } from './compound-file.ts';
import { isCompound, readCompoundRest } from './compound-rest.ts';
import { asBuffer } from './decode-text.ts';
import { type DocText, readDocText } from './doc-text.ts';
import { readDrawingWords } from './drawing-words.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { readBlips } from './office-blips.ts';
import { readEntries } from './ole-rest.ts';
import { readPptText } from './ppt-text.ts';
import { printableStrings } from './printable-strings.ts';
import { unlockOldOffice } from './unlock-old-office.ts';
import { Unreadable } from './unreadable.ts';

const MAX_STRINGS = 1 << 16;
const MAX_SALVAGED = 1 << 20;

/** Compound files of Office 97 to 2003: documents, presentations, and objects embedded in either. */
export const ole: Extractor = {
  name: 'ole',
  types: ['application/msword', 'application/vnd.ms-powerpoint', 'application/x-ole-storage'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    const bytes = await readAll(part.source);
    context.budget.takeBytes(bytes.length);
    if (!isCompound(bytes)) {
      // Before version 6 the document is the file itself.
      yield* readDocument((name) => (name === 'WordDocument' ? asBuffer(bytes) : Buffer.alloc(0)));
      return;
    }
    const unlocked = await unlockOldOffice(part, context);
    if (unlocked !== null) {
      yield* unlocked;
      return;
    }
    let isEmpty = true;
    try {
      for (const piece of readStreams(readCompoundFile(bytes), context)) {
        isEmpty = false;
        yield piece;
      }
    } catch (error) {
      if (!(error instanceof Unreadable) || error.reason !== 'corrupt') throw error;
      const text = printableStrings(bytes, MAX_SALVAGED);
      if (text !== '') yield { kind: 'text', step: 'strings', role: 'document', text };
      throw error;
    }
    // What was deleted in a file is not what the file says.
    if (isEmpty)
      yield { kind: 'incomplete', step: 'content', reason: 'corrupt', detail: 'nothing was found in its streams' };
    yield* readCompoundRest(bytes);
  },
};

function* readStreams(root: CompoundEntry, context: ExtractContext): Generator<Piece> {
  const streams = root.children.map((entry) => entry.name);
  const stream = (name: string): Buffer => asBuffer(findStream(root, name)?.read() ?? new Uint8Array());
  if (findStream(root, 'WordDocument') !== null) yield* readDocument(stream);
  const ppt = findStream(root, 'PowerPoint Document');
  if (ppt !== null) yield* readPresentation(ppt.read(), stream('Current User'), context);
  yield* readEntries(root, MAIN, '', 0);
  yield* readPictures(root, context);
  yield* readUnknown(root, streams);
}

/** Read here, or nothing but what is read here. */
const MAIN = ['worddocument', 'powerpoint document', 'data', 'pictures'];

function* readDocument(stream: (name: string) => Buffer): Generator<Piece> {
  let read: DocText;
  try {
    read = readDocText(stream);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    // Words that no table leads to are words still.
    const strings = error.reason === 'corrupt' ? printableStrings(stream('WordDocument'), MAX_SALVAGED) : '';
    if (strings !== '') yield { kind: 'text', step: 'strings', role: 'document', text: strings };
    yield { kind: 'incomplete', step: null, reason: error.reason, detail: error.message };
    return;
  }
  for (const { story, text } of read.stories)
    yield {
      kind: 'text',
      step: story === 'text' ? null : story,
      role: story === 'fields' || story === 'people and bookmarks' ? 'metadata' : 'document',
      text,
      ...(story === 'deleted text' ? { hidden: true } : {}),
    };
  const words = read.drawings === null ? [] : readDrawingWords(read.drawings);
  if (words.length > 0) yield { kind: 'text', step: 'drawings', role: 'document', text: words.join('\n') };
  if (read.fault !== null)
    yield { kind: 'incomplete', step: null, reason: read.fault.reason, detail: read.fault.message };
}

function* readPresentation(stream: Uint8Array, currentUser: Uint8Array, context: ExtractContext): Generator<Piece> {
  const { groups, objects, sounds, isEncrypted } = readPptText(stream, currentUser, context.budget);
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
  const words = readDrawingWords(stream);
  if (words.length > 0) yield { kind: 'text', step: 'drawings', role: 'document', text: words.join('\n') };
  for (const [at, object] of objects.entries()) {
    const step = `object ${at + 1}`;
    if (object !== null) yield { kind: 'part', step, name: null, declaredType: null, source: memorySource(object) };
    else yield { kind: 'incomplete', step, reason: 'corrupt', detail: 'an embedded object cannot be expanded' };
  }
  for (const [at, sound] of sounds.entries())
    yield { kind: 'part', step: `sound ${at + 1}`, name: null, declaredType: null, source: memorySource(sound) };
}

/** Word keeps pictures in `Data`, PowerPoint in `Pictures`; what stands in `Data` beside them is positions and form fields. */
function* readPictures(root: CompoundEntry, context: ExtractContext): Generator<Piece> {
  for (const entry of root.children) {
    if (entry.kind !== 'stream' || !/^(Data|Pictures)$/i.test(entry.name)) continue;
    const bytes = entry.read();
    const pictures = readBlips(bytes, context.budget);
    for (const [at, picture] of pictures.entries())
      yield { kind: 'part', step: `picture ${at + 1}`, name: null, declaredType: null, source: memorySource(picture) };
    const text = /^data$/i.test(entry.name) ? printableStrings(withoutPictures(bytes, pictures), MAX_STRINGS) : '';
    if (text !== '') yield { kind: 'text', step: 'Data', role: 'metadata', text, hidden: true };
  }
}

/** What stands between pictures: names and choices of form fields, positions. Pictures that were expanded are copies and stay. */
function withoutPictures(bytes: Uint8Array, pictures: readonly Uint8Array[]): Uint8Array {
  const between: Uint8Array[] = [];
  let from = 0;
  for (const picture of pictures) {
    const at = picture.byteOffset - bytes.byteOffset;
    if (picture.buffer !== bytes.buffer || at < from) continue;
    between.push(bytes.subarray(from, at));
    from = at + picture.length;
  }
  return Buffer.concat([...between, bytes.subarray(from)]);
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
