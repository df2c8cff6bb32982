/** Characters that X counts as one; every other counts as two (twitter-text configuration, version 3). */
const LIGHT = [
  [0x0000, 0x10ff],
  [0x2000, 0x200d],
  [0x2010, 0x201f],
  [0x2032, 0x2037],
];
/** X makes a link of an address with or without its scheme, and not of the full stop or bracket after it. */
const LINK =
  /(?:https?:\/\/[^\s]+|(?<![@\w.-])(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+(?:com|org|net|edu|gov|int|info|eu|uk|scot|wales|cymru|london|ie|io|co|fr|de|nl|us|ca|au|nz|in)\b(?!@)(?:\/[^\s]*)?)/gi;
const AFTER_A_LINK = /[.,;:!?'")\]}»”’…]+$/;
const LINK_LENGTH = 23;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function weigh(character) {
  if (/\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}|\ufe0f\u20e3/u.test(character))
    return 2;
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
  let links = 0;
  const rest = normal.replaceAll(LINK, (link) => {
    links += 1;
    return AFTER_A_LINK.exec(link)?.[0] ?? '';
  });
  return links * LINK_LENGTH + [...graphemes.segment(rest)].reduce((sum, { segment }) => sum + weigh(segment), 0);
}
