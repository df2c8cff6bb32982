/** A message that says more passwords than this is guessing. */
const MAX_CANDIDATES = 24;

/** What people write before a password; the word after it is the candidate. */
const BEFORE =
  /\b(?:pass\s?(?:word|phrase|code)|pwd|pw|kennwort|passwort|mot de passe)\b[^\n]{0,60}?(?:\s(?:is|are|ist|est)\s*:?|[:=\u2013-])\s*(.{1,80})/giu;

/**
 * Passwords that a message's own text names, likeliest first: senders put them into the same mail or the one before it.
 *
 * Bounded, since every candidate costs a try on every locked part.
 */
export function passwordCandidates(text: string): readonly string[] {
  if (!/pass|pwd|\bpw\b|kennwort/i.test(text)) return [];
  const found = new Set<string>();
  for (const match of text.matchAll(BEFORE)) {
    const after = (match[1] as string).trim();
    const quoted = /^["'\u2018\u201c`]([^"'\u2019\u201d`]+)["'\u2019\u201d`]/.exec(after)?.[1];
    if (quoted !== undefined) found.add(quoted);
    const word = after.split(/\s/, 1)[0] ?? '';
    if (word !== '') {
      found.add(word);
      found.add(word.replace(/[.,;:!?)"'\u201d\u2019]+$/, '').replace(/^["'(\u201c\u2018]+/, ''));
    }
    if (found.size >= MAX_CANDIDATES) break;
  }
  return [...found].filter((one) => one !== '').slice(0, MAX_CANDIDATES);
}
