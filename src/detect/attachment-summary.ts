import { type OpenedMessage, type OpenedPart, PATH_SEPARATOR } from '../core/part.ts';
import { foldName } from '../rules/column-name.ts';
import { viewTable } from './table-view.ts';

/** What siblings are compared by; carries no content, so that it can be kept when the mail is gone. */
export interface AttachmentSummary {
  readonly path: string;
  /** File name as words in lower case, numbers left out. */
  readonly words: readonly string[];
  readonly type: string;
  readonly bytes: number;
  /** Folded header names of its widest table, sorted; empty where it has none. */
  readonly schema: readonly string[];
}

/** Top-level attachments of a mail; pictures are left out, for signatures carry them at random. */
export function summariseAttachments(message: OpenedMessage): readonly AttachmentSummary[] {
  return message.parts
    .filter((part, at) => at > 0 && isAttachment(part))
    .map((part) => ({
      path: part.path,
      words: nameWordsOf(part.path),
      type: part.type,
      bytes: part.bytes,
      schema: schemaOf(message, part.path),
    }));
}

function isAttachment({ path, type, content }: OpenedPart): boolean {
  if (path.includes(PATH_SEPARATOR) || type.startsWith('image/')) return false;
  return content.kind !== 'text' || content.role === 'document';
}

function nameWordsOf(name: string): readonly string[] {
  return [...new Set(name.toLowerCase().match(/\p{L}+/gu) ?? [])];
}

function schemaOf(message: OpenedMessage, path: string): readonly string[] {
  let widest: readonly string[] = [];
  for (const { path: place, content } of message.parts) {
    if (content.kind !== 'table' || (place !== path && !place.startsWith(`${path}${PATH_SEPARATOR}`))) continue;
    const names = (viewTable(content.table).headers[0] ?? []).map(foldName).filter((name) => name !== '');
    if (names.length > widest.length) widest = names;
  }
  return [...new Set(widest)].sort();
}
