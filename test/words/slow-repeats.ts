/**
 * Names the repeats of a regular expression that can take more than linear time to fail: one within another, and two in a row that
 * may share characters (Kirrage, Rathnayake and Thielecke, "Static analysis for regular expression denial-of-service attacks", 2013).
 *
 * It errs towards naming: a bounded repeat of more than `MANY` counts as without end. Look-around is read like a group.
 */
export function slowRepeats(source: string): readonly string[] {
  const found: string[] = [];
  new Reader(source, found).alternatives();
  return [...new Set(found)];
}

/** A repeat bounded by this many is as good as none on hostile text. */
const MANY = 64;

/** Characters that stand for their kinds. */
const SAMPLE = [...'azAZ09_ \t\n-.,:;!?/\\|<>()[]{}"\'@#$%&*+=~^`£é€你'];

interface Piece {
  readonly chars: ReadonlySet<string>;
  /** What it may begin with. */
  readonly starts: ReadonlySet<string>;
  readonly endless: boolean;
  readonly optional: boolean;
  /** A repeat without end stands in it. */
  readonly inner: boolean;
  readonly text: string;
}

type Atom = Pick<Piece, 'chars' | 'starts' | 'optional' | 'inner'>;

class Reader {
  private at = 0;
  private readonly source: string;
  private readonly found: string[];

  constructor(source: string, found: string[]) {
    this.source = source;
    this.found = found;
  }

  alternatives(): Atom {
    const branches: Piece[][] = [[]];
    while (this.at < this.source.length && this.source[this.at] !== ')') {
      if (this.source[this.at] === '|') {
        this.at += 1;
        branches.push([]);
        continue;
      }
      const piece = this.piece();
      if (piece !== null) branches.at(-1)?.push(piece);
    }
    for (const branch of branches) this.inARow(branch);
    return {
      chars: new Set(branches.flatMap((branch) => branch.flatMap(({ chars }) => [...chars]))),
      optional: branches.some((branch) => branch.every(({ optional }) => optional)),
      starts: new Set(branches.flatMap(startsOf)),
      inner: branches.some((branch) => branch.some(({ endless, inner }) => endless || inner) && !isParted(branch)),
    };
  }

  /** Two endless repeats that may share a character, with nothing between that must be another one. */
  private inARow(branch: readonly Piece[]): void {
    branch.forEach((piece, index) => {
      if (!piece.endless) return;
      for (const next of branch.slice(index + 1)) {
        const shared = [...next.starts].some((char) => piece.chars.has(char));
        if (next.endless && shared) this.found.push(`${piece.text}${next.text}`);
        if (!next.optional && !shared) return;
        if (!next.optional && !next.endless) return;
      }
    });
  }

  private piece(): Piece | null {
    const from = this.at;
    const atom = this.atom();
    if (atom === null) return null;
    const [least, most] = this.quantifier();
    const endless = most > MANY;
    const text = this.source.slice(from, this.at);
    if (endless && atom.inner) this.found.push(text);
    return { ...atom, endless, optional: least === 0 || atom.optional, text };
  }

  private atom(): Atom | null {
    const char = this.source[this.at] as string;
    if (char === '^' || char === '$') {
      this.at += 1;
      return null;
    }
    if (char === '(') {
      this.at += 1;
      const opening = /^\?(?:[:=!]|<[=!]|<\w+>)/.exec(this.source.slice(this.at));
      this.at += opening?.[0].length ?? 0;
      const inside = this.alternatives();
      this.at += 1;
      return inside;
    }
    const whole =
      /^(?:\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|[\s\S])/u.exec(
        this.source.slice(this.at),
      ) as RegExpExecArray;
    this.at += whole[0].length;
    if (whole[0] === '\\b' || whole[0] === '\\B') return null;
    const one = new RegExp(`^(?:${whole[0]})$`, /^\\[pPu]|\\[pPu]/.test(whole[0]) ? 'iu' : 'i');
    const literal = /^[^\\[.]/.test(whole[0]) ? [whole[0].toLowerCase()] : [];
    const chars = new Set([...SAMPLE.filter((sample) => one.test(sample)), ...literal]);
    return { chars, starts: chars, optional: false, inner: false };
  }

  private quantifier(): readonly [least: number, most: number] {
    const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.source.slice(this.at));
    if (found === null) return [1, 1];
    this.at += found[0].length;
    if (found[0].startsWith('*')) return [0, Infinity];
    if (found[0].startsWith('+')) return [1, Infinity];
    if (found[0].startsWith('?')) return [0, 1];
    const least = Number(found[1]);
    return [least, found[2] === '' ? least : found[3] === '' ? Infinity : Number(found[3])];
  }
}

function startsOf(branch: readonly Piece[]): readonly string[] {
  const first = branch.findIndex(({ optional }) => !optional);
  return branch.slice(0, first < 0 ? branch.length : first + 1).flatMap(({ starts }) => [...starts]);
}

/** Something that must stand once in each round, and that no endless repeat of the round may take: rounds cannot be told apart in two ways. */
function isParted(branch: readonly Piece[]): boolean {
  const taken = new Set(branch.filter(({ endless }) => endless).flatMap(({ chars }) => [...chars]));
  return branch.some(
    ({ endless, optional, inner, chars }) =>
      !endless && !optional && !inner && ![...chars].some((char) => taken.has(char)),
  );
}
