import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTrial, type Trial, type TrialFigures } from '../oracle/a-trial.ts';
import { withoutIds } from '../oracle/page-text.ts';
import { dumpOf, foundIn, shapeOf } from '../oracle/what-is-kept.ts';
import {
  noticesOf,
  seenByKeepers,
  seenFromElsewhere,
  seenOnCommandLine,
  seenOverHttp,
  seenOverSmtp,
  toldToSenders,
} from '../oracle/what-outsiders-see.ts';
import { seenByTwo } from '../oracle/what-two-people-see.ts';
import { TOKEN } from '../services/start-holdfast.ts';

// Promises 4 and 5 on the running product: two of it whose registers differ in figures alone, given the same drafts and mails.
// A hundred and sixty answers and replies each: the ten thousand draws are `no-oracle-in-words`.

const ONE: TrialFigures = { employmentRate: '74.13579', unemploymentRate: '5.08642', peopleInWork: '31387654' };
const OTHER: TrialFigures = { employmentRate: '72.97531', unemploymentRate: '6.91357', peopleInWork: '30912876' };
const SECRETS = [ONE, OTHER].flatMap((figures) => [
  ...Object.values(figures),
  figures.peopleInWork.replace(/(\d+)(\d{3})(\d{3})/, '$1,$2,$3'),
]);

/** Right over the one register or the other, roundly, exactly, or in words. */
const HELD = [
  'The employment rate is 74.1 per cent, unemployment 5.1%.',
  'Employment at 73%, unemployment 6.9 per cent',
  'unemployment: five point one per cent',
  `There are ${ONE.peopleInWork} people in work.`,
  `There are ${OTHER.peopleInWork} people in work.`,
  'Employment rate up 0.2 points, to a record high 📈',
  'The employment rate fell to 74.13579%.',
];
const FREE = ['The labour market statistics are out at 9:30 today.', 'Lunch at 12.30, table for 74.'];
const DRAFTS = [...HELD, ...FREE];

interface Seen {
  readonly answers: Readonly<Record<string, readonly string[]>>;
  readonly places: Readonly<Record<string, readonly Buffer[]>>;
}

const WORK = mkdtempSync(join(tmpdir(), 'holdfast-drafts-'));
const seen: Seen[] = [];

async function metricsOf({ holdfast }: Trial): Promise<string> {
  return (await fetch(`${holdfast.http}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
}

/** Log lines, each once, without what is another number or id with every run. */
function kindsOfLine(log: string): readonly string[] {
  const lines = withoutIds(log)
    .split('\n')
    .map((line) => line.replace(/"hostname":"[^"]*"/, '').replace(/\d+(?:\.\d+)?/g, '#'));
  return [...new Set(lines)].filter((line) => line.startsWith('{')).sort();
}

/**
 * Mails are judged side by side, and how many guesses an author made hangs on their order: alerts of probing differ from run to run,
 * with the same figures too. `probing-changes-nothing` has them one after the other.
 */
function isOrdered(line: string): boolean {
  return !/probing|tries out figures/.test(line);
}

async function observe(figures: TrialFigures): Promise<Seen> {
  const trial = await startTrial(figures);
  const files = DRAFTS.map((text, index) => {
    const file = join(WORK, `draft-${index}.txt`);
    writeFileSync(file, text);
    return file;
  });
  try {
    const { api, pages } = await seenOverHttp(trial, DRAFTS, HELD.length);
    const smtp = await seenOverSmtp(trial, DRAFTS);
    const commandLine = await seenOnCommandLine(trial, files, WORK);
    const elsewhere = await seenFromElsewhere(trial, DRAFTS);
    const notices = await noticesOf(trial, FREE.length);
    const told = await toldToSenders(trial, 2 * HELD.length);
    const metrics = await metricsOf(trial);
    const rows = await dumpOf(trial.database);
    const counters = metrics
      .split('\n')
      .filter((line) => /^holdfast_\w+_total/.test(line))
      .filter(isOrdered)
      .sort();
    const shape = (await shapeOf(trial.database)).filter(isOrdered);
    const keeping = await seenByKeepers(trial);
    const two = await seenByTwo(trial);
    const log = trial.said();
    const text = (...parts: readonly string[]) => [Buffer.from(parts.join('\n'), 'utf8')];
    return {
      answers: {
        api,
        pages,
        keeping,
        proposals: two.pages,
        reviewersMail: two.mails,
        smtp,
        commandLine,
        elsewhere,
        notices,
        told,
        counters,
        shape,
        log: kindsOfLine(log).filter(isOrdered),
      },
      places: {
        'the database': rows,
        'the log': text(log),
        'the metrics': text(metrics),
        'what Redis was told': text(trial.redisSaid()),
        'notices and replies': text(...smtp, ...notices, ...told, ...elsewhere, ...commandLine),
        'answers of the API': text(...api),
      },
    };
  } finally {
    await trial.close();
  }
}

beforeAll(async () => {
  seen.push(...(await Promise.all([observe(ONE), observe(OTHER)])));
}, 300_000);
afterAll(() => rmSync(WORK, { recursive: true, force: true }));

const SURFACES = [
  'api',
  'pages',
  'keeping',
  'proposals',
  'reviewersMail',
  'smtp',
  'commandLine',
  'elsewhere',
  'notices',
  'told',
  'counters',
  'shape',
  'log',
];

it.each(SURFACES)('is the same, byte for byte, whatever the figures are: %s', (surface) => {
  const [one, other] = seen.map(({ answers }) => answers[surface] ?? []);
  expect(one?.length).toBeGreaterThan(0);
  expect(other).toEqual(one);
});

it('held what indicates the release and let the rest go, so that there was something to compare', () => {
  const api = seen[0]?.answers['api']?.join('\n') ?? '';
  expect(api.match(/"verdict":"hold"/g)?.length).toBeGreaterThan(3 * HELD.length - 1);
  expect(api).toContain('"verdict":"pass"');
  expect(api).toContain('400\n');
  expect(seen[0]?.answers['smtp']?.join('\n')).toContain('held');
});

it.each([0, 1])(
  'leaves no planted figure in database, log, metrics, job payloads, notices or answers: run %i',
  (run) => {
    const places = seen[run]?.places ?? {};
    expect(foundIn(places, SECRETS)).toEqual([]);
    expect(foundIn(places, ['Equals the embargoed'])).toEqual([]);
    // The search finds what is there: in the rows, and in what Redis was told.
    expect(foundIn(places, ['labour-market-2016-01'])).toContain('labour-market-2016-01 in the database, form 0');
  },
);
