/** Characters that X counts as one; every other counts as two (its documented weighting). */
const LIGHT = [
  [0x0000, 0x10ff],
  [0x2000, 0x200d],
  [0x2010, 0x201f],
  [0x2032, 0x2037],
];
const LINK = /https?:\/\/\S+/gi;
const LINK_LENGTH = 23;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function weigh(character) {
  if (/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(character)) return 2;
  let weight = 0;
  for (const one of character) {
    const code = one.codePointAt(0);
    weight += LIGHT.some(([from, to]) => code >= from && code <= to) ? 1 : 2;
  }
  return weight;
}

/** The length of a text as a channel counts it: X weighs characters and shortens links, the others count what is seen. */
export function countCharacters(text, channel) {
  const normal = text.normalize('NFC');
  if (channel !== 'x') return [...graphemes.segment(normal)].length;
  const links = normal.match(LINK)?.length ?? 0;
  const rest = normal.replaceAll(LINK, '');
  return links * LINK_LENGTH + [...graphemes.segment(rest)].reduce((sum, { segment }) => sum + weigh(segment), 0);
}
