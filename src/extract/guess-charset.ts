import { TextDecoder } from 'node:util';
import iconv from 'iconv-lite';

/** Enough of a text to tell; the rest is in the same charset. */
const SAMPLE = 32 * 1024;
/** Fewer bytes beyond ASCII tell nothing. */
const MIN_HIGH = 4;

/** Which charset 8-bit text is in that says none, and is not UTF-8; windows-1252 where nothing speaks for another. */
export function guessCharset(bytes: Buffer): string {
  const sample = bytes.subarray(0, SAMPLE);
  let high = 0;
  let runs = 0;
  for (let at = 0; at < sample.length; at += 1) {
    if ((sample[at] as number) < 0x80) continue;
    high += 1;
    if (at === 0 || (sample[at - 1] as number) < 0x80) runs += 1;
  }
  if (high < MIN_HIGH) return 'windows-1252';
  const wide = guessDoubleByte(sample);
  const script = high >= runs * 2.2 ? guessScript(sample) : null;
  if (wide !== null && (script === null || wide.score >= script.score)) return wide.charset;
  return script?.charset ?? guessLatin(sample);
}

interface Guess {
  readonly charset: string;
  /** About the share of characters that everyday text has. */
  readonly score: number;
}

interface DoubleByte {
  readonly charset: string;
  /** Share of characters that everyday text of that language has. */
  readonly usual: (character: string, lead: number, trail: number) => boolean;
}

const KANA = /[\u3040-\u30ff]/;
const IDEOGRAPH_MARK = /[\u3000-\u303f\uff00-\uff5e]/;
const HANGUL = /[\uac00-\ud7a3]/;

/** Levels of the sets by frequency: GB 2312 rows 16 to 55, Big5 0xA4 to 0xC6, KS X 1001 rows 16 to 40, JIS X 0208 rows 16 to 47. */
const DOUBLE_BYTE: readonly DoubleByte[] = [
  { charset: 'shift_jis', usual: (one, lead) => KANA.test(one) || (lead >= 0x88 && lead <= 0x97) },
  { charset: 'euc-jp', usual: (one, lead) => KANA.test(one) || (lead >= 0xb0 && lead <= 0xcf) },
  { charset: 'euc-kr', usual: (one, lead) => HANGUL.test(one) && lead >= 0xb0 && lead <= 0xc8 },
  { charset: 'gbk', usual: (_, lead, trail) => lead >= 0xb0 && lead <= 0xd7 && trail >= 0xa1 },
  { charset: 'big5', usual: (_, lead) => lead >= 0xa4 && lead <= 0xc6 },
];

function guessDoubleByte(sample: Buffer): Guess | null {
  let best: Guess | null = null;
  for (const one of DOUBLE_BYTE) {
    const score = scoreDoubleByte(sample, one);
    if (score > 0.7 && (best === null || score > best.score)) best = { charset: one.charset, score };
  }
  return best;
}

function scoreDoubleByte(sample: Buffer, { charset, usual }: DoubleByte): number {
  // The sample may end in the middle of a character.
  const text = decodeStrictly(sample, charset) ?? decodeStrictly(sample.subarray(0, -1), charset);
  if (text === null) return 0;
  let at = 0;
  let seen = 0;
  let common = 0;
  let kana = 0;
  let syllables = 0;
  for (const character of text) {
    const lead = sample[at] as number;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    const isHalf = charset === 'shift_jis' && lead >= 0xa1 && lead <= 0xdf;
    const trail = sample[at + 1] ?? 0;
    at += isHalf ? 1 : charset === 'euc-jp' && lead === 0x8f ? 3 : 2;
    if (IDEOGRAPH_MARK.test(character)) continue;
    seen += 1;
    if (!isHalf && usual(character, lead, trail)) common += 1;
    if (KANA.test(character)) kana += 1;
    if (FREQUENT_HANGUL.includes(character)) syllables += 1;
  }
  if (seen < 2) return 0;
  const share = common / seen;
  // Japanese is known by its kana, Korean by its endings and particles; the sets overlap with Chinese byte by byte.
  if (charset === 'shift_jis' || charset === 'euc-jp') return kana / seen >= 0.15 ? share + 0.2 : 0;
  if (charset === 'euc-kr') return syllables / seen >= 0.08 ? share + 0.1 : share - 0.2;
  return share;
}

const FREQUENT_HANGUL = '이다는을의에가고하지로한를은사인기도서대자';

function decodeStrictly(sample: Buffer, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(sample);
  } catch {
    return null;
  }
}

/** Letters of the scripts that fill whole words with 8-bit letters, the frequent ones first. */
const SCRIPTS: readonly { readonly charsets: readonly string[]; readonly frequent: string; readonly other: RegExp }[] =
  [
    {
      charsets: ['windows-1251', 'koi8-r', 'cp866', 'iso-8859-5', 'maccyrillic', 'koi8-u'],
      frequent: 'оеаинтсрвлкмдпуяыьгз',
      other: /\p{Script=Cyrillic}/u,
    },
    { charsets: ['windows-1253'], frequent: 'αοιεητςνσρκυπλμτάίόέή', other: /\p{Script=Greek}/u },
    { charsets: ['windows-1255', 'cp862'], frequent: 'יוהלאתרמבשנ', other: /\p{Script=Hebrew}/u },
    { charsets: ['windows-1256', 'iso-8859-6'], frequent: 'اليمونترسعبد', other: /\p{Script=Arabic}/u },
    { charsets: ['windows-874'], frequent: 'านรกอเง่ยลวดมทส', other: /\p{Script=Thai}/u },
  ];

function guessScript(sample: Buffer): Guess | null {
  let best: Guess | null = null;
  for (const { charsets, frequent, other } of SCRIPTS)
    for (const charset of charsets) {
      const score = scoreScript(iconv.decode(sample, charset), frequent, other);
      if (score > 0.45 && (best === null || score > best.score + 0.001)) best = { charset, score };
    }
  return best;
}

function scoreScript(text: string, frequent: string, other: RegExp): number {
  let seen = 0;
  let score = 0;
  let before = '';
  for (const character of text) {
    if (character > '\u007f') {
      seen += 1;
      if (frequent.includes(character)) score += 1;
      else if (other.test(character)) {
        // A capital after a small letter is a charset read as another.
        const small = character === character.toLowerCase();
        score += small ? 0.5 : before !== '' && before !== before.toUpperCase() ? -1 : 0.4;
      } else score -= /\p{L}/u.test(character) ? 1 : 0.3;
    }
    before = character;
  }
  return seen === 0 ? 0 : score / seen;
}

const LATIN = ['windows-1252', 'windows-1250', 'iso-8859-2', 'macintosh', 'cp850'] as const;

/** A sign in the middle of a word, or a capital after a small letter, is a charset read as another. */
function guessLatin(sample: Buffer): string {
  let best: { charset: string; odd: number } | null = null;
  for (const charset of LATIN) {
    const text = iconv.decode(sample, charset);
    const odd =
      text.match(/(?<=\p{L})[^\p{L}\p{M}\0-\u007f’‘´·–—…“”\u00a0](?=\p{L})|(?<=\p{Ll})[\u00c0-\u024f](?<=\p{Lu})/gu)
        ?.length ?? 0;
    if (best === null || odd * 3 < best.odd) best = { charset, odd };
  }
  return best?.charset ?? 'windows-1252';
}
