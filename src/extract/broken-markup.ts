import { Parser } from 'htmlparser2';

/** Markup after the damage that is compared with what was read. */
const MAX_COMPARED = 8 * 1024 ** 2;

/** Elements whose content is no markup; readers of pages give it as it stands. */
const RAW = /^(?:script|style|title|textarea|xmp|iframe|noembed|noframes|plaintext)$/i;
const NAME = /<(\/?)([\p{L}_][\p{L}\p{N}_:.-]*)/uy;
const ATTRIBUTE = /[\s/]*([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`][^\s"'<>`]*))?/y;
const TAG_END = /[\s/]*>/y;
const DOCTYPE = /<!doctype\s+[\w:.-]+(?:\s+(?:public|system|"[^"<>]*"|'[^'<>]*'))*\s*>/iy;
const XML_DECLARATION = /<\?xml(?:\s+\w+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*\?>/y;
/** Attributes that say something without a value, in any page. */
const BARE =
  /^(?:[\w.:@#*-]*[-.:@#*][\w.:@#*-]*|allowfullscreen|async|autofocus|autoplay|checked|compact|controls|declare|default|defer|disabled|download|hidden|inert|ismap|itemscope|loop|multiple|muted|nomodule|noresize|noshade|novalidate|nowrap|open|playsinline|readonly|required|reversed|scoped|seamless|selected)$/i;
/** Attributes of markup whose values are nobody's words. */
const QUIET =
  /\s(?:class|style|id|d|points|transform|viewBox|values|keyTimes|font-family|face|rel|name|for)\s*=\s*(?:"[^"<>]*"|'[^'<>]*')|\sxmlns\S*\s*=\s*(?:"[^"<>\s]*"|'[^'<>\s]*')/gi;
/**
 * Words of a page or an XML file that stand at or behind a broken tag and that `said` does not hold: a missing quote or bracket makes
 * readers take what follows for part of a tag, and nobody gives it. Empty where every tag is whole.
 *
 * Source: HTML Living Standard section 13.1.2, elements; XML 1.0 section 3.1, tags. Takes linear time.
 */
export function brokenMarkup(markup: string, language: 'html' | 'xml', said: () => Iterable<string>): string {
  const place = firstBreak(markup, language);
  if (place < 0) return '';
  const rest = markup.slice(place, place + MAX_COMPARED).replace(QUIET, ' ');
  const fragments = rest.split(/[<>"]+/).map((fragment) => withoutKey(decoded(fragment).split(/\s+/)));
  const wanted = fragments.filter((fragment) => hasWords(fragment));
  const missing = new Set(wanted.flatMap((fragment) => [...pairs(fragment)]));
  for (const text of said()) for (const pair of pairs(text)) missing.delete(pair);
  return wanted.filter((fragment) => [...pairs(fragment)].some((pair) => missing.has(pair))).join('\n');
}

/** Five words with nothing but blanks between them: no list of fonts, no declaration of a style. */
const SENTENCE = /(?<!\p{L})(?:\p{L}{2,}\s+){4}\p{L}{2,}/u;
const VALUE = /[\s"']([\p{L}_][\p{L}\p{N}_:.-]*)\s*=\s*("[^"<>]{20,}"|'[^'<>]{20,}')/gu;

/**
 * Sentences in the values of attributes that a page says nothing with (its style, a place), and that `said` does not hold.
 */
export function silentValues(markup: string, said: () => Iterable<string>): string {
  const values: string[] = [];
  for (const [, name = '', value = ''] of markup.slice(0, MAX_COMPARED).matchAll(VALUE))
    if (!/^(?:class|d|points)$/i.test(name) && SENTENCE.test(value)) values.push(decoded(value.slice(1, -1)).trim());
  if (values.length === 0) return '';
  const missing = new Set(values.flatMap((value) => [...pairs(value)]));
  for (const text of said()) for (const pair of pairs(text)) missing.delete(pair);
  return values.filter((value) => [...pairs(value)].some((pair) => missing.has(pair))).join('\n');
}

/** Where the first tag stands that is not written as one; -1 where there is none. */
function firstBreak(markup: string, language: 'html' | 'xml'): number {
  for (let at = markup.indexOf('<'); at >= 0; ) {
    const end = afterMarkup(markup, at, language === 'html');
    if (end === null) return at;
    if (end < 0) return -1;
    at = markup.indexOf('<', end);
  }
  return -1;
}

/** Where the markup at `at` ends; -1 where the rest of the file belongs to it, null where it is broken. */
function afterMarkup(markup: string, at: number, isPage: boolean): number | null {
  const next = markup[at + 1] ?? '';
  if (next === '!' || next === '?') return afterDeclaration(markup, at);
  const start = matchAt(NAME, markup, at);
  if (start === null) return isPage ? at + 1 : null;
  const [, slash, name = ''] = start;
  let bare = 0;
  const names = new Set<string>();
  let place = NAME.lastIndex;
  for (;;) {
    const tail = matchAt(TAG_END, markup, place);
    if (tail !== null) {
      const end = place + tail[0].length;
      if (slash !== '' && names.size > 0) return null;
      return isPage && slash === '' && !tail[0].includes('/') && RAW.test(name) ? afterRaw(markup, end, name) : end;
    }
    const attribute = matchAt(ATTRIBUTE, markup, place);
    if (attribute === null) return null;
    const [, key = '', value] = attribute;
    if (value === undefined && !BARE.test(key)) bare += 1;
    // A bracket within a value is a missing quote, unless it is the attribute's to have.
    const isAddress = key.startsWith('xmlns') && value !== undefined;
    if (isAddress && /\s\S+\s/.test(value)) return null;
    if (bare > 1 || names.has(key) || (value?.includes('<') === true && /<\/?\w/.test(value))) return null;
    names.add(key);
    place = ATTRIBUTE.lastIndex;
  }
}

function afterDeclaration(markup: string, at: number): number | null {
  const after = (mark: string, from: number): number => {
    const end = markup.indexOf(mark, from);
    return end < 0 ? -1 : end + mark.length;
  };
  if (markup.startsWith('<!--', at)) return after('-->', at + 2);
  if (markup.startsWith('<![CDATA[', at)) return after(']]>', at);
  if (/^<!doctype/i.test(markup.slice(at, at + 9)))
    return matchAt(DOCTYPE, markup, at) === null ? null : DOCTYPE.lastIndex;
  if (/^<\?xml\s/.test(markup.slice(at, at + 6)))
    return matchAt(XML_DECLARATION, markup, at) === null ? null : XML_DECLARATION.lastIndex;
  const end = after('>', at);
  return end < 0 || markup.slice(at + 1, end).includes('<') ? null : end;
}

function afterRaw(markup: string, from: number, name: string): number {
  const closing = new RegExp(`</${name}`, 'gi');
  closing.lastIndex = from;
  return closing.exec(markup)?.index ?? -1;
}

function matchAt(shape: RegExp, text: string, at: number): RegExpExecArray | null {
  shape.lastIndex = at;
  return shape.exec(text);
}

/** Character references resolved; there is no markup in it any more. */
function decoded(text: string): string {
  if (!text.includes('&')) return text;
  const pieces: string[] = [];
  const parser = new Parser({ ontext: (piece) => pieces.push(piece) }, { decodeEntities: true });
  parser.end(text);
  return pieces.join('');
}

/** The words of a fragment without the attribute's name that its end is. */
function withoutKey(words: readonly string[]): string {
  const last = words.findLastIndex((word) => word !== '');
  return words
    .slice(0, words[last]?.endsWith('=') === true ? last : undefined)
    .join(' ')
    .trim();
}

/** Two words, or a word and a figure. */
function hasWords(text: string): boolean {
  return text.includes(' ') && text.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word)).length > 1;
}

/** Each word with the one before it; the first alone. */
function* pairs(text: string): Iterable<string> {
  let before = '';
  for (const [word] of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (before !== '') yield `${before} ${word}`;
    before = word;
  }
}
