import { createHmac } from 'node:crypto';
import { Visitor } from '../fakes/start-web.ts';
import { MilterTalk } from '../gateway/milter-talk.ts';
import { SmtpTalk } from '../gateway/smtp-talk.ts';
import { runHoldfast } from '../services/run-serve.ts';
import { TOKEN } from '../services/start-holdfast.ts';
import { until } from '../services/until.ts';
import { NOW, type Trial } from './a-trial.ts';
import { pageText, whole, withoutIds, withoutTimes } from './page-text.ts';
import { seenInKeeping, settled } from './what-keepers-see.ts';
import { BY, DETECTORS, seenInReview } from './what-reviewers-see.ts';

const FROM = 'press@department.example';
/** The lists of the API, in every order and by every filter. */
const LISTS = [
  ...['newest', 'oldest', 'lift'].map((order) => `order=${order}&state=held`),
  ...DETECTORS.map((detector) => `detector=${detector}&${BY}`),
  'entry=labour-market-2016-01&state=held&limit=3',
  'sender=press&state=held',
].map((query) => `/v1/messages?${query}`);
const OTHER_LISTS = ['/v1/recalls', '/v1/sensitivity', '/v1/webhooks'];

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
    ...LISTS,
    ...OTHER_LISTS,
  ])
    seen.push(mailsApart(await whole(await fetch(`${holdfast.http}${path}`, { headers }))));
  // Acts carry the time of the day that they were done on.
  for (const path of ['/review', '/registers', '/registers/embargoes/labour-market-2016-01', '/oversight', '/audit'])
    pages.push(withoutTimes(await whole(await visitor.get(path))));
  pages.push(...(await seenInReview(visitor)));
  return { api: seen, pages };
}

/** The same of the registers, and of every page there is; changes the release, so it comes last. */
export async function seenByKeepers(trial: Trial): Promise<readonly string[]> {
  const visitor = new Visitor(trial.holdfast.http);
  await visitor.signIn('admin');
  return seenInKeeping(visitor, { clean: pageText, settled: () => settled(trial) });
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
  return told().map(noticeText).sort();
}

/** A notice of Holdfast's own as its reader sees it, without when it came which way. */
export function noticeText(mail: string): string {
  const [head = '', body = ''] = mail.split('\r\n\r\n');
  const trace = head.replace(/^(?:Date|Received|\s+).*$/gm, (line) => `${line.length} characters of date and trace`);
  return withoutIds(`${trace}\n${Buffer.from(body, 'base64').toString('utf8')}`);
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
