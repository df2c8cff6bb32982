import { ANY_NUMBER, ANY_WORD, parsePattern } from './pattern.ts';
import type { Token } from './tokenise.ts';

/** A phrase found among tokens: half-open range of token indexes, and what the phrase stands for. */
export interface PhraseMatch<T> {
  readonly from: number;
  readonly to: number;
  readonly value: T;
}

/** A place between two words of a pattern. */
interface State<T> {
  readonly id: number;
  readonly edges: Map<string, State<T>[]>;
  readonly values: T[];
}

/** A set of states reached by the same words, with its ways on found as they are needed. */
interface Node<T> {
  readonly states: readonly State<T>[];
  readonly values: readonly T[];
  readonly next: Map<string, Node<T> | null>;
}

/** Longest run of words that one phrase may match; bounds the work at each token. */
const LONGEST_PHRASE = 16;

/** Cached nodes beyond this are dropped and found again, so that odd text cannot fill the memory. */
const MOST_NODES = 60_000;

/**
 * All phrases of a vocabulary as one automaton over words, so that a text is read once whatever the size of the vocabulary.
 *
 * Work is linear in the text: at each token at most `LONGEST_PHRASE` steps. States are merged as text asks for them, so loading is cheap too.
 */
export class PhraseIndex<T> {
  readonly words: Set<string> = new Set();
  private readonly start: State<T> = { id: 0, edges: new Map(), values: [] };
  private nodes = new Map<string, Node<T>>();
  private root: Node<T> = { states: [this.start], values: [], next: new Map() };
  private made = 1;

  add(pattern: string, value: T): void {
    let frontier: State<T>[] = [this.start];
    for (const { choices, optional } of parsePattern(pattern)) {
      const after = this.makeState();
      for (const choice of choices) this.connect(frontier, choice, after);
      frontier = optional ? [...frontier, after] : [after];
    }
    for (const state of frontier) state.values.push(value);
  }

  private makeState(): State<T> {
    const state: State<T> = { id: this.made, edges: new Map(), values: [] };
    this.made += 1;
    return state;
  }

  private connect(from: readonly State<T>[], words: readonly string[], to: State<T>): void {
    let frontier = from;
    words.forEach((word, index) => {
      this.words.add(word);
      const target = index === words.length - 1 ? to : this.makeState();
      for (const state of frontier) {
        const targets = state.edges.get(word);
        if (targets === undefined) state.edges.set(word, [target]);
        else if (!targets.includes(target)) targets.push(target);
      }
      frontier = [target];
    });
  }

  /** Every phrase in the tokens, in order of its first word; a hyphen between words counts as a blank, layout breaks a phrase. */
  match(tokens: readonly Token[]): readonly PhraseMatch<T>[] {
    if (this.nodes.size > MOST_NODES) {
      this.nodes = new Map();
      this.root = { states: [this.start], values: [], next: new Map() };
    }
    const found: PhraseMatch<T>[] = [];
    // Looked up once a token, though up to `LONGEST_PHRASE` phrases may run over it.
    const keys = tokens.map((token) => this.keyOf(token));
    for (let from = 0; from < tokens.length; from += 1) {
      let node = this.step(this.root, tokens[from] as Token, keys[from]);
      let at = from;
      for (let depth = 0; node !== null && depth < LONGEST_PHRASE; depth += 1) {
        for (const value of node.values) found.push({ from, to: at + 1, value });
        at += 1;
        if (isHyphen(tokens, at)) at += 1;
        const token = tokens[at];
        if (token === undefined) break;
        node = this.step(node, token, keys[at]);
      }
    }
    return found;
  }

  /** What a token is looked up by; null for a mark or symbol that no phrase has. */
  private keyOf({ kind, text }: Token): string | null {
    const known = this.words.has(text);
    if (kind === 'number') return known ? `<n>${text}` : ANY_NUMBER;
    if (known) return text;
    return kind === 'word' ? ANY_WORD : null;
  }

  private step(node: Node<T>, token: Token, key: string | null | undefined): Node<T> | null {
    if (key === null || key === undefined) return null;
    const cached = node.next.get(key);
    if (cached !== undefined) return cached;
    const any = token.kind === 'number' ? ANY_NUMBER : token.kind === 'word' ? ANY_WORD : null;
    const next = this.merge(node, any === null ? [token.text] : [any, token.text]);
    node.next.set(key, next);
    return next;
  }

  private merge(node: Node<T>, words: readonly string[]): Node<T> | null {
    const states = [...new Set(words.flatMap((word) => node.states.flatMap((state) => state.edges.get(word) ?? [])))];
    if (states.length === 0) return null;
    const key = states
      .map(({ id }) => id)
      .sort((a, b) => a - b)
      .join();
    let merged = this.nodes.get(key);
    if (merged === undefined) {
      merged = { states, values: [...new Set(states.flatMap(({ values }) => values))], next: new Map() };
      this.nodes.set(key, merged);
    }
    return merged;
  }
}

function isHyphen(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return token?.kind === 'mark' && token.text === '-' && token.glued && tokens[at + 1]?.glued === true;
}
