const LEAST = 12;
/** Beyond it a password only costs time to hash. */
const MOST = 200;

/** What most guessed passwords are made of; a password that is nothing but these, digits and signs is refused. */
const COMMON = (
  'password passwort passphrase passcode pass word admin administrator root user login logon welcome letmein iloveyou ' +
  'monkey dragon master shadow sunshine princess football baseball superman batman trustno michael jennifer jordan ' +
  'charlie thomas george daniel andrew matthew ashley jessica liverpool arsenal chelsea everton rangers celtic ' +
  'manchester united london england scotland wales ireland britain summer winter spring autumn january february march ' +
  'april may june july august september october november december monday tuesday wednesday thursday friday saturday ' +
  'sunday secret hello computer internet office changeme change default test testing guest temp temporary example ' +
  'holdfast embargo statistics statistic stats release government department census press media team service server ' +
  'database system network security qwertyuiop qwerty qwertz azerty asdfghjkl asdf zxcvbnm zxcv qazwsx wsxedc abcdefghijklmnopqrstuvwxyz ' +
  'abcdefghi abcdef abcd abc one two three four five six seven eight nine zero the my is me new old love god sex'
).split(' ');

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
};

/**
 * What is wrong with a password that somebody chose, in a sentence with what to do; null where it will do.
 *
 * Length and a deny list, and no rule about kinds of characters: those make passwords worse (NCSC, Password policy: updating
 * your approach). `known` are words that go with the account, such as its name and address.
 */
export function faultOfPassword(password: string, known: readonly string[] = []): string | null {
  const letters = [...password];
  if (letters.length < LEAST) {
    return `is too short, use at least ${LEAST} characters: three random words are easy to remember`;
  }
  if (letters.length > MOST) return `is too long, use at most ${MOST} characters`;
  const distinct = new Set(letters.map((letter) => letter.toLowerCase())).size;
  if (distinct < 5) return 'repeats a few characters, use three random words instead';
  const folded = password.toLowerCase();
  const own = known.flatMap((word) => word.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length > 2);
  const words = [...COMMON, ...own];
  const core = folded.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const plain = [folded, ...[folded, core].map((text) => [...text].map((letter) => LEET[letter] ?? letter).join(''))];
  if (plain.some((text) => isMadeOf(text, words))) {
    return 'is one of those that are tried first, use three random words instead';
  }
  return isRun(folded) ? 'is a row of neighbouring characters, use three random words instead' : null;
}

/** Three or more different words are a passphrase, however common each of them is. */
function isMadeOf(text: string, words: readonly string[]): boolean {
  let rest = text;
  const used = new Set<string>();
  for (const word of words.toSorted((one, other) => other.length - one.length)) {
    if (!rest.includes(word)) continue;
    rest = rest.replaceAll(word, ' ');
    used.add(word);
  }
  const left = rest.replaceAll(/[^\p{L}]+/gu, '');
  return left.length < 3 && [...used].filter((word) => word.length > 3).length < 3;
}

function isRun(text: string): boolean {
  const codes = [...text].map((letter) => letter.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0));
  return steps.filter((step) => Math.abs(step) <= 1).length >= steps.length * 0.8;
}
