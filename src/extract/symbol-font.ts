/** The characters of the Symbol font from 0x20 on, as its encoding has them (Adobe, `symbol.txt`); spaces where it has none. */
const SYMBOL = [
  ' !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼ ',
  '                                ',
  '€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭',
].join('');

/** What people set from Wingdings: ticks, boxes, arrows, bullets; its other signs are ornaments. */
const WINGDINGS: Readonly<Record<number, string>> = {
  74: '☺',
  76: '☹',
  108: '●',
  110: '■',
  111: '□',
  113: '❑',
  118: '❖',
  120: '☒',
  159: '•',
  167: '▪',
  168: '◻',
  216: '➢',
  223: '←',
  224: '→',
  225: '↑',
  226: '↓',
  232: '➔',
  251: '✗',
  252: '✓',
  253: '☒',
  254: '☑',
};

/** A character of a font of signs, given as a code; those of the private area (0xF000 on) keep their low byte, which is what was typed. */
export function symbolOf(code: string | undefined, font: string | undefined): string {
  const value = Number.parseInt(code ?? '', 16);
  if (Number.isNaN(value) || value > 0x10ffff) return '';
  const isPrivate = value >= 0xf000 && value <= 0xf0ff;
  const low = isPrivate ? value - 0xf000 : value;
  if (low <= 0xff && /^symbol$/i.test(font ?? '')) return SYMBOL[low - 0x20] ?? '';
  if (low <= 0xff && /^wingdings$/i.test(font ?? '')) return WINGDINGS[low] ?? String.fromCodePoint(low);
  return String.fromCodePoint(low);
}
