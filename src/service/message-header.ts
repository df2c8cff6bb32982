/** Bytes of a message that its header is looked for in. */
export const HEADER_LIMIT = 256 * 1024;

/** The `Message-ID` of a mail's own header, without control characters; null where there is none. */
export function messageIdOf(content: Uint8Array): string | null {
  const head = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, HEADER_LIMIT)).toString(
    'latin1',
  );
  const end = /\r?\n\r?\n/.exec(head)?.index ?? head.length;
  const found = /^message-id[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)/im.exec(head.slice(0, end))?.[1];
  const value = found
    ?.replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 998);
  return value === undefined || value === '' ? null : value;
}
