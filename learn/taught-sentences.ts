import { readFileSync } from 'node:fs';
import type { CompiledRules } from '../src/rules/compiled-rules.ts';
import { caseSchema } from '../src/scan/evaluate-set.ts';

/** A text and what is to be learned from it. */
export interface Taught {
  readonly text: string;
  readonly indicates: boolean;
  /** Id of the subject; null where it is none, or more than one. */
  readonly subject: string | null;
  /** How many sentences it counts for. */
  readonly weight: number;
}

/** Rules are proven by their examples, so those have to come out right. */
const WEIGHT_OF_EXAMPLES = 4;

/** Words that sets have for the subjects, by what they begin with. */
const TOPICS: readonly (readonly [RegExp, string])[] = [
  [/mental|suicide|camhs/, 'mental-health'],
  [
    /^(?:labour|employ|unemploy|inactiv|earning|wage|pay\b|vacanc|hours|job|redundan|self-employ|work)/,
    'labour-market',
  ],
  [/^(?:gdp|growth|productiv|econom|output|services$|construction output)/, 'gdp'],
  [/inflation|cpi|rpi|^prices|producer price|consumer price/, 'inflation'],
  [/public.?financ|borrow|deficit|debt|tax receipts|receipts/, 'public-finances'],
  [/retail|high street/, 'retail-sales'],
  [/trade|export|import/, 'trade'],
  [/migrat|asylum|visa|small boat/, 'migration'],
  [/house.?price|property price|land registry|rents?$|private rent/, 'house-prices'],
  [/social.?hous|homeless|housing|lettings|rough sleep/, 'social-housing'],
  [/crime|offence|police|homicide|knife|court|prison/, 'crime'],
  [/nhs|wait|a&e|ambulance|hospital|health/, 'health-waiting-times'],
  [/benefit|universal credit|pip\b|claimant/, 'benefits'],
  [/cultur|museum|heritage|arts|visits/, 'culture'],
];

/** The lines of a set of sentences (`holdfast evaluate`). */
export function readSet(file: string): readonly Taught[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { text, expect, direction, subject, topic } = caseSchema.parse(JSON.parse(line));
      const indicates = expect === undefined ? direction !== 'none' : expect === 'hold';
      return { text, indicates, subject: indicates ? subjectOf(subject ?? topic ?? '') : null, weight: 1 };
    });
}

function subjectOf(name: string): string | null {
  const lower = name.toLowerCase();
  return TOPICS.find(([words, id]) => lower === id || words.test(lower))?.[1] ?? null;
}

/** What the rules say of themselves: what guards silence, and the near-misses of all others, may go. */
export function examplesOfRules({ subjects, directions }: CompiledRules): readonly Taught[] {
  const all = [
    ...subjects.map(({ id, examples }) => ({ examples, subject: id as string | null, isGuard: false })),
    ...directions.map(({ kind, examples }) => ({ examples, subject: null, isGuard: kind === 'guard' })),
  ];
  return all.flatMap(({ examples, subject, isGuard }) => [
    ...examples.match.map((text) => ({
      text,
      indicates: !isGuard,
      subject: isGuard ? null : subject,
      weight: WEIGHT_OF_EXAMPLES,
    })),
    ...examples.clean.map((text) => ({ text, indicates: isGuard, subject: null, weight: WEIGHT_OF_EXAMPLES })),
  ]);
}

/** What joins two sentences to one. */
const JOINTS = [', and ', ' while ', '; ', ', but ', ' - ', ', though ', ' and '];

/**
 * Every second indication once more in one sentence with something that may go, before or after it: what is said beside it does not make it
 * less of one.
 */
export function mixTaught(taught: readonly Taught[]): readonly Taught[] {
  const clean = taught.filter(({ indicates, text }) => !indicates && text.length < 120).map(({ text }) => text);
  if (clean.length === 0) return [];
  return taught
    .filter(({ indicates }) => indicates)
    .flatMap((one, index) => {
      if (index % 2 !== 0) return [];
      const other = clean[(index * 7919) % clean.length] as string;
      const joint = JOINTS[(index >> 1) % JOINTS.length] as string;
      const [head, tail] = index % 4 === 0 ? [one.text, other] : [other, one.text];
      const text = `${head.replace(/[.!?]+\s*$/, '')}${joint}${tail.slice(0, 1).toLowerCase()}${tail.slice(1)}`;
      return [{ ...one, text, weight: 0.5 }];
    });
}

/**
 * Every fourth indication once more after up to three sentences that may go: only what sets a frame for what follows, which whole messages
 * teach, makes it less of one.
 */
export function afterOthers(taught: readonly Taught[]): readonly Taught[] {
  const isShort = ({ text }: Taught): boolean => text.length < 160 && !text.includes('\n');
  const clean = taught.filter((one) => !one.indicates && isShort(one));
  const held = taught.filter((one) => one.indicates && isShort(one));
  if (clean.length === 0 || held.length === 0) return [];
  const cleanAt = (index: number): string => (clean[index % clean.length] as Taught).text;
  return held.flatMap((one, index) => {
    if (index % 4 !== 2) return [];
    const before = Array.from({ length: 1 + ((index >> 2) % 3) }, (_, at) => cleanAt(index * 7919 + at * 104_729));
    return [{ ...one, text: [...before, one.text].map(asSentence).join(' '), weight: 0.5 }];
  });
}

function asSentence(text: string): string {
  return /[.!?]\s*$/.test(text) ? text.trim() : `${text.trim()}.`;
}

/** What people say beside an indication with a firm or a place abroad in it; `%` is where the indication goes. */
const BESIDE: readonly (readonly [kind: 'firm' | 'abroad', words: string])[] = [
  ['firm', 'As @ had warned, %'],
  ['abroad', '%, unlike in @'],
  ['firm', 'While @ is cutting jobs, %'],
  ['abroad', 'I am off to @ on Monday, but %'],
  ['firm', '%, whatever @ told its shareholders'],
  ['abroad', '%, and faster than in @'],
  ['firm', 'The cuts at @ did not change it: %'],
  ['abroad', 'The minister told his hosts in @ that %'],
  ['firm', '%, thanks not least to @'],
  ['abroad', '% while @ did worse'],
];

/** Every fourth indication once more beside a name of each kind in turn: whose name stands there does not make it less of one. */
export function besideNames(
  taught: readonly Taught[],
  names: Readonly<Record<'firm' | 'abroad', readonly string[]>>,
): readonly Taught[] {
  return taught
    .filter(({ indicates, text }) => indicates && text.length < 160)
    .flatMap((one, index) => {
      if (index % 4 !== 1) return [];
      const [kind, frame] = BESIDE[(index >> 2) % BESIDE.length] as (typeof BESIDE)[number];
      const name = names[kind][(index * 7919) % names[kind].length];
      if (name === undefined) return [];
      const opens = frame.startsWith('%');
      const said = one.text.replace(/[.!?]+\s*$/, '');
      const inside = opens ? said : `${said.slice(0, 1).toLowerCase()}${said.slice(1)}`;
      return [{ ...one, text: `${frame.replace('@', capitalised(name)).replace('%', () => inside)}.`, weight: 0.5 }];
    });
}

function capitalised(name: string): string {
  return name.replace(/_/g, ' ').replace(/(?<=^| )\p{Ll}/gu, (letter) => letter.toUpperCase());
}
