import { memorySource } from '../core/byte-source.ts';
import { type CompoundEntry, findStream, readCompoundFile } from './compound-file.ts';
import type { Piece } from './extractor.ts';
import { readOle10Native } from './ole1-object.ts';
import { printableStrings } from './printable-strings.ts';
import { readPropertySet } from './property-set.ts';
import { Unreadable } from './unreadable.ts';
import { readVbaSource } from './vba-source.ts';
import { writeCompound } from './write-compound.ts';

/** Streams that a program writes for itself: class names, positions, caches of pictures in another form. */
const OWN =
  /^(Ole|CompObj|OlePres\d+|ObjInfo|LinkInfo|_VBA_PROJECT|dir|PROJECTwm|__SRP_\w+|Current User|1Table|0Table)$/i;
/** Main streams of documents: a storage that has one is a file of its own. */
const MAIN_STREAMS = [
  'WordDocument',
  'PowerPoint Document',
  'Workbook',
  'Book',
  'VisioDocument',
  'Quill',
  '__properties_version1.0',
];
const MAX_STRINGS = 1 << 20;
const MAX_DEPTH = 20;

/** Everything in a compound file beside its main streams (`taken`, in small letters): properties, macros, embedded files and objects. */
export function* readOleRest(bytes: Uint8Array, taken: readonly string[]): Generator<Piece> {
  let root: CompoundEntry;
  try {
    root = readCompoundFile(bytes);
  } catch (error) {
    if (error instanceof Unreadable || error instanceof RangeError) return;
    throw error;
  }
  yield* readEntries(root, taken, '', 0);
}

/** The same for a storage that was read already. */
export function* readEntries(
  storage: CompoundEntry,
  taken: readonly string[],
  prefix: string,
  depth: number,
): Generator<Piece> {
  for (const entry of storage.children) {
    if (taken.includes(entry.name.toLowerCase())) continue;
    const step = `${prefix}${plainName(entry)}`;
    try {
      if (entry.kind === 'storage' && MAIN_STREAMS.some((name) => findStream(entry, name) !== null)) {
        const source = memorySource(writeCompound(entry));
        yield { kind: 'part', step, name: null, declaredType: null, source };
      } else if (entry.kind === 'storage') {
        if (depth > MAX_DEPTH) throw new Unreadable('too-deep', 'storages nested too deep');
        yield* readEntries(entry, [], `${step} `, depth + 1);
      } else yield* readStream(entry, step);
    } catch (error) {
      if (!(error instanceof Unreadable) && !(error instanceof RangeError)) throw error;
      const reason = error instanceof Unreadable ? error.reason : 'corrupt';
      yield { kind: 'incomplete', step, reason, detail: 'a stream of the compound file could not be read' };
    }
  }
}

function* readStream(entry: CompoundEntry, step: string): Generator<Piece> {
  if (entry.size === 0 || OWN.test(plainName(entry))) return;
  const bytes = entry.read();
  if (/SummaryInformation$/i.test(entry.name)) {
    const text = readPropertySet(bytes).join('\n');
    if (text !== '') yield { kind: 'text', step: 'properties', role: 'metadata', text };
    return;
  }
  if (entry.name.toLowerCase() === '\x01ole10native') {
    const { name, content, paths = [] } = readOle10Native(bytes);
    if (paths.length > 0) yield { kind: 'text', step: `${step} paths`, role: 'metadata', text: paths.join('\n') };
    yield { kind: 'part', step: name ?? step, name, declaredType: null, source: memorySource(content) };
    return;
  }
  // Whole files inside: an OOXML package, a PDF, the stream of an embedded workbook.
  if (/^(Package|CONTENTS|Workbook|Book|EmbeddedOdf)$/i.test(entry.name)) {
    yield { kind: 'part', step, name: null, declaredType: null, source: memorySource(bytes) };
    return;
  }
  const source = readVbaSource(bytes);
  const text = source === '' ? printableStrings(bytes, MAX_STRINGS) : source;
  if (text !== '') yield { kind: 'text', step, role: 'metadata', text, hidden: true };
}

/** Names of a program's own streams begin with a control character. */
function plainName({ name }: CompoundEntry): string {
  return name.charCodeAt(0) < 0x20 ? name.slice(1) : name;
}
