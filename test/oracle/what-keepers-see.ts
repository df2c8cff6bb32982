import { setTimeout as sleep } from 'node:timers/promises';
import type { Visitor } from '../fakes/start-web.ts';
import { ROUTE_TABLE } from '../route-table.ts';
import { until } from '../services/until.ts';
import type { Trial } from './a-trial.ts';
import { withoutDates } from './page-text.ts';

export const RELEASE = '/registers/embargoes/labour-market-2016-01';
const DATASET = '/registers/datasets/lfs-2016-01';
export const FIELDS = {
  id: 'labour-market-2016-01',
  title: 'UK Labour Market, January 2016',
  producer: 'Office of Examples',
  subjects: 'labour-market',
  fromDay: '2016-01-13',
  fromTime: '00:00',
  untilDay: '2016-01-20',
  untilTime: '09:30',
  zone: 'Europe/London',
  opensDay: '2016-01-19',
  opensTime: '09:30',
  access: 'analyst@department.example',
};
/** One side's figure, in what is asked of both. */
const GUESS = { figureMeasure: 'employment-rate', figureValue: '74.13579', figureUnit: 'percent' };
const TRIED = `id: labour-market-2016-01
title: UK Labour Market, January 2016
producer: Office of Examples
subjects: [labour-market]
embargo: { from: "2016-01-13T00:00", until: "2016-01-20T09:45", zone: Europe/London }
figures: [{ measure: employment-rate, value: 74.13579, unit: percent }]
`;
const ROWS = `CASENO,PERSNO,AGE,SEX,INECAC05\n${Array.from({ length: 40 }, (_, row) => `${100 + row},1,${20 + (row % 50)},${1 + (row % 2)},${1 + (row % 30)}`).join('\n')}\n`;

interface Asking {
  readonly clean: (answer: Response) => Promise<string>;
  /** Once nothing is judged again any more. */
  readonly settled: () => Promise<void>;
}

/** Resolves once nothing is judged, judged again or searched for any more. */
export async function settled({ database }: Trial): Promise<void> {
  const busy = `select from message where state in ('received', 'scanning') or judge_again
    union all select from retro_scan where scanned_at is null limit 1`;
  await until(async () => (await database.pool.query(busy)).rowCount === 0, 30_000, 'judging again');
}

/** Pages that tell of this very run: its sessions, times and processes. None of them shows what was judged. */
const OF_THE_RUN = ['/account', '/users'];

/**
 * What a registrar without access sees of the registers and around them, and what every page answers that anybody may open: pages,
 * previews, faults, files and counts.
 *
 * Leaves the release postponed, so it is the last to be asked.
 */
export async function seenInKeeping(visitor: Visitor, { clean, settled }: Asking): Promise<readonly string[]> {
  const seen: string[] = [];
  const token = await visitor.tokenOf('/registers');
  const keep = async (what: string, answer: Response) => {
    const text = withoutDates(await clean(answer));
    seen.push(`${what}\n${text}`);
    return text;
  };
  const post = async (path: string, fields: Readonly<Record<string, string>> = {}) =>
    keep(`POST ${path}`, await visitor.post(path, { token, ...fields }));
  const upload = async (path: string, name: string, type: string, content: string) => {
    const form = new FormData();
    form.set('token', token);
    form.set('file', new Blob([content], { type }), name);
    return keep(`POST ${path}`, await visitor.postForm(path, form));
  };

  await post('/registers/datasets', {
    isNew: 'yes',
    id: 'lfs-2016-01',
    title: 'LFS, record level',
    owner: 'lfs@department.example',
    embargo: FIELDS.id,
    columns: 'CASENO',
    allowedRecipients: 'lfs@department.example',
  });
  const job = /sketch\?job=([\w-]+)/.exec(
    (await visitor.postForm(`${DATASET}/sketch`, fileForm(token, 'lfs.csv', ROWS))).headers.get('location') ?? '',
  )?.[1];
  await until(
    async () => /kept|saved|sketch/i.test(await (await visitor.get(`${DATASET}/sketch/progress?job=${job}`)).text()),
    20_000,
    'a sketch',
  );
  await sleep(200);
  await keep('sketch', await visitor.get(`${DATASET}/sketch?job=${job}`));

  await post('/registers/check', FIELDS);
  await post('/registers/check', { ...FIELDS, ...GUESS });
  await post('/registers/check', { ...FIELDS, ...GUESS, figureValue: 'seventy' });
  await post('/registers/embargoes', { ...FIELDS, ...GUESS, untilTime: '' });
  await upload('/registers/import/preview', 'c.json', 'application/json', CALENDAR);
  await upload(
    `${RELEASE}/access/preview`,
    'list.csv',
    'text/csv',
    'Email,Role\nanalyst@department.example,Analyst\nnew@department.example,New\n',
  );
  await post(`${RELEASE}/access/person`, { email: 'analyst@department.example', act: 'left' });
  await post(`${RELEASE}/access/person`, { email: 'analyst@department.example', act: 'back' });
  await post(`${RELEASE}/status`, { choice: 'move', untilDay: '2016-01-10', untilTime: '09:30' });
  await post('/registers/people', { email: 'analyst@department.example', act: 'left' });

  // What is still to be judged again for the changes above would be counted as well, or not, as it happens.
  await settled();
  // A guess that runs silent tells no more than one that does not: what it would hold is the same whatever the figures are.
  const opened = await visitor.post('/trial', {
    token,
    kind: 'release',
    path: '',
    text: TRIED,
    tests: '',
    days: '1',
    run: 'silent',
  });
  const trial = opened.headers.get('location') ?? '';
  const drafts = ['The employment rate is 74.1 per cent.', 'The employment rate is 73 per cent.', 'Lunch at noon.'];
  for (const text of drafts) await visitor.post('/check', { token, text, channel: 'x', intent: 'send' });
  await until(
    // What concerns the release is left out, as not everybody may know it; which drafts do hangs on no figure.
    async () => /1 message was judged with it too; 2 were left out/.test(await (await visitor.get(trial)).text()),
    20_000,
    'a silent trial',
  );
  await keep('trial', await visitor.get(trial));
  await visitor.post(`${trial}/end`, { token });
  await settled();

  for (const name of Object.keys(ROUTE_TABLE)) {
    const [method, path = ''] = name.split(' ');
    if (method !== 'GET' || path.startsWith('/v1/') || OF_THE_RUN.some((one) => path.startsWith(one))) continue;
    const target = path.replace('/registers/embargoes/:id', RELEASE).replace('/registers/datasets/:id', DATASET);
    await keep(name, await visitor.get(target.replace(':id', 'labour-market-2016-01')));
  }
  for (const path of [
    '/registers/calendar?month=2016-01',
    '/registers/calendar?month=2016-02',
    '/oversight',
    '/audit.csv',
  ])
    await keep(path, await visitor.get(path));

  await post('/registers/embargoes', { ...FIELDS, ...GUESS });
  await post(`${RELEASE}/status`, { choice: 'postpone' });
  await settled();
  for (const path of [
    '/registers',
    RELEASE,
    `${RELEASE}/edit`,
    `${RELEASE}/status`,
    '/review?order=lift',
    '/registers/calendar?month=2016-01',
  ])
    await keep(`${path} postponed`, await visitor.get(path));
  return seen;
}

const CALENDAR = JSON.stringify([
  { title: 'UK Labour Market, January 2016', date: '2016-01-21', time: '09:30', zone: 'Europe/London' },
  { title: 'UK Labour Market, February 2016', date: '2016-02-17', time: '09:30', zone: 'Europe/London' },
]);

function fileForm(token: string, name: string, content: string): FormData {
  const form = new FormData();
  form.set('token', token);
  form.set('file', new Blob([content], { type: 'text/csv' }), name);
  return form;
}
