import { decodeWords } from './mime-header.ts';

/** The addresses of an address header, in order, without names, groups and comments. RFC 5322 section 3.4, read leniently. */
export function parseAddresses(header: string): readonly string[] {
  const addresses: string[] = [];
  for (const piece of splitAddresses(header.includes(' .') ? closeDots(header) : header)) {
    const angle = /<([^<>]*)>[^<>]*$/.exec(piece);
    const bare = (angle?.[1] ?? piece)
      .replace(/^[^<>"@]*:(?=[^:]*@)/, '')
      .replace(/"[^"]*"(?!@)/g, ' ')
      .trim();
    const address = angle === null ? /[^\s<>()",;:]+@[^\s<>()",;:]+/.exec(bare)?.[0] : bare.replace(/^@[^:]*:/, '');
    if (address?.includes('@')) addresses.push(address);
  }
  return addresses;
}

/**
 * An address header as a person reads it: names without quotes, escapes and encoding, addresses without comments.
 *
 * One that reads well as it stands is given back unchanged.
 */
export function readableAddresses(header: string): string {
  if (!/["(\\]|=\?|@[^<>]*\s\./.test(header)) return header;
  let text = '';
  let quoted = false;
  let comment = 0;
  let angle = false;
  for (let at = 0; at < header.length; at += 1) {
    const character = header[at] as string;
    // A comment inside an address is no part of it; elsewhere it is somebody's words.
    const kept = comment === 0 || !angle;
    if (character === '\\' && at + 1 < header.length) {
      at += 1;
      if (kept) text += header[at];
    } else if (character === '"' && comment === 0) quoted = !quoted;
    else if (!quoted && character === '(') {
      comment += 1;
      if (!angle) text += character;
    } else if (!quoted && character === ')' && comment > 0) {
      comment -= 1;
      if (!angle) text += character;
    } else {
      if (!quoted && comment === 0 && (character === '<' || character === '>')) angle = character === '<';
      if (kept) text += character;
    }
  }
  return closeDots(decodeWords(text));
}

/** Old addresses may have blanks around the dots of a domain: RFC 5322 section 4.4. */
function closeDots(text: string): string {
  return text.replace(/@[^\s<>,;]+(?:\s*\.\s*[^\s<>,;.]+)+/g, (address) => address.replace(/\s+/g, ''));
}

function splitAddresses(header: string): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let quoted = false;
  let comment = 0;
  let angle = false;
  for (let at = 0; at < header.length; at += 1) {
    const character = header[at] as string;
    if (quoted) {
      piece += character;
      if (character === '\\') {
        at += 1;
        piece += header[at] ?? '';
      } else if (character === '"') quoted = false;
    } else if (comment > 0) {
      if (character === '(') comment += 1;
      else if (character === ')') comment -= 1;
    } else if (character === '(') comment += 1;
    else if (character === '"') {
      quoted = true;
      piece += character;
    } else if ((character === ',' && !angle) || character === ';') {
      pieces.push(piece);
      piece = '';
      angle = false;
    } else {
      if (character === '<') angle = true;
      if (character === '>') angle = false;
      piece += character;
    }
  }
  pieces.push(piece);
  return pieces;
}
