// What mails with attachments of 100 MB cost each process: ten mails at once through the gateway, and one mail with all ten.
//
//   node bench/large-mail.ts [megabytes]
//
// Peaks are resident memory, sampled every 50 ms. Exit 1 where a verdict is wrong or a delivered mail differs by a byte.
import { createHash } from 'node:crypto';
import { cpSync, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SmtpTalk } from '../test/gateway/smtp-talk.ts';
import { startHashingSink } from '../test/hostile/hashing-sink.ts';
import { type LargeAttachment, largeAttachments, mailOf } from '../test/hostile/large-attachments.ts';
import { megabytes } from '../test/hostile/watch-memory.ts';
import { ROLES, type TreePeaks, watchTree } from '../test/hostile/watch-tree.ts';
import { runHoldfast } from '../test/services/run-serve.ts';
import { startHoldfast } from '../test/services/start-holdfast.ts';

const MB = 1024 ** 2;
const NOW = '2016-01-20T09:22:00Z';
const size = Number(process.argv[2] ?? 100) * MB;
const attachments = await largeAttachments(size);
const folder = mkdtempSync(join(tmpdir(), 'holdfast-large-'));
const data = join(folder, 'data');
cpSync(join(import.meta.dirname, '../fixtures/registers'), join(data, 'registers'), { recursive: true });
let failures = 0;

interface Verdict {
  readonly verdict: string | null;
  readonly findings?: readonly { readonly entry: string | null }[];
  readonly incomplete?: readonly { readonly path: string; readonly reason: string }[];
}

try {
  await tenMails();
  await oneMail();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;

async function tenMails(): Promise<void> {
  const sink = await startHashingSink();
  const tree = await startHoldfast(data, { HOLDFAST_NOW: NOW, HOLDFAST_NEXT_HOP: `127.0.0.1:${sink.port}` });
  const watch = watchTree(data);
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
  const mails = await Promise.all(attachments.map((attachment, at) => send(tree.smtpPort, `t${at}`, attachment)));
  console.log(`ten mails of one attachment of ${size / MB} MB: all answered 250 after ${seconds()} s`);
  for (const { token, id, attachment } of mails) check(token, await judged(tree, id), attachment);
  console.log(`all judged after ${seconds()} s`);
  const due = mails.filter(({ attachment }) => attachment.heldFor === null);
  const deadline = performance.now() + 300_000;
  while (sink.taken.length < due.length && performance.now() < deadline)
    await new Promise((done) => setTimeout(done, 100));
  console.log(`${sink.taken.length} of ${due.length} delivered after ${seconds()} s`);
  for (const { token, sha256 } of due)
    if (sink.taken.find((one) => one.token === token)?.sha256 !== sha256) fail(`${token}: not delivered as it came`);
  if (sink.taken.length !== due.length) fail('other mail was delivered than was due');
  print(watch.peaks());
  watch.stop();
  await tree.stop();
  await sink.close();
}

/** The gateway refuses such a mail as larger than 150 MB; it comes as a file. */
async function oneMail(): Promise<void> {
  const file = join(folder, 'ten.eml');
  await pipeline(mailOf('ten', attachments), createWriteStream(file));
  const settings = { HOLDFAST_DATA: join(folder, 'scan') };
  const watch = watchTree(settings.HOLDFAST_DATA);
  const started = performance.now();
  const args = ['scan', file, '--registers', join(data, 'registers'), '--at', NOW, '--format', 'json'];
  const { out, err } = await runHoldfast(args, settings);
  console.log(
    `one mail of ten attachments: judged after ${((performance.now() - started) / 1000).toFixed(1)} s ${err.trim()}`,
  );
  const verdict = JSON.parse(out) as Verdict;
  for (const attachment of attachments.filter(({ heldFor }) => heldFor !== null)) check('ten', verdict, attachment);
  print(watch.peaks());
  watch.stop();
}

async function send(port: number, token: string, attachment: LargeAttachment) {
  const pieces = mailOf(token, [attachment]);
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  const { talk } = await SmtpTalk.open(port);
  const ready = await talk.envelope('<a@department.example>', ['<b@network.example>']);
  if (!ready.startsWith('354')) throw new Error(ready);
  for (const piece of pieces) talk.write(piece);
  talk.write('.\r\n');
  const reply = await talk.reply();
  talk.close();
  const id = /queued as (\S+)$/.exec(reply)?.[1];
  if (id === undefined) throw new Error(reply);
  return { token, id, attachment, sha256: hash.digest('hex') };
}

async function judged(tree: Awaited<ReturnType<typeof startHoldfast>>, id: string): Promise<Verdict> {
  const deadline = performance.now() + 600_000;
  for (;;) {
    const { body } = await tree.call('GET', `/v1/messages/${id}`);
    const verdict = body as Verdict;
    if (verdict.verdict !== null || performance.now() > deadline) return verdict;
    await new Promise((done) => setTimeout(done, 250));
  }
}

function check(
  token: string,
  { verdict, findings = [], incomplete = [] }: Verdict,
  { name, heldFor }: LargeAttachment,
): void {
  const entries = new Set(findings.map(({ entry }) => entry));
  const right = heldFor === null ? verdict !== 'hold' : verdict === 'hold' && entries.has(heldFor);
  const left = incomplete.map(({ path, reason }) => `${path} ${reason}`).join(', ');
  console.log(
    `  ${token} ${name}: ${verdict}${heldFor === null ? '' : ` for ${[...entries].join(', ')}`} ${left === '' ? 'complete' : left} ${right ? '' : 'WRONG'}`,
  );
  if (!right || incomplete.length > 0) failures += 1;
}

function print({ each, together }: TreePeaks): void {
  for (const role of ROLES)
    if (each[role] > 0)
      console.log(
        `  ${role.padEnd(9)} ${megabytes(each[role])} MB at most in one process, ${megabytes(together[role])} MB in all`,
      );
}

function fail(line: string): void {
  failures += 1;
  console.log(`  ${line}`);
}
