import type { CompiledRules } from '../src/rules/compiled-rules.ts';
import type { Measure } from '../src/rules/subject.ts';
import type { Taught } from './taught-sentences.ts';

const MOVES = [
  'has risen',
  'fell',
  'is up',
  'is down again',
  'went up',
  'dropped',
  'is unchanged',
  'hit a record',
  'rose slightly',
  'is at its lowest since 2009',
];

/** What stands before a statement and says nothing of whose it is. */
const LABELS = ['Update', 'Breaking', 'New', 'Latest', 'Headline', 'FYI', 'Just in', 'Alert', 'News', 'Reminder'];
const FALLS = ['down to', 'up to', 'at', 'falls to', 'climbs to'];

/**
 * The plainest statements there are, of each measure that the rules know: no writer of sentences troubles to write them down, and they
 * must be found before all others.
 */
export function plainStatements({ subjects }: CompiledRules): readonly Taught[] {
  return subjects.flatMap((subject) =>
    subject.measures.flatMap((measure, index) => {
      const name = measure.title.toLowerCase();
      const [value, other] = quantitiesOf(measure, index);
      return [
        `The ${name} is ${value}.`,
        `The ${name} stood at ${value}.`,
        `${measure.title} was ${value}.`,
        ...(measure.units.includes('percent')
          ? [`The ${name} is ${70 + index} per cent.`, `The ${name} is ${5 + index}%.`]
          : []),
        `${measure.title}: ${value}`,
        `${measure.title} ${value}, ${other} before`,
        ...MOVES.map((move) => `${measure.title} ${move}.`),
        `${measure.title} up from ${other} to ${value}.`,
        ...FALLS.map((move, at) => `${nth(LABELS, index + at)}: ${name} ${move} ${value}.`),
        ...FALLS.map((move) => `${measure.title} ${move} ${value}`),
        ...writtenForms(measure, index).flatMap((form) => [`The ${name} is ${form}.`, `${measure.title}: ${form}`]),
      ].map((text) => ({ text, indicates: true, subject: subject.id, weight: 1 }));
    }),
  );
}

/** A measure moved by somebody, or set against a place: `@` is the name, `%` the measure, `#` its figure. */
const CAUSES: readonly (readonly [kind: 'firm' | 'abroad', words: string])[] = [
  ['firm', 'Closures at @ pushed % to #.'],
  ['abroad', 'It fell in @, and here % rose to #.'],
  ['firm', '@ deal takes % to #'],
  ['abroad', '@ lost ground, Britain’s % reached #.'],
  ['firm', 'Share sale by @ cuts % to #.'],
  ['firm', 'Prices at @ and its rivals brought % down to #.'],
  ['abroad', 'Unlike that of @, our % is down, to #.'],
];

/** Statements with the name of a firm or a place abroad as cause or contrast: it takes nothing from them. */
export function causedStatements(
  { subjects }: CompiledRules,
  names: Readonly<Record<'firm' | 'abroad', readonly string[]>>,
): readonly Taught[] {
  return subjects.flatMap((subject) =>
    subject.measures.flatMap((measure, index) =>
      CAUSES.map(([kind, words], at) => ({
        text: words
          .replace(
            '@',
            nth(names[kind], index * 7919 + at * 104_729).replace(/(?:^|\s)\p{L}/gu, (c) => c.toUpperCase()),
          )
          .replace('%', measure.title.toLowerCase())
          .replace('#', quantitiesOf(measure, index)[at % 2] as string),
        indicates: true,
        subject: subject.id,
        weight: 1,
      })),
    ),
  );
}

function nth(list: readonly string[], at: number): string {
  return list[at % list.length] ?? '';
}

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** A figure as people write it who do not write "4.1%". */
function writtenForms({ units }: Measure, index: number): readonly string[] {
  const [whole, tenth] = [1 + (index % 9), (3 * index + 2) % 10];
  const figure = `${whole}.${tenth}`;
  const spoken = `${DIGITS[whole]} point ${DIGITS[tenth]}`;
  const hyphened = spoken.replaceAll(' ', '-');
  if (units.includes('percent'))
    return [
      ...[`${figure}[${1 + (index % 4)}] per cent`, `${figure}0%`, `${figure}% [r]`],
      ...[`${figure} percent`, `${figure}pc`, `${figure.replace('.', ',')} %`, `${figure.replace('.', '·')} percent`],
      ...[`${spoken} percent`, `${spoken} per cent`, `${hyphened} percent`, `${hyphened} per cent`],
      ...[`${DIGITS[whole]} and a half per cent`, `${DIGITS[whole]} percent`, `just over ${DIGITS[whole]} per cent`],
    ];
  if (units.some((unit) => unit.startsWith('gbp')))
    return [`${figure} billion pounds`, `${spoken} billion pounds`, `£${figure}bn`, `GBP ${figure} billion`];
  return [
    `${figure}m`,
    `${spoken} million`,
    `${hyphened} million`,
    `${whole},${tenth}00,000`,
    `${whole}'${tenth}00'000`,
    `${whole}\u2009${tenth}00\u2009000`,
    `${whole}${tenth}0 thousand`,
  ];
}

const NOTICES = [
  (name: string) => `The ${name} statistics are out at 9:30 tomorrow.`,
  (name: string) => `${capital(name)} figures are published on Thursday.`,
  (name: string) => `The next ${name} release is on 12 May at 9.30am.`,
  (name: string) => `Please find the timetable for tomorrow's ${name} release attached.`,
  (name: string) => `What do the ${name} figures show?`,
  (name: string) => `Do not share the ${name} statistics before 9:30.`,
  (name: string) => `The minister will comment on the ${name} statistics once they are out.`,
  (name: string) => `We look at ${name} every month.`,
];

/** The plainest words about each subject that tell nothing of what its statistics show. */
export function plainNotices({ subjects }: CompiledRules): readonly Taught[] {
  return subjects.flatMap(({ title }) =>
    NOTICES.map((write) => ({ text: write(title.toLowerCase()), indicates: false, subject: null, weight: 2 })),
  );
}

function capital(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

function quantitiesOf({ units }: Measure, index: number): readonly [string, string] {
  if (units.includes('percent')) return [`${3 + index}.${index + 1}%`, `${2 + index}.${index + 4} per cent`];
  if (units.some((unit) => unit.startsWith('gbp'))) return [`£${11 + index}.4 billion`, `£${10 + index}.9bn`];
  return [`${3 + index}.1 million`, `${3 + index}20,000`];
}
