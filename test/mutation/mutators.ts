/** One change of one place in a source. */
export interface Mutant {
  readonly line: number;
  readonly what: string;
  readonly mutated: string;
}

/** What is written, and what stands in its place: each a mistake that a person makes. */
const MUTATORS: readonly (readonly [RegExp, string])[] = [
  [/ === /g, ' !== '],
  [/ !== /g, ' === '],
  [/ < /g, ' <= '],
  [/ <= /g, ' < '],
  [/ > /g, ' >= '],
  [/ >= /g, ' > '],
  [/ && /g, ' || '],
  [/ \|\| /g, ' && '],
  [/ \+ 1\b/g, ' - 1'],
  [/ - 1\b/g, ' + 1'],
  [/\btrue\b/g, 'false'],
  [/\bfalse\b/g, 'true'],
  [/\.some\(/g, '.every('],
  [/\.every\(/g, '.some('],
  [/Math\.max\(/g, 'Math.min('],
  [/Math\.min\(/g, 'Math.max('],
  [/\bif \((?!.*\blet\b)/g, 'if (!'],
  [/(?<=[(\s])!(?=[a-zA-Z(])/g, ''],
  [/\bcontinue;/g, ''],
  [/ \?\? (?=[a-z0-9'[])/g, ' && '],
  [/\.startsWith\(/g, '.endsWith('],
  [/\.slice\(1\)/g, '.slice(0)'],
  [/(?<=[( ,[])0(?=[),\];])/g, '1'],
];

/** Every mutant of a source, in the order of its text; comments, imports, types and the inside of strings are left alone. */
export function mutantsOf(source: string): readonly Mutant[] {
  const code = blankOut(source);
  const lines = code.split('\n');
  const mutants = MUTATORS.flatMap(([pattern, replacement]) =>
    [...code.matchAll(pattern)].flatMap(({ index, 0: found }) => {
      const line = code.slice(0, index).split('\n').length;
      const text = lines[line - 1] ?? '';
      if (/^\s*(?:import|export type|type|readonly|interface|\|)\b/.test(text) || /^\s*\|/.test(text)) return [];
      const mutated = source.slice(0, index) + replacement + source.slice(index + found.length);
      // `if (!a && b)` would negate its first part alone.
      const whole = found.startsWith('if (') ? negateCondition(source, index) : mutated;
      return whole === null
        ? []
        : [{ index, line, what: `${found.trim()} → ${replacement.trim() || 'nothing'}`, mutated: whole }];
    }),
  );
  return mutants.toSorted((one, other) => one.index - other.index).map(({ index: _, ...mutant }) => mutant);
}

function negateCondition(source: string, index: number): string | null {
  const open = source.indexOf('(', index);
  let depth = 0;
  for (let at = open; at < source.length; at++) {
    if (source[at] === '(') depth += 1;
    if (source[at] === ')') depth -= 1;
    if (depth === 0) return `${source.slice(0, open)}(!(${source.slice(open + 1, at)}))${source.slice(at + 1)}`;
  }
  return null;
}

/** The source with comments and the insides of strings and regular expressions as blanks, of the same length. */
function blankOut(source: string): string {
  const blank = (text: string) => text.replaceAll(/[^\n]/g, ' ');
  return source.replaceAll(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=[(=,:[!&|?{};]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g,
    (found) => (/^['"`]/.test(found) ? `${found[0]}${blank(found.slice(1, -1))}${found.at(-1)}` : blank(found)),
  );
}
