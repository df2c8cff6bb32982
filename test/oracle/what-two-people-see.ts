import { Visitor } from '../fakes/start-web.ts';
import { TOKEN } from '../services/start-holdfast.ts';
import { until } from '../services/until.ts';
import { PASSWORD, type Trial } from './a-trial.ts';
import { pageText, withoutDates, withoutIds } from './page-text.ts';
import { FIELDS, RELEASE, settled } from './what-keepers-see.ts';
import { noticeText } from './what-outsiders-see.ts';

const ENTRY = '/v1/embargoes/labour-market-2016-01';
const ACTIONS = ['reject', 'ask', 'release', 'release-eligible', 'release-at-lift'] as const;

/** Somebody to approve, and somebody who oversees and reviews; neither has access to the release. */
const OTHERS = { second: ['registrar', 'reviewer'], third: ['reviewer', 'auditor'] } as const;
const TO_OTHERS = Object.keys(OTHERS).map((name) => `To: <${name}@`);
type Person = 'admin' | keyof typeof OTHERS;

/**
 * Changes of the release: what is proposed, and what is said to it. A figure of the one register, of the other, of neither; one approval
 * is enough, for all that is held is judged again for it.
 */
const PROPOSALS: readonly (readonly [string, Readonly<Record<string, string>>, 'approve' | 'reject' | 'take back'])[] =
  [
    ['/registers/embargoes', figure('unemployment-rate', '5.08642'), 'reject'],
    ['/registers/embargoes', figure('unemployment-rate', '6.91357'), 'take back'],
    ['/registers/embargoes', figure('unemployment-rate', '4.4'), 'reject'],
    [`${RELEASE}/access/person`, { email: 'analyst@department.example', act: 'left' }, 'reject'],
    [`${RELEASE}/status`, { choice: 'move', untilDay: '2016-01-21', untilTime: '09:30' }, 'reject'],
    ['/registers/embargoes', figure('people-in-work', '30912876', 'count'), 'approve'],
  ];

function figure(figureMeasure: string, figureValue: string, figureUnit = 'percent') {
  return { figureMeasure, figureValue, figureUnit };
}

/**
 * Under the rule of four eyes: what whoever proposes a change of the figures, whoever approves it and whoever looks on see of it, what
 * reviewers are told by mail, and what a decision on a held mail looks like to all three.
 */
export async function seenByTwo(
  trial: Trial,
): Promise<{ readonly pages: readonly string[]; readonly mails: readonly string[] }> {
  const written = await pageText(await writeInOrder(trial.holdfast.http));
  const [{ http }] = await Promise.all([trial.fourEyes(), invite(trial)]);
  await settled(trial);
  // All that is held is new to them, and the digest of the day is due.
  await trial.database.pool.query('update notice_pace set reviewers_at = null, digest_day = null');
  await trial.database.pool.query('update notice_due set reviewers_told = false');
  const people = Object.fromEntries(
    await Promise.all(
      (['admin', 'second', 'third'] as const).map(async (name) => {
        const visitor = new Visitor(http);
        await visitor.signIn(name);
        return [name, { visitor, token: await visitor.tokenOf('/account') }] as const;
      }),
    ),
  ) as Readonly<Record<Person, { readonly visitor: Visitor; readonly token: string }>>;
  const pages = [written];
  const keep = async (what: string, answer: Response) => {
    pages.push(`${what}\n${withoutDates(await pageText(answer))}`);
    return answer;
  };
  const get = (name: Person, path: string) =>
    people[name].visitor.get(path).then((one) => keep(`${name} ${withoutIds(path)}`, one));
  const post = (name: Person, path: string, fields: Readonly<Record<string, string>>) => {
    const { visitor, token } = people[name];
    return visitor.post(path, { token, ...fields }).then((one) => keep(`${name} POST ${withoutIds(path)}`, one));
  };
  const look = async (paths: readonly string[]) => {
    for (const path of paths) for (const name of ['admin', 'second', 'third'] as const) await get(name, path);
  };

  let mails: readonly string[] = [];
  for (const [path, fields, answer] of PROPOSALS) {
    // They count what is held, which an approval has judged again.
    if (answer === 'approve') mails = await toldTo(trial, TO_OTHERS);
    const reply = await post('admin', path, path.endsWith('/embargoes') ? { ...FIELDS, ...fields } : fields);
    const place = reply.headers.get('location') ?? '';
    const change = place.replace(/\?.*/, '');
    await get('admin', place);
    await look([change, '/registers/changes']);
    await post('second', '/registers/embargoes', FIELDS);
    await post(answer === 'take back' ? 'admin' : 'second', change, {
      act: answer === 'approve' ? answer : 'reject',
      note: 'looked at',
    });
    if (answer === 'approve') await settled(trial);
    await look([change]);
  }
  await look(['/registers/changes', '/registers', RELEASE, '/review', '/audit?action=change.proposed']);
  await get('third', '/audit.csv?action=change.proposed');
  for (const [method, path, body] of [
    ['GET', '/v1/audit?limit=200', undefined],
    ['PUT', ENTRY, {}],
  ] as const)
    await keep(path, await call(http, method, path, body));

  const list = await (await people.third.visitor.get('/review?order=oldest&search=b%40news.example')).text();
  const ids = [...new Set([...list.matchAll(/href="\/review\/([0-9a-z]{26})"/g)].map(([, id]) => id ?? ''))];
  for (const [index, action] of ACTIONS.entries()) {
    const path = `/review/${ids[index]}`;
    await post('third', `${path}/decision`, { action, reason: 'as it was agreed' });
    await delivered(trial);
    for (const name of ['second', 'third'] as const) await get(name, path);
  }
  const authors = await toldTo(trial, ['X-Holdfast-Notice: mail-rejected', 'X-Holdfast-Notice: mail-released']);
  // What the two were told is counted too.
  await delivered(trial);
  await get('third', '/oversight');
  return { pages, mails: [...mails, ...authors] };
}

/** Resolves once what was released has gone. */
async function delivered(trial: Trial): Promise<void> {
  await settled(trial);
  const busy = `select from message where state in ('released', 'delivering', 'cleared') and kind = 'email' limit 1`;
  await until(async () => (await trial.database.pool.query(busy)).rowCount === 0, 20_000, 'delivery');
}

/**
 * Writes the release with its figures as they are, and the one that is guessed last of them: a form puts there what is entered anew, and
 * a page that compared place by place would show the same ones everywhere else.
 */
async function writeInOrder(http: string): Promise<Response> {
  const entry = (await (await call(http, 'GET', ENTRY)).json()) as {
    readonly figures: readonly { readonly measure: string }[];
  };
  const isGuessed = ({ measure }: { readonly measure: string }) => measure === 'unemployment-rate';
  const figures = [...entry.figures.filter((one) => !isGuessed(one)), ...entry.figures.filter(isGuessed)];
  return call(http, 'PUT', ENTRY, { ...entry, figures });
}

function call(http: string, method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  return fetch(`${http}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Makes the two, who choose their passwords and say how they wish to be told. */
async function invite(trial: Trial): Promise<void> {
  const admin = new Visitor(trial.holdfast.http);
  await admin.signIn('admin');
  const token = await admin.tokenOf('/users/new');
  for (const [name, roles] of Object.entries(OTHERS)) {
    const fields = new URLSearchParams({ token, name, address: `${name}@department.example` });
    for (const role of roles) fields.append('roles', role);
    const made = /<code>([^<]+)<\/code>/.exec(await (await admin.post('/users', fields)).text())?.[1] ?? '';
    const visitor = new Visitor(trial.holdfast.http);
    await visitor.post('/sign-in', { name, password: made, token: await visitor.tokenOf('/sign-in') });
    await visitor.post('/sign-in/new-password', {
      token: await visitor.tokenOf('/sign-in/new-password'),
      password: PASSWORD,
      again: PASSWORD,
    });
    await visitor.post('/notices', {
      token: await visitor.tokenOf('/notices'),
      reviewing: name === 'second' ? 'daily' : 'soon',
    });
  }
}

/** Notices with these in their heads, once there is one of each. */
async function toldTo(trial: Trial, heads: readonly string[]): Promise<readonly string[]> {
  const told = (head: string) => trial.delivered().filter((mail) => mail.includes(head));
  await until(async () => heads.every((head) => told(head).length > 0), 20_000, `notices: ${heads.join()}`);
  return heads.flatMap(told).map(noticeText).sort();
}
