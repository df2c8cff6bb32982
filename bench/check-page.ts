// What a person who types a draft waits for: from the key to the highlighted verdict, and the server's share of it.
//
//   node bench/check-page.ts [seconds] [mails a second] [keys]
//
// Eight people type at once, over a server that takes mail at the same time; then one types in a real Chromium.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { Visitor } from '../test/fakes/start-web.ts';
import { aBrowser } from '../test/services/a-browser.ts';
import { aSmallMail, percentile, SmtpSender } from '../test/services/smtp-sender.ts';
import { startHoldfast } from '../test/services/start-holdfast.ts';
import { startTimedSink } from '../test/services/timed-sink.ts';
import { cpuByRole, processTree } from './flow/process-tree.ts';

const SECONDS = Number(process.argv[2] ?? 20);
const MAILS_A_SECOND = Number(process.argv[3] ?? 50);
const KEYS = Number(process.argv[4] ?? 120);
const USERS = 8;
const DEBOUNCE_MS = 150;
const SERVER_MS = 20;
const SEEN_MS = 300;
const PASSWORD = 'correct horse battery staple';
const DRAFT =
  'Record employment! Great news for families: 31.39 million people in work, up 267,000, and unemployment down to 5.1%. More at half nine, and a word on what it means for every part of the country.';

const data = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
const sink = await startTimedSink();
const holdfast = await startHoldfast(data, {
  HOLDFAST_ADMIN_PASSWORD: PASSWORD,
  HOLDFAST_NEXT_HOP: `127.0.0.1:${sink.port}`,
});

/** Sends at a steady rate until told to stop; answers how many were taken. */
function mailing(): { stop(): Promise<number> } {
  let isStopped = false;
  let taken = 0;
  const connections = 4;
  const senders = Array.from({ length: connections }, async (_, index) => {
    const sender = await SmtpSender.open(holdfast.smtpPort);
    const started = performance.now();
    for (let mail = 0; !isStopped; mail += 1) {
      const due = started + ((mail + index / connections) * connections * 1000) / MAILS_A_SECOND;
      await sleep(Math.max(0, due - performance.now()));
      await sender.send('a@department.example', ['b@network.example'], aSmallMail(`${index}-${mail}`));
      taken += 1;
    }
    sender.close();
  });
  return {
    async stop() {
      isStopped = true;
      await Promise.all(senders);
      return taken;
    },
  };
}

/** One person who types, a check after each pause; the round trip of each in ms, and of an answer that costs nothing. */
async function type(until: number, times: number[], floor: number[] = []): Promise<void> {
  const visitor = new Visitor(holdfast.http);
  const form = /name="token" value="([^"]+)"/.exec(await (await visitor.get('/sign-in')).text())?.[1] ?? '';
  await visitor.post('/sign-in', { name: 'admin', password: PASSWORD, token: form });
  const token = await visitor.tokenOf('/check');
  for (let at = 20; performance.now() < until; at = at >= DRAFT.length ? 20 : at + 3) {
    const started = performance.now();
    const answer = await visitor.post('/check/live', { token, text: DRAFT.slice(0, at), channel: 'x', files: '0' });
    const html = await answer.text();
    if (!html.includes('verdict')) throw new Error(`no verdict: ${answer.status} ${html.slice(0, 200)}`);
    times.push(performance.now() - started);
    const asked = performance.now();
    await (await fetch(`${holdfast.http}/healthz`)).text();
    floor.push(performance.now() - asked);
    await sleep(DEBOUNCE_MS);
  }
}

async function measureServer(withMail: boolean): Promise<void> {
  const times: number[] = [];
  const floor: number[] = [];
  // Whatever runs for the first time is not what people wait for.
  await type(performance.now() + 1500, []);
  const load = withMail ? mailing() : null;
  const until = performance.now() + SECONDS * 1000;
  const busyBefore = serving();
  await Promise.all(Array.from({ length: USERS }, () => type(until, times, floor)));
  // CPU of the process that answers, which a busy machine does not lengthen; with mail it has the gateway's too.
  const busy = (serving() - busyBefore) / times.length;
  const taken = (await load?.stop()) ?? 0;
  const [half, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(times, share));
  console.log(
    `${USERS} people, ${Math.round(taken / SECONDS)} mails a second: ${times.length} checks, median ${half?.toFixed(1)} ms, p95 ${p95?.toFixed(1)} ms, p99 ${p99?.toFixed(1)} ms, ${((p99 ?? 0) / SERVER_MS).toFixed(2)} of the limit of ${SERVER_MS}; ${busy.toFixed(1)} ms of CPU a check; /healthz beside it p99 ${percentile(floor, 0.99).toFixed(1)} ms`,
  );
}

/** Milliseconds of CPU that the process with web and gateway has used. */
function serving(): number {
  return cpuByRole(processTree()).get('serve') ?? 0;
}

/** From a key that ends a burst of typing to the frame that shows its verdict and its marks. */
async function seen(page: Page): Promise<number> {
  await page.evaluate(`
    void (window.seen = new Promise((resolve) => {
      const box = document.getElementById('text');
      let pressed = 0;
      box.addEventListener('keydown', () => (pressed = performance.now()));
      new MutationObserver(() => {
        const result = document.getElementById('result');
        if (pressed === 0 || result.hasAttribute('aria-busy') || result.querySelector('.verdict') === null) return;
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - pressed)));
      }).observe(document.getElementById('result'), { attributes: true, attributeFilter: ['aria-busy'] });
    }));`);
  await page.keyboard.press('End');
  await page.keyboard.type('x');
  return (await page.evaluate('window.seen')) as number;
}

async function measureBrowser(): Promise<void> {
  const browser = await aBrowser();
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${holdfast.http}/sign-in`);
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/check');
  await page.locator('#text').fill(`${DRAFT}\n`);
  await page.locator('.verdict--held').waitFor();
  const load = mailing();
  const times: number[] = [];
  for (let key = 0; key < KEYS; key += 1) times.push(await seen(page));
  const marks = await page.locator('.draft-box__mark').count();
  await load.stop();
  await browser.close();
  const [half, p95] = [0.5, 0.95].map((share) => percentile(times, share));
  console.log(
    `in Chromium, while mail comes in: ${times.length} keys, ${marks} marks, median ${half?.toFixed(0)} ms, p95 ${p95?.toFixed(0)} ms of which ${DEBOUNCE_MS} are the wait for the next key, ${((p95 ?? 0) / SEEN_MS).toFixed(2)} of the limit of ${SEEN_MS}`,
  );
}

try {
  await measureServer(false);
  await measureServer(true);
  await measureBrowser();
} finally {
  await holdfast.stop();
  await sink.close();
  rmSync(data, { recursive: true, force: true });
}
