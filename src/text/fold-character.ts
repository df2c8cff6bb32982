/** Letters of other scripts that readers take for Latin ones (Unicode TR39, the common part). */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    а: 'a',
    в: 'b',
    с: 'c',
    ԁ: 'd',
    е: 'e',
    ё: 'e',
    һ: 'h',
    і: 'i',
    ї: 'i',
    ј: 'j',
    к: 'k',
    ӏ: 'l',
    м: 'm',
    н: 'h',
    о: 'o',
    р: 'p',
    ԛ: 'q',
    г: 'r',
    ѕ: 's',
    т: 't',
    ц: 'u',
    ѵ: 'v',
    ԝ: 'w',
    х: 'x',
    у: 'y',
    з: '3',
    α: 'a',
    β: 'b',
    ε: 'e',
    η: 'n',
    ι: 'i',
    κ: 'k',
    μ: 'u',
    ν: 'v',
    ο: 'o',
    ρ: 'p',
    σ: 'o',
    τ: 't',
    υ: 'u',
    χ: 'x',
    ω: 'w',
    γ: 'y',
    ζ: 'z',
    ı: 'i',
    ɑ: 'a',
    ɡ: 'g',
    ℓ: 'l',
    ᴀ: 'a',
    ʙ: 'b',
    ᴄ: 'c',
    ᴅ: 'd',
    ᴇ: 'e',
    ɢ: 'g',
    ʜ: 'h',
    ɪ: 'i',
    ᴊ: 'j',
    ᴋ: 'k',
    ʟ: 'l',
    ᴍ: 'm',
    ɴ: 'n',
    ᴏ: 'o',
    ᴘ: 'p',
    ʀ: 'r',
    ꜱ: 's',
    ᴛ: 't',
    ᴜ: 'u',
    ᴠ: 'v',
    ᴡ: 'w',
    ʏ: 'y',
    ᴢ: 'z',
    ø: 'o',
    ł: 'l',
    đ: 'd',
    ß: 'ss',
    æ: 'ae',
    œ: 'oe',
    ð: 'd',
    þ: 'th',
    '՝': "'",
    '‘': "'",
    '’': "'",
    '‛': "'",
    ʼ: "'",
    '′': "'",
    '“': '"',
    '”': '"',
    '„': '"',
    '″': '"',
    '«': '"',
    '»': '"',
    '‐': '-',
    '‑': '-',
    '‒': '-',
    '–': '–',
    '—': '–',
    '―': '–',
    '−': '-',
    '⁄': '/',
    '∕': '/',
    '٪': '%',
    '٫': '.',
    '٬': ',',
    '。': '.',
    '、': ',',
    '¼': '¼',
    '½': '½',
    '¾': '¾',
    '⅓': '⅓',
    '⅔': '⅔',
    '⅛': '⅛',
    '⅕': '⅕',
    '…': '…',
    '¢': 'c',
    '№': 'no',
  }),
);

/** Zero of each decimal digit block whose digits are not folded by NFKC. */
const DIGIT_BLOCKS = [0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0be6, 0x0c66, 0x0ce6, 0x0e50];

/** First code point of the letter runs that NFKC leaves alone: negative circled, negative squared and squared A to Z. */
const LETTER_RUNS = [0x1f150, 0x1f170, 0x1f130];

const cache = new Map<number, string>();

/**
 * What a reader takes a character for: lower-case Latin letters without marks, plain digits, quotes and spaces.
 *
 * Empty for what is not seen (zero-width characters, soft hyphen, variation selectors, footnote marks). NFKC first, then look-alikes.
 */
export function foldCharacter(codePoint: number): string {
  let folded = cache.get(codePoint);
  if (folded === undefined) {
    folded = fold(codePoint);
    cache.set(codePoint, folded);
  }
  return folded;
}

function fold(codePoint: number): string {
  const character = String.fromCodePoint(codePoint);
  if (codePoint < 0x80) return character.toLowerCase();
  const direct = LOOKALIKES.get(character.toLowerCase());
  if (direct !== undefined) return direct;
  // Superscript digits are footnote marks: "74.0¹" is 74.0.
  if (/[\u00b2\u00b3\u00b9\u2070-\u208e]/u.test(character)) return '';
  for (const zero of DIGIT_BLOCKS) if (codePoint >= zero && codePoint <= zero + 9) return String(codePoint - zero);
  for (const first of LETTER_RUNS)
    if (codePoint >= first && codePoint < first + 26) return String.fromCharCode(97 + codePoint - first);
  if (codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff) return '';
  const plain = character
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase();
  if (/^\s+$/u.test(plain)) return character === '\u2028' || character === '\u2029' ? '\n' : ' ';
  return [...plain].map((one) => LOOKALIKES.get(one) ?? one).join('');
}
