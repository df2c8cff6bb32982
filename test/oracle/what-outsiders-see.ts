import { createHmac } from 'node:crypto';
import { Visitor } from '../fakes/start-web.ts';
import { MilterTalk } from '../gateway/milter-talk.ts';
import { SmtpTalk } from '../gateway/smtp-talk.ts';
import { runHoldfast } from '../services/run-serve.ts';
import { TOKEN } from '../services/start-holdfast.ts';
import { until } from '../services/until.ts';
import { NOW, type Trial } from './a-trial.ts';
import { seenInKeeping } from './what-keepers-see.ts';

const FROM = 'press@department.example';
const ID = /\b[0-9A-HJKMNP-TV-Z]{26}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;

/** Ids keep their length and shape, and lose what makes each its own; so do a page's keys against forgery and the server's address. */
export function withoutIds(text: string): string {
  return text
    .replaceAll('%3A', ':')
    .replace(ID, (id) => id.replace(/[0-9a-z]/gi, 'x'))
    .replace(/(name="token" value=")([^"]+)/g, (_all, head: string, token: string) => head + 'x'.repeat(token.length))
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:x');
}

async function whole(answer: Response): Promise<string> {
  const headers = [...answer.headers].filter(([name]) => name !== 'date' && name !== 'set-cookie');
  return withoutIds([answer.status, ...headers.map((one) => one.join(': ')), await answer.text()].join('\n'));
}

/** Lists of messages with Holdfast's own mails after the others: when each of those is written is nobody's doing. */
function mailsApart(answer: string): string {
  const at = answer.indexOf('{"items":[{"id"');
  if (at < 0) return answer;
  const { items, ...rest } = JSON.parse(answer.slice(at)) as { readonly items: readonly MailLike[] };
  const own = items.filter(({ envelope }) => envelope?.from === '').map((item) => JSON.stringify(item));
  const others = items.filter(({ envelope }) => envelope?.from !== '');
  return `${answer.slice(0, at)}${JSON.stringify({ items: [...others, ...own.sort()], ...rest })}`;
}

/** A mail that may go is on its way while its answer is written: how far it came hangs on the machine. */
function howeverFarDelivered(answer: string): string {
  const on = /"kind":"email","state":"(?:cleared|delivering|delivered)"/;
  return on.test(answer)
    ? answer.replace(on, '"kind":"email","state":"let go"').replace(/content-length: \d+/, '')
    : answer;
}

interface MailLike {
  readonly envelope?: { readonly from: string };
}

/** Status, headers and body of everything that somebody without access gets for a draft over HTTP; bad requests among it. `told`: how many senders are. */
export async function seenOverHttp(
  trial: Trial,
  drafts: readonly string[],
  told: number,
): Promise<{ readonly api: readonly string[]; readonly pages: readonly string[] }> {
  const { holdfast } = trial;
  const seen: string[] = [];
  const pages: string[] = [];
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const post = async (path: string, body: string, type = 'application/json') =>
    seen.push(
      howeverFarDelivered(
        await whole(
          await fetch(`${holdfast.http}${path}`, {
            method: 'POST',
            headers: { ...headers, 'content-type': type },
            body,
          }),
        ),
      ),
    );
  const visitor = new Visitor(holdfast.http);
  await visitor.signIn('admin');
  const token = await visitor.tokenOf('/check');
  for (const text of drafts) {
    const draft = JSON.stringify({ text, channel: 'x', author: FROM });
    await post('/v1/drafts/check', draft);
    await post('/v1/drafts', draft);
    await post(
      '/v1/messages?from=press@department.example&to=b@news.example',
      `Subject: lines\r\n\r\n${text}\r\n`,
      'message/rfc822',
    );
    await post('/v1/drafts', draft.slice(0, -1));
    await post('/v1/drafts', JSON.stringify({ text, channel: 'x', author: FROM, publishAt: 'soon' }));
    pages.push(await whole(await visitor.post('/check', { token, text, channel: 'x' })));
    pages.push(await whole(await visitor.post('/check/live', { token, text, channel: 'x' })));
  }
  // Lists have them too, and nobody can say when each comes.
  await toldToSenders(trial, told);
  await until(
    async () => {
      const answer = await fetch(`${holdfast.http}/v1/messages?limit=200`, { headers });
      return !/"kind":"email","state":"(?:received|scanning|cleared|delivering)"/.test(await answer.text());
    },
    60_000,
    'delivery of what may go',
  );
  for (const path of [
    '/v1/messages?limit=200',
    '/v1/messages?state=held',
    '/v1/embargoes',
    '/v1/embargoes/labour-market-2016-01',
    '/v1/messages/none',
  ])
    seen.push(mailsApart(await whole(await fetch(`${holdfast.http}${path}`, { headers }))));
  // Acts carry the time of the day that they were done on.
  for (const path of ['/review', '/registers', '/registers/embargoes/labour-market-2016-01', '/oversight', '/audit'])
    pages.push(withoutTimes(await whole(await visitor.get(path))));
  pages.push(...(await seenInReview(visitor)));
  return { api: seen, pages };
}

/** The same of the registers, and of every page there is; changes the release, so it comes last. */
export async function seenByKeepers({ holdfast, database }: Trial): Promise<readonly string[]> {
  const visitor = new Visitor(holdfast.http);
  await visitor.signIn('admin');
  const settled = async () => {
    const busy = `select from message where state in ('received', 'scanning') or judge_again
      union all select from retro_scan where scanned_at is null limit 1`;
    await until(async () => (await database.pool.query(busy)).rowCount === 0, 30_000, 'judging again');
  };
  return seenInKeeping(visitor, { clean: async (answer) => withoutTimes(await whole(answer)), settled });
}

/** Every order, filter, count and search of the queue. */
const QUEUES = [
  'order=oldest',
  'order=lift',
  'order=lift&lift=15m',
  'detector=figure',
  'detector=direction',
  'search=b%40news.example',
  'search=press',
  'age=1h',
  'state=rejected',
  // Notices to senders come among the others, whenever they come.
  'state=delivered&search=press',
  'entry=labour-market-2016-01&detector=figure&order=oldest',
].map((query) => `/review?${query}`);

/** What a reviewer without access finds around held messages: lists, pages, proposals, exceptions, reports and trials. */
async function seenInReview(visitor: Visitor): Promise<readonly string[]> {
  const seen: string[] = [];
  const keep = async (answer: Response) => seen.push(withoutTimes(await whole(answer)));
  for (const path of [...QUEUES, '/false-alarms', '/incidents', '/audit?action=session.opened'])
    await keep(await visitor.get(path));
  const list = await (await visitor.get('/review?order=oldest')).text();
  const ids = [...new Set([...list.matchAll(/href="\/review\/([0-9a-z]{26})"/g)].map(([, id]) => id ?? ''))];
  const token = await visitor.tokenOf('/review');
  for (const id of ids) {
    await keep(await visitor.get(`/review/${id}`));
    await keep(await visitor.get(`/review/${id}/false-alarm`));
    await keep(await visitor.post(`/review/${id}/reveal`, { token }));
  }
  const [first = ''] = ids;
  await keep(await visitor.post('/review/selected', { token, id: first }));
  const opened = await visitor.post('/incidents', { token, message: first });
  const incident = (opened.headers.get('location') ?? '').replace(/\?.*/, '');
  await keep(await visitor.get(incident));
  await keep(await visitor.post(`${incident}/report`, { token, as: 'html' }));
  const text = `id: labour-market-2016-01\ntitle: T\nproducer: P\nsubjects: [labour-market]\nembargo: { from: "2016-01-13T00:00", until: "2016-01-20T09:30", zone: Europe/London }\n`;
  const tests = 'The employment rate is 74.1 per cent.\nEmployment at 73%\nunemployment is up';
  await keep(await visitor.post('/trial', { token, kind: 'release', path: '', text, tests }));
  return seen;
}

/** Times of the day that something was done on. */
function withoutTimes(text: string): string {
  return text.replace(/\d+(?::\d\d)?[ap]m on \w+ \d+ \w+ \d{4}/g, 'then').replace(/content-length: \d+/, '');
}

/** The gateway's replies, and the milter's, for each draft as a mail. */
export async function seenOverSmtp(trial: Trial, drafts: readonly string[]): Promise<readonly string[]> {
  const seen: string[] = [];
  for (const text of drafts) {
    const { talk, greeting } = await SmtpTalk.open(trial.holdfast.smtpPort);
    const mail = `From: ${FROM}\r\nTo: nobody@news.example\r\nSubject: lines\r\n\r\n${text}\r\n`;
    seen.push(
      greeting,
      withoutIds(await talk.send(`<${FROM}>`, ['<nobody@news.example>'], Buffer.from(mail.slice(0, -2)))),
    );
    talk.close();
    const milter = await MilterTalk.open(trial.milterPort);
    await milter.negotiate();
    milter.envelope(`<${FROM}>`, ['<nobody@news.example>']);
    milter.message([['Subject', 'lines']], `${text}\r\n`);
    for (let packet = await milter.next(); packet !== null; packet = await milter.next()) {
      seen.push(`${packet.code} ${packet.data.toString('latin1')}`);
      if ('acdrty'.includes(packet.code)) break;
    }
    milter.close();
  }
  return seen;
}

/** Delivery notices, once the mails that may go have come back. */
export async function noticesOf(trial: Trial, wanted: number): Promise<readonly string[]> {
  const notices = () => trial.delivered().filter((mail) => mail.includes('MAILER-DAEMON'));
  await until(async () => notices().length >= wanted, 60_000, `${wanted} notices`);
  return notices()
    .map((mail) =>
      withoutIds(mail).replace(
        /^(?:Date|Arrival-Date|Received|\s+).*$/gm,
        (line) => `${line.length} characters of date and trace`,
      ),
    )
    .sort();
}

/** Output and exit status of `scan` in the sender's view. */
export async function seenOnCommandLine(
  trial: Trial,
  files: readonly string[],
  data: string,
): Promise<readonly string[]> {
  const seen: string[] = [];
  for (const format of ['json', 'text']) {
    const args = [
      'scan',
      ...files,
      '--registers',
      trial.registers,
      '--at',
      NOW,
      '--view',
      'sender',
      '--format',
      format,
      '--from',
      FROM,
    ];
    const { code, out, err } = await runHoldfast(args, { HOLDFAST_DATA: data });
    seen.push(`${code}\n${out}\n${err}`.replaceAll(trial.registers, 'registers'));
  }
  return seen;
}

/** What senders of held mails were told by mail, once all of them were. */
export async function toldToSenders(trial: Trial, wanted: number): Promise<readonly string[]> {
  const told = () => trial.delivered().filter((mail) => mail.includes('X-Holdfast-Notice:'));
  await until(async () => told().length >= wanted, 60_000, `${wanted} notices to senders`);
  return told()
    .map((mail) => {
      const [head = '', body = ''] = mail.split('\r\n\r\n');
      const trace = head.replace(
        /^(?:Date|Received|\s+).*$/gm,
        (line) => `${line.length} characters of date and trace`,
      );
      return withoutIds(`${trace}\n${Buffer.from(body, 'base64').toString('utf8')}`);
    })
    .sort();
}

/** Every byte that a site and a chat of other people get for a draft. */
export async function seenFromElsewhere({ holdfast }: Trial, drafts: readonly string[]): Promise<readonly string[]> {
  const visitor = new Visitor(holdfast.http);
  await visitor.signIn('admin');
  const origin = 'https://cms.department.example';
  const secret = 'a secret of sixteen';
  const setUp = async (kind: string) => {
    const fields = { kind, name: 'a place', author: FROM, origins: origin, days: '9', secret };
    const token = await visitor.tokenOf('/check-points');
    return (await visitor.post('/check-points', { ...fields, token })).text();
  };
  const bearer = /holdfast_check_[\w-]+/.exec(await setUp('embed'))?.[0] ?? '';
  const hook = /\/hooks\/point-[\w-]+/.exec(await setUp('signed'))?.[0] ?? '';
  const seen: string[] = [];
  for (const text of drafts) {
    const body = JSON.stringify({ text, channel: 'x' });
    const type = { 'content-type': 'application/json' };
    const headers = { ...type, origin, authorization: `Bearer ${bearer}` };
    seen.push(await whole(await fetch(`${holdfast.http}/embed/check`, { method: 'POST', headers, body })));
    const time = String(Math.floor(Date.now() / 1000));
    const signed = {
      ...type,
      'x-holdfast-timestamp': time,
      'x-holdfast-signature': `v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`,
    };
    seen.push(await whole(await fetch(`${holdfast.http}${hook}`, { method: 'POST', headers: signed, body })));
  }
  return seen;
}
