import { decodeHtml } from './html.ts';
import { readMime } from './mime-tree.ts';
import { decodeTransfer } from './transfer-encoding.ts';

/** More of a page than somebody reads; the text of the rest is shown as text. */
const MOST_BYTES = 512 * 1024;
const MOST_BODIES = 3;

/** The HTML bodies of a mail as their sender wrote them; attachments are none. For showing after a strict cleaning, never as they are. */
export function htmlBodies(mail: Uint8Array): readonly string[] {
  const bodies: string[] = [];
  for (const leaf of readMime(mail).leaves) {
    if (bodies.length === MOST_BODIES) break;
    const isBody =
      leaf.kind === 'entity' &&
      leaf.contentType.value === 'text/html' &&
      leaf.disposition.value !== 'attachment' &&
      leaf.fileName === null;
    if (!isBody) continue;
    const { bytes } = decodeTransfer(leaf.body, leaf.encoding);
    bodies.push(decodeHtml(bytes.subarray(0, MOST_BYTES), leaf.contentType.parameters.get('charset') ?? null));
  }
  return bodies;
}
