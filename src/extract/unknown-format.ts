import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { joinedFiles } from './joined-file.ts';
import { printableStrings } from './printable-strings.ts';

/** Types that are told apart and that no reader opens, with what they are called. */
const NAMES: Readonly<Record<string, string>> = {
  'application/octet-stream': 'bytes of an unknown format',
  'application/vnd.ms-outlook-pst': 'an Outlook data file',
  'application/x-msaccess': 'an Access database',
  'application/x-hdf5': 'an HDF5 file',
  'application/vnd.apache.arrow.file': 'an Arrow file',
  'application/vnd.wordperfect': 'a WordPerfect document',
  'application/x-rdata': 'an R data file',
  'application/x-bplist': 'a binary property list',
  'application/x-lzop': 'an lzop file',
  'application/x-msdownload': 'a Windows program',
  'application/x-elf': 'a program',
  'audio/wav': 'sound',
  'audio/mpeg': 'sound',
  'audio/ogg': 'sound',
  'video/mp4': 'a film',
};
/** Bytes searched for strings, and characters of them shown. */
const SEARCHED = 32 * 1024 ** 2;
const SHOWN = 256 * 1024;

/** What no reader opens: its readable strings, and that the rest was not looked at. Never clean. */
export const unknownFormat: Extractor = {
  name: 'unknown-format',
  types: Object.keys(NAMES),
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    const size = Math.min(part.source.size, SEARCHED);
    context.budget.takeBytes(size);
    const bytes = await part.source.read(0, size);
    const text = printableStrings(bytes, SHOWN);
    yield {
      kind: 'incomplete',
      step: null,
      reason: 'unsupported',
      detail: `no opener for ${NAMES[part.type] ?? part.type} (${part.type}); its readable strings are shown`,
    };
    if (text !== '') yield { kind: 'text', step: 'strings', role: 'metadata', text };
    // What is cut off at its start is not known by it; a file within is.
    if (part.type === 'application/octet-stream') yield* joinedFiles(bytes);
  },
};
