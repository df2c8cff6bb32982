import { memorySource } from '../core/byte-source.ts';
import { asBuffer } from './decode-text.ts';
import type { Piece } from './extractor.ts';
import { entriesOf, type PdfDocument } from './pdf-document.ts';

/** A file inside a document: at a note, as media, in the document's own list. */
export interface PdfFile {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** The file that a note carries, if it does. */
export function noteFile(note: Readonly<Record<string, unknown>>): PdfFile | null {
  const media = note['richMedia'];
  const inner = typeof media === 'object' && media !== null ? (media as Readonly<Record<string, unknown>>) : note;
  const id = inner['fileId'];
  return typeof id === 'string' ? fileOf(id, note['file'] ?? media) : null;
}

/** The files of the document's own list, a portfolio's too. */
export async function documentFiles(document: PdfDocument): Promise<readonly PdfFile[]> {
  return entriesOf(await document.getAttachments()).map(([id, told]) => fileOf(id, told));
}

/** The file's bytes as a part; one that is listed and cannot be read is incomplete, one that lies elsewhere is its name. */
export async function filePiece(document: PdfDocument, file: PdfFile): Promise<Piece> {
  const bytes: unknown = await document.getAttachmentContent(file.id).catch((error: unknown) => error);
  if (isBytes(bytes))
    return {
      kind: 'part',
      step: file.name,
      name: file.name,
      declaredType: null,
      source: memorySource(asBuffer(bytes)),
    };
  if (bytes !== null && bytes !== undefined) {
    // Files may be encrypted where the document around them is not.
    const isLocked = (bytes as { readonly name?: unknown }).name === 'PasswordException';
    const detail = isLocked ? 'the attached file needs a password' : 'the attached file cannot be read';
    return { kind: 'incomplete', step: file.name, reason: isLocked ? 'encrypted' : 'corrupt', detail };
  }
  return { kind: 'text', step: file.name, role: 'metadata', text: 'names a file that the document does not carry' };
}

/** The reader's bytes may come from another realm, where `instanceof` fails. */
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value);
}

function fileOf(id: string, told: unknown): PdfFile {
  const facts = typeof told === 'object' && told !== null ? (told as Readonly<Record<string, unknown>>) : {};
  const { filename, rawFilename, description } = facts;
  const name = [filename, rawFilename].find((one) => typeof one === 'string' && one !== '' && one !== 'unnamed');
  return {
    id,
    name: typeof name === 'string' ? name : 'attachment',
    description: typeof description === 'string' ? description : '',
  };
}
