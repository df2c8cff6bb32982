/** Runs shorter than this are chance. */
const MIN_RUN = 5;

/** The readable runs of bytes that are no text: ASCII and UTF-16, a run a line. What a settings blob says, without knowing its format. */
export function printableStrings(bytes: Uint8Array): string {
  const latin = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const found: string[] = [];
  for (const match of latin.matchAll(
    new RegExp(`[\\x20-\\x7e\\xa3]{${MIN_RUN},}|(?:[\\x20-\\x7e\\xa3]\\0){${MIN_RUN},}`, 'g'),
  ))
    found.push(match[0].replaceAll('\0', '').trim());
  return found.filter((run) => /[A-Za-z]{3}|\d{3}/.test(run)).join('\n');
}
