import { createHash } from 'node:crypto';
import type { DraftInput } from './service.ts';

/** What is stored and scanned of a draft. */
export interface DraftContent {
  /** `draft.txt`, or with attachments `draft.eml`: a mail without headers of its own that carries them. */
  readonly name: 'draft.txt' | 'draft.eml';
  readonly content: Uint8Array;
}

/** A draft as bytes; the same draft always gives the same. */
export function draftContent({ text, attachments }: Pick<DraftInput, 'text' | 'attachments'>): DraftContent {
  if (attachments.length === 0) return { name: 'draft.txt', content: Buffer.from(text, 'utf8') };
  const hash = createHash('sha256').update(text);
  for (const { content } of attachments) hash.update(content);
  // Taken from the content, so that no content can hold its own boundary.
  const boundary = `holdfast-${hash.digest('hex')}`;
  const parts = [
    part(boundary, ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64'], Buffer.from(text)),
    ...attachments.map(({ name, type, content }) =>
      part(
        boundary,
        [
          `Content-Type: ${mediaType(type)}`,
          'Content-Transfer-Encoding: base64',
          `Content-Disposition: attachment; filename*=utf-8''${encodeName(name)}`,
        ],
        content,
      ),
    ),
  ];
  const head = `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`;
  return { name: 'draft.eml', content: Buffer.from(`${head}${parts.join('')}--${boundary}--\r\n`, 'latin1') };
}

function part(boundary: string, headers: readonly string[], content: Uint8Array): string {
  const lines = Buffer.from(content).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  return `--${boundary}\r\n${headers.join('\r\n')}\r\n\r\n${lines}\r\n`;
}

/** RFC 2045 type/subtype; anything else says nothing and could carry a header of its own. */
function mediaType(type: string): string {
  return /^[\w!#$&^.+-]{1,64}\/[\w!#$&^.+-]{1,64}$/.test(type) ? type : 'application/octet-stream';
}

/** RFC 5987 extended value. */
function encodeName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
