import { memorySource } from '../../src/core/byte-source.ts';
import type { MessageKind } from '../../src/core/message.ts';
import type { OpenedMessage } from '../../src/core/part.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/extract/budget.ts';
import { extractors } from '../../src/extract/index.ts';
import { openParts } from '../../src/scan/open-parts.ts';

export interface OpenBytes {
  readonly kind?: MessageKind;
  readonly name?: string;
  readonly limits?: Partial<Limits>;
  readonly everyCell?: boolean;
  readonly passwords?: readonly string[];
}

/** Opens bytes as the product does, in this process and without OCR. Text stands for its Latin-1 bytes. */
export function openBytes(bytes: Uint8Array | string, options: OpenBytes = {}): Promise<OpenedMessage> {
  const { kind = 'file', name = 'file', limits = {}, everyCell = false, passwords = [] } = options;
  const source = memorySource(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  return openParts(
    { kind, name, source },
    { extractors, limits: { ...DEFAULT_LIMITS, ...limits }, now: () => performance.now(), everyCell, passwords },
  );
}

/** Opens a mail written with bare line feeds. */
export function openMail(lines: string, options: OpenBytes = {}): Promise<OpenedMessage> {
  return openBytes(lines.replace(/\r?\n/g, '\r\n'), { kind: 'email', name: 'mail.eml', ...options });
}

/** Text by path; incomplete parts show their reason as `!reason`. */
export function textByPath(message: OpenedMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    message.parts.flatMap(({ path, content }) => {
      if (content.kind === 'text' || content.kind === 'table') return [[path, content.text]];
      return content.kind === 'incomplete' ? [[path, `!${content.reason}`]] : [];
    }),
  );
}

/** Everything readable, for tests that ask whether words were seen at all. */
export function allText(message: OpenedMessage): string {
  return Object.values(textByPath(message)).join('\n');
}
