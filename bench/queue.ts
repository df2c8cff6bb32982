// The reviewers' queue over many held messages: list, filters, orders and search through the real web and a real PostgreSQL.
//
//   node bench/queue.ts [messages] [requests of each]
//
// Prints the 95th percentile of the server's time and the size of the page; times are compared with those of a queue of 500 in the same run.
import type { Judgement } from '../src/core/verdict.ts';
import { newMessageId } from '../src/service/message-id.ts';
import { startWeb, Visitor } from '../test/fakes/start-web.ts';
import { aDatabase } from '../test/services/a-database.ts';
import { aService, type TestService } from '../test/services/a-service.ts';

const MESSAGES = Number(process.argv[2] ?? 50_000);
const REQUESTS = Number(process.argv[3] ?? 100);
const SMALL = 500;
const AT_ONCE = 64;

const PATHS: Readonly<Record<string, string>> = {
  'newest first': '/review',
  'oldest first': '/review?order=oldest',
  'nearest lift first': '/review?order=lift',
  'a page deep in': '/review?after=DEEP',
  'a page deep in, by lift': '/review?order=lift&after=DEEP',
  'of a release': '/review?entry=labour-market-2016-01',
  'of a rare dataset': '/review?entry=core-lettings-2016-17',
  'by a rare detector': '/review?detector=record-level',
  'by a common detector': '/review?detector=direction',
  'over a day old': '/review?age=1d&order=oldest',
  'lifting within an hour': '/review?lift=1h&order=lift',
  'part of a common sender': '/review?search=press',
  'part of a rare sender': '/review?search=rare.sender',
  'a sender that is not there': '/review?search=nobody.at.all',
  'one recipient': '/review?search=person7%40org3.example',
  'one organisation': '/review?search=org3.example',
  'one message': '/review/DEEP',
  oversight: '/oversight',
  'everything at once': '/review?entry=labour-market-2016-01&detector=direction&search=org3.example&order=lift&lift=1d',
};

const database = await aDatabase();
const house = aService(database);
const { service } = house;
try {
  await fill(house, 0, SMALL);
  const small = await measure('small');
  const start = performance.now();
  await fill(house, SMALL, MESSAGES);
  console.log(`filled to ${MESSAGES} held messages in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  // What autovacuum does after so many rows.
  await database.pool.query('vacuum analyze');
  const large = await measure('large');
  console.log(
    `${'p95, ms'.padEnd(28)}${String(SMALL).padStart(8)}${String(MESSAGES).padStart(8)}${'ratio'.padStart(8)}${'page, KB'.padStart(10)}`,
  );
  for (const [name, { p95, bytes }] of large) {
    const before = small.get(name)?.p95 ?? Number.NaN;
    const cells = [before.toFixed(0), p95.toFixed(0), (p95 / before).toFixed(1)].map((cell) => cell.padStart(8));
    console.log(`${name.padEnd(28)}${cells.join('')}${(bytes / 1024).toFixed(0).padStart(10)}`);
  }
  const worst = Math.max(...[...large.values()].map(({ p95 }) => p95));
  const largest = Math.max(...[...large.values()].map(({ bytes }) => bytes));
  console.log(
    `worst p95 ${worst.toFixed(0)} ms (target 200), largest page ${(largest / 1024).toFixed(0)} KB (target 200)`,
  );
} finally {
  await database.close();
}

/** Held messages as judging leaves them, sealed each with its own key, over the last two weeks. */
async function fill({ store, now }: TestService, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += AT_ONCE) {
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, to - at) }, (_, offset) => insert(store, now, at + offset)),
    );
  }
}

async function insert(store: TestService['store'], now: number, index: number): Promise<void> {
  const receivedAt = now - Math.floor(((MESSAGES - index) / MESSAGES) * 14 * 86_400_000);
  const id = newMessageId(receivedAt);
  const isRare = index % 997 === 0;
  const from = isRare ? `rare.sender${index}@department.example` : `press${index % 50}@department.example`;
  const to = Array.from(
    { length: 1 + (index % 5) },
    (_, place) => `person${(index + place) % 90}@org${index % 40}.example`,
  );
  await store.messages.insert({
    id,
    kind: 'email',
    receivedAt,
    publishAt: null,
    envelope: { from, to },
    messageId: `<${id}@department.example>`,
    content: Buffer.from(`From: ${from}\nSubject: lines ${index}\n\nrecord employment\n`),
    transport: {},
  });
  const claimant = `bench/${id}`;
  await store.messages.claimForScan(id, claimant, 60_000);
  await store.messages.recordJudgement(id, claimant, judgementOf(index, isRare, now), 'rules-1', {
    subject: `Lines to take, number ${index}, as agreed with the office this morning`,
    releasedAtLift: false,
  });
}

function judgementOf(index: number, isRare: boolean, now: number): Judgement {
  const common = { path: 'body', span: { start: 0, end: 17 }, severity: 'high' } as const;
  const summary = 'Indicates the level of a labour market measure before UK Labour Market, January 2016 is published.';
  return {
    verdict: 'hold',
    holdUntil: index % 3 === 0 ? null : now + (index % 4000) * 60_000,
    effectiveAt: now,
    findings: [
      {
        ...common,
        detector: 'direction',
        rule: `rule-${index % 12}`,
        entry: 'labour-market-2016-01',
        summary,
        weight: 'embargoed',
      },
      ...(isRare
        ? [
            {
              ...common,
              detector: 'record-level',
              rule: 'core',
              entry: 'core-lettings-2016-17',
              summary: 'Records.',
              weight: 'protected',
            } as const,
          ]
        : []),
    ],
    incomplete: [],
  };
}

async function measure(what: string): Promise<ReadonlyMap<string, { readonly p95: number; readonly bytes: number }>> {
  const web = await startWeb({ service, limits: { requestsPerSecond: 100_000 } });
  const visitor = new Visitor(web.origin);
  await visitor.signIn('admin');
  const { rows } = await database.pool.query<{ id: string }>(
    `select id from message where state = 'held' order by id offset (select count(*) / 2 from message) limit 1`,
  );
  const found = new Map<string, { p95: number; bytes: number }>();
  for (const [name, path] of Object.entries(PATHS)) {
    const times: number[] = [];
    let bytes = 0;
    for (let round = 0; round < REQUESTS + 3; round += 1) {
      const start = performance.now();
      const answer = await visitor.get(path.replace('DEEP', rows[0]?.id ?? ''));
      const page = await answer.text();
      if (answer.status !== 200) throw new Error(`${path} over the ${what} queue answered ${answer.status}`);
      // The first ones fill caches and compile.
      if (round >= 3) times.push(performance.now() - start);
      bytes = Math.max(bytes, Buffer.byteLength(page));
    }
    found.set(name, { p95: times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0, bytes });
  }
  await web.close();
  return found;
}
