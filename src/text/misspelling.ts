/** Shorter words have too many honest neighbours to be taken for a slip of another. */
const SHORTEST = 9;
/** Two letters swapped are hardly ever another word; from this length on they are put right. */
const SHORTEST_SWAPPED = 5;
const LONGEST = 20;

/** Words of their own that one slip would make a word of figures; found by trying a dictionary. */
const HONEST: ReadonlySet<string> = new Set(
  `adverts averts angel angle backside backsides balded baldy beaching barley bread beard betas blot bolt brunt bugling carets cerate cerated cerates clams cofounded
  cofounding cofounds competed competes competing complected complied contacted contacting contacts contact counties crates crepes crumbing causal casual dairy diary
  deceased deceases deceasing delation deployed deployment deprecate deprecated deprecates deprecating diagnoseable dorps economises economizes expended exited fattened
  fattening flies foundered foundering founders form from frictional froward heathier heathiest hartening indictors insection lair liar leapfrogged leapfrogging liens loess
  malis martial marital meters metres metes minuets multiples outplacing outrunning outrowing overeating overtasking pairs pervious plied plies predicated predicating
  predication predications prefect preform preformed preforming preforms prioritises prioritizes propelling quite quiet reflations recoding reserve reverse resectable restated
  restating reweighing retiling retuning sacred salve scared semes shoers shrining sidestepped sidestepping silt slit singed singing sings sites soras sparking stimulation
  strategises tiers tired teras toady trail trial trials trilling trouling turnround tweenagers tyers tyring uncarted underpinned underpinning unhanged united unsetting untied
  wakening witling wroth filed field redundances outlaying statuary statutory`.split(/\s+/),
);

/**
 * Finds the word of a vocabulary that a misspelt one stands for: one letter missing or too many within a long word, two swapped, a consonant not doubled.
 *
 * The first and the last letter must be right, and the word itself unknown; work at each word is linear in its length.
 */
export class Misspellings {
  private readonly byGap = new Map<string, string>();
  private readonly words: ReadonlySet<string>;

  constructor(words: ReadonlySet<string>) {
    this.words = words;
    for (const word of words)
      if (word.length >= SHORTEST && word.length <= LONGEST && /^[a-z]+$/.test(word))
        for (const gap of gapsOf(word)) if (!this.byGap.has(gap)) this.byGap.set(gap, word);
  }

  /** The word meant; null where it is none, or an honest word of its own. */
  meant(word: string): string | null {
    if (word.length < SHORTEST_SWAPPED || word.length > LONGEST || this.words.has(word) || HONEST.has(word))
      return null;
    for (let at = 1; at < word.length - 2; at += 1) {
      const swapped = word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
      if (word[at] !== word[at + 1] && this.words.has(swapped)) return swapped;
    }
    const doubled = /^([a-z]{2,}[aeiou])([bdgklmnprt])(ed|ing)$/.exec(word);
    if (doubled !== null) {
      const [, stem, consonant, ending] = doubled;
      const spelt = `${stem}${consonant}${consonant}${ending}`;
      if (this.words.has(spelt)) return spelt;
    }
    // One letter too few: the word is what a vocabulary word leaves when it loses one.
    const longer = word.length >= SHORTEST - 1 ? this.byGap.get(word) : undefined;
    if (longer !== undefined) return longer;
    if (word.length <= SHORTEST) return null;
    for (const gap of gapsOf(word)) if (gap.length >= SHORTEST && this.words.has(gap)) return gap;
    return null;
  }
}

/** A word with each of its inner letters left out. */
function* gapsOf(word: string): Generator<string> {
  for (let at = 1; at < word.length - 1; at += 1) yield word.slice(0, at) + word.slice(at + 1);
}
