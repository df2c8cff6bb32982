import type { Visitor } from '../fakes/start-web.ts';
import { pageText, withoutIds, withoutTimes } from './page-text.ts';

export const DETECTORS = ['direction', 'figure', 'record-level', 'fingerprint', 'marking', 'recipients', 'batch'];
export const BY = 'search=b%40news.example';
/** Every order, filter and count of the queue, each by itself, and some together. */
const QUEUES = [
  ...['newest', 'oldest', 'lift'].flatMap((order) => [`order=${order}`, `order=${order}&state=rejected`]),
  ...DETECTORS.flatMap((detector) => [`detector=${detector}`, `detector=${detector}&order=oldest&${BY}`]),
  ...['1h', '4h', '1d', '7d'].map((age) => `age=${age}`),
  ...['15m', '1h', '1d'].map((lift) => `lift=${lift}&order=lift`),
  // Notices to senders come among the others, whenever they come.
  ...['delivered', 'returned', 'released', 'rejected'].flatMap((state) => [
    `state=${state}&search=press`,
    `state=${state}&order=oldest&${BY}`,
  ]),
  ...['labour-market-2016-01', 'none'].map((entry) => `entry=${entry}&detector=figure&order=oldest`),
  BY,
  'search=press',
  'sender=press',
].map((query) => `/review?${query}`);
/** What a reviewer without access finds around held messages: lists, pages, proposals, exceptions, reports and trials. */
export async function seenInReview(visitor: Visitor): Promise<readonly string[]> {
  const seen: string[] = [];
  const keep = async (answer: Response) => seen.push(await pageText(answer));
  for (const path of [...QUEUES, '/false-alarms', '/incidents', '/audit?action=session.opened']) {
    const page = await visitor.get(path);
    const more = /href="(\/review\?[^"]*after=[^"]*)"/.exec(await page.clone().text())?.[1];
    await keep(page);
    if (more !== undefined) await keep(await visitor.get(more.replaceAll('&amp;', '&')));
  }
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
  for (const as of ['html', 'docx', 'pdf']) {
    const report = await visitor.post(`${incident}/report`, { token, as });
    seen.push(withoutTimes(withoutIds(wordsOf(as, Buffer.from(await report.arrayBuffer())))));
  }
  const text = `id: labour-market-2016-01\ntitle: T\nproducer: P\nsubjects: [labour-market]\nembargo: { from: "2016-01-13T00:00", until: "2016-01-20T09:30", zone: Europe/London }\n`;
  const tests = 'The employment rate is 74.1 per cent.\nEmployment at 73%\nunemployment is up';
  await keep(await visitor.post('/trial', { token, kind: 'release', path: '', text, tests }));
  return seen;
}

/** A report without what hangs on how wide this day's times are: sums, places and breaks of lines. */
function wordsOf(format: string, file: Buffer): string {
  const text = file.toString(format === 'pdf' ? 'latin1' : 'utf8');
  if (format === 'html') return text;
  const words = format === 'pdf' ? text.matchAll(/\((.*)\) Tj/g) : text.matchAll(/<w:t[ >][^>]*>([^<]*)/g);
  return `${format} ${[...words].map(([, word]) => word).join(' ')}`;
}
