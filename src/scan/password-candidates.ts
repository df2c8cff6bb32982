/** A message that says more passwords than this is guessing. */
const MAX_CANDIDATES = 24;

/** Words for it: English, German, French, Spanish, Dutch, Welsh. */
const NAMED =
  'pass\\s?(?:word|phrase|code|wd)?|pwd|pw|pin|kennwort|passwort|mot de passe|contraseña|wachtwoord|cyfrinair';
/** What people write before a password, on its line or the line above; the word after it is the candidate. */
const BEFORE = new RegExp(
  `\\b(?:${NAMED})\\b[^\\n]{0,60}?(?:\\s(?:is|are|ist|lautet|est|es|yw|below|follows)\\s*:?|[:=\\u2013\\u2014-]|\\t)\\s*(\\S[^\\n]{0,79})`,
  'giu',
);
/** The other way round: "use X as the password". */
const AFTER = new RegExp(
  `\\b(?:use|using|enter|type|with)\\s+(\\S{3,40})\\s+(?:as|for)\\s+(?:the|your|its)?\\s*(?:${NAMED})\\b`,
  'giu',
);
/** What all of the words have; a look that costs a tenth of the full one, which most texts need not. */
const HINTED = /pass|pwd|pw|pin|kennwort|contrase|wachtwoord|cyfrinair/i;
const MENTIONED = new RegExp(`(?<!\\p{L})(?:${NAMED})(?!\\p{L})`, 'iu');
/** Letters and digits mixed, or signs among them, as nobody writes a word: tried last. */
const ODD = /(?<![\w/@.])(?=\S*[\p{L}])(?=\S*[\d!#$%&*+?^_~@])[\p{L}\d!#$%&*+?^_~@.-]{6,40}(?![\w/@])/gu;
/** A text longer than this is no note, and full of odd words. */
const SHORT = 4096;
/** Closing marks that end a sentence and no password, and the marks around it. */
const ENDS = /[.,;:!?)"'\u201d\u2019\]>]+$/;
const STARTS = /^["'(\u201c\u2018[<]+/;

/**
 * Passwords that a message's own text names, likeliest first: senders put them into the same mail or the one before it.
 *
 * Bounded, since every candidate costs a try on every locked part.
 */
export function passwordCandidates(text: string): readonly string[] {
  const alone = text.trim();
  // A mail that says one word and nothing else: its subject says what for.
  if (/^\S{4,40}$/.test(alone) && /\d|[^\p{L}\d]/u.test(alone)) return [alone];
  if (!HINTED.test(text) || !MENTIONED.test(text)) return [];
  const found = new Set<string>();
  for (const match of text.matchAll(BEFORE)) addReadings(found, (match[1] as string).trim());
  for (const match of text.matchAll(AFTER)) addReadings(found, match[1] as string);
  if (text.length <= SHORT)
    for (const match of text.matchAll(ODD)) if (!/\.\p{L}{2,4}$/u.test(match[0])) found.add(match[0]);
  return [...found].filter((one) => one !== '').slice(0, MAX_CANDIDATES);
}

/** What may be meant by what follows: the quoted, the first word as it stands and without what ends its sentence, the whole line. */
function addReadings(found: Set<string>, after: string): void {
  const quoted = /^["'\u2018\u201c\u00ab`]\s?([^"'\u2019\u201d\u00bb`]+?)\s?["'\u2019\u201d\u00bb`]/.exec(after)?.[1];
  if (quoted !== undefined) found.add(quoted);
  const word = after.split(/\s/, 1)[0] ?? '';
  found.add(word.replace(ENDS, '').replace(STARTS, ''));
  found.add(word);
  // A phrase of a few words, to the end of its line.
  if (/^\S+(?: \S+){1,5}$/.test(after)) found.add(after.replace(/[.,;]$/, ''));
}
