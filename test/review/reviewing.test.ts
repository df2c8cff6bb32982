import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import pg from 'pg';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { runningPostgres } from '../../src/store/embedded-postgres.ts';
import { AXE_RUN } from '../services/a-browser.ts';
import { type HoldfastTree, startHoldfast, TOKEN } from '../services/start-holdfast.ts';
import { until } from '../services/until.ts';
import { hostileMail, NAMES, peopleCsv } from './hostile-mail.ts';

// Reviewing in a real browser against the real server: hostile content, every way to decide, a breach report, with script and without.

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PASSWORD = 'a correct horse of this test';
const WIDTHS = [1280, 640, 360];
/** Where pictures of the pages are to be kept, to be looked at; not kept by default. */
const PICTURES = process.env['HOLDFAST_TEST_PICTURES'];

const GDP = `id: gdp-2016-q1
title: Gross domestic product, first estimate
producer: Office of Examples
subjects: [gdp]
embargo: { from: "2016-04-20T00:00", until: "2016-04-28T09:30", zone: Europe/London }
figures:
  - { measure: gdp-growth, value: 0.4, unit: percent }
`;

jest.setTimeout(240_000);

let browser: Browser;
let holdfast: HoldfastTree;
let folder: string;
let database: pg.Pool;
let complaints: string[] = [];

async function submit(
  mail: Buffer,
  to: readonly string[],
  from = 'press@department.example',
  verdict: string | null = 'hold',
): Promise<string> {
  const query = new URLSearchParams({ from });
  for (const one of to) query.append('to', one);
  const answer = await fetch(`${holdfast.http}/v1/messages?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'message/rfc822' },
    body: new Uint8Array(mail),
  });
  const body = (await answer.json()) as { readonly id: string; readonly verdict: string };
  if (verdict !== null) expect([answer.status, body.verdict]).toEqual([200, verdict]);
  else if (body.verdict === 'hold') return '';
  return body.id;
}

function plainMail(subject: string, text: string, more = ''): Buffer {
  return Buffer.from(`From: press@department.example\r\nSubject: ${subject}\r\n${more}\r\n${text}\r\n`);
}

async function open(
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
    ...options,
  });
  const page = await context.newPage();
  page.on('request', (request) => {
    if (!request.url().startsWith(`${holdfast.http}/`)) complaints.push(`request to ${request.url()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (line) => {
    if (line.type() === 'error' && !/status of 4\d\d/.test(line.text())) complaints.push(line.text());
  });
  await page.goto(`${holdfast.http}/sign-in`);
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/check');
  return { context, page };
}

/** No violation of any level on a desktop and a phone; nothing cut off and nothing run there and at 200 % zoom. */
async function looksRight(page: Page, name: string): Promise<void> {
  await page.evaluate(AXE);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const found = width === 640 ? [] : await page.evaluate(AXE_RUN);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}-${width}.png`), fullPage: true });
    expect({ name, width, found, overflow }).toEqual({ name, width, found: [], overflow: 0 });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  expect(await page.evaluate('window.hacked')).toBeUndefined();
}

const described = CHROMIUM === undefined && process.env['CI'] === undefined ? describe.skip : describe;

described('reviewing', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-reviewing-'));
    cpSync(join(import.meta.dirname, '../../fixtures/registers'), join(folder, 'registers'), { recursive: true });
    holdfast = await startHoldfast(folder, {
      HOLDFAST_NOW: '2016-01-20T09:22:00Z',
      HOLDFAST_ADMIN_PASSWORD: PASSWORD,
      HOLDFAST_WORKERS: '1',
    });
    database = new pg.Pool({ connectionString: runningPostgres(folder)?.url ?? '', max: 1 });
    database.on('error', () => {});
    browser = await chromium.launch({
      executablePath: CHROMIUM ?? '',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    });
  });
  afterAll(async () => {
    await database?.end();
    await browser?.close();
    await holdfast?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    complaints = [];
  });
  afterEach(() => {
    expect(complaints).toEqual([]);
  });

  it('runs nothing that a mail carries, loads nothing, and leaves no path and no formula behind', async () => {
    const id = await submit(hostileMail('press@department.example', ['b@paper.example']), ['b@paper.example']);
    const { context, page } = await open({ bypassCSP: true });
    await page.goto(`${holdfast.http}/review`);
    await looksRight(page, 'queue-hostile');
    await page.goto(`${holdfast.http}/review/${id}`);
    await page.getByRole('button', { name: 'Show the content' }).click();
    await page.waitForURL('**/reveal#content');
    await looksRight(page, 'message-hostile');
    const frame = page.frameLocator('iframe.html-body').first();
    await frame.getByText('Good morning').waitFor();
    expect(
      await frame.locator('script, img, style, a, form, iframe, link, meta[http-equiv=refresh], svg').count(),
    ).toBe(0);
    expect(await frame.locator('body').textContent()).toContain('our site [https://evil.example/?q=1]');
    expect(await frame.locator('body').textContent()).toContain('[picture: A "pixel]');
    expect(await frame.locator('body').textContent()).toContain('hidden words');
    const words = await page.locator('main').textContent();
    for (const name of NAMES) expect(words).toContain(name.replace('\u202e', '[U+202E]'));
    expect(words).toContain('Hidden');
    await context.close();
  });

  it('runs nothing under the policy of the pages either, and what a frame inherits from it', async () => {
    const id = await submit(hostileMail('press@department.example', ['c@paper.example']), ['c@paper.example']);
    const { context, page } = await open();
    await page.goto(`${holdfast.http}/review/${id}`);
    await page.getByRole('button', { name: 'Show the content' }).click();
    await page.frameLocator('iframe.html-body').first().getByText('Good morning').waitFor();
    await page.goto(`${holdfast.http}/review/${id}/false-alarm`);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    const csv = await context.request.get(`${holdfast.http}/audit.csv`);
    for (const line of (await csv.text()).split('\r\n')) expect(line).not.toMatch(/(^|,)"?[=+@\t|%-][a-z]/i);
    await context.close();
  });

  it('is done by keys, which are announced, can be turned off, and never hold the focus', async () => {
    for (const n of [1, 2, 3]) await submit(plainMail(`Lines ${n}`, 'Record employment again!'), ['d@paper.example']);
    const { context, page } = await open();
    await page.goto(`${holdfast.http}/review?search=d%40paper.example&order=oldest`);
    expect(await page.locator('.queue__count').textContent()).toBe('3 messages match');
    const focused = () =>
      page.evaluate("[...document.querySelectorAll('.queue__link')].indexOf(document.activeElement)");
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    expect(await focused()).toBe(1);
    await page.keyboard.press('k');
    await page.keyboard.press('x');
    expect(await page.locator('#keys-said').textContent()).toBe('Chosen. 1 chosen in all.');
    await page.getByLabel('Sender, recipient or id').pressSequentially('jkx');
    expect(await page.getByLabel('Sender, recipient or id').inputValue()).toContain('jkx');
    await page.getByRole('button', { name: 'Turn keys off' }).press('Enter');
    await page.keyboard.press('j');
    expect(await focused()).toBe(-1);
    await page.getByRole('button', { name: 'Turn keys on' }).press('Enter');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/review/*');
    await context.close();
  });

  it('decides on several with care, without script, each for itself', async () => {
    await submit(plainMail('Together one', 'Record employment again!'), ['e@paper.example']);
    const records = Buffer.from(
      `From: a@department.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/csv; name="a.csv"\r\n\r\n${peopleCsv()}\r\n`,
    );
    await submit(records, ['e@paper.example']);
    const { context, page } = await open({ javaScriptEnabled: false });
    await page.goto(`${holdfast.http}/review?search=e%40paper.example`);
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByRole('button', { name: 'Decide on the chosen' }).click();
    await page.getByText('It is not released among others: it may carry records').waitFor();
    await page.getByText('It is not released among others: you have no access').waitFor();
    await page.getByRole('button', { name: 'Reject 2 messages' }).click();
    await page.getByText('There is a problem').waitFor();
    await page.getByLabel('Your reason').fill('Too early.');
    await page.getByRole('button', { name: 'Reject 2 messages' }).click();
    await page.getByRole('heading', { name: 'Decided on 2 messages' }).waitFor();
    await page.goto(`${holdfast.http}/audit?action=message.rejected`);
    expect(await page.getByText('Too early.').count()).toBe(2);
    await context.close();
  });

  it('asks the sender, marks a false alarm, and reports a breach as Word, PDF and HTML', async () => {
    const records = Buffer.from(
      `From: f@department.example\r\nSubject: Rota\r\nMIME-Version: 1.0\r\nContent-Type: text/csv; name="rota.csv"\r\n\r\n${peopleCsv()}\r\n`,
    );
    const id = await submit(records, ['g@paper.example', 'h@paper.example'], 'f@department.example');
    const { context, page } = await open({ bypassCSP: true });
    await page.goto(`${holdfast.http}/review/${id}`);
    await page.getByLabel('Your reason').fill('Whose rota is this?');
    await page.getByRole('button', { name: 'Ask the sender' }).click();
    await page.getByText('The sender is asked.').waitFor();
    await page
      .getByRole('link', { name: /^A false alarm/ })
      .first()
      .click();
    await looksRight(page, 'false-alarm');
    await page.getByRole('radio', { name: 'A week' }).check();
    await page.getByLabel('Why it is harmless').fill('A rota of invented people.');
    await page.getByRole('button', { name: 'Propose' }).click();
    await page.getByText('Proposed as a false alarm.').waitFor();
    await looksRight(page, 'message-plain');
    await page.goto(`${holdfast.http}/false-alarms`);
    await page.getByText('You proposed it: somebody else approves it.').waitFor();
    await looksRight(page, 'false-alarms');
    await database.query(`update false_alarm set approved_by = 'user:second', approved_at = now()`);
    let again = '';
    const isExcused = async () => {
      again = await submit(records, ['g@paper.example'], 'f@department.example', null);
      return again !== '';
    };
    await until(isExcused, 15_000, 'every process to judge by it');
    await page.goto(`${holdfast.http}/review/${again}`);
    await page.getByText('Two people took exactly this for a false alarm').waitFor();
    await submit(records, ['g@paper.example'], 'somebody@else.example', 'hold');
    await page.goto(`${holdfast.http}/false-alarms`);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Revoked. It holds messages again').waitFor();
    await submit(records, ['g@paper.example'], 'f@department.example', 'hold');
    await page.goto(`${holdfast.http}/incidents/new?message=${id}`);
    await looksRight(page, 'new-incident');
    await page.getByRole('button', { name: 'Begin the report' }).click();
    await page.getByText('The report is begun').waitFor();
    await page.getByLabel('Reasons for breach').fill('A wrong click. <script>window.hacked=30</script> رقم قياسي');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    await looksRight(page, 'incident');
    for (const [button, begin] of [
      ['Word', 'PK'],
      ['PDF', '%PDF'],
      ['HTML', '<!DOCTYPE'],
    ] as const) {
      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name: button, exact: true }).click();
      const download = await waiting;
      expect(download.suggestedFilename()).toMatch(/^breach-report-[a-z0-9]+\.(docx|pdf|html)$/);
      expect(readFileSync(await download.path(), 'latin1').startsWith(begin)).toBe(true);
    }
    await page.goto(`${holdfast.http}/incidents`);
    await looksRight(page, 'incidents');
    await page.goto(`${holdfast.http}/oversight`);
    await looksRight(page, 'oversight');
    await page.goto(`${holdfast.http}/audit?action=incident.exported`);
    await until(async () => (await page.getByText('Took out the breach report').count()) >= 3, 5000, 'three exports');
    await context.close();
  });

  it('tries a release, a dataset and a rule silently, and changes nothing by it', async () => {
    const { context, page } = await open({ bypassCSP: true });
    await page.goto(`${holdfast.http}/oversight`);
    await page.goto(`${holdfast.http}/trial`);
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText('Paste the entry or the rule file').first().waitFor();
    await page.getByLabel('The entry or the file').fill(GDP);
    await page.getByLabel('Test texts').fill('GDP is up again!\nLunch at noon.');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByRole('heading', { name: 'What gdp-2016-q1 would have done' }).waitFor();
    const row = (text: string) => page.getByRole('row').filter({ hasText: text });
    expect(await row('GDP is up again!').textContent()).toMatch(/Goes[\s\S]*Held/);
    expect(await row('Lunch at noon.').textContent()).not.toContain('Held');
    await looksRight(page, 'trial');
    expect(await page.getByLabel('The entry or the file').inputValue()).toBe('');
    await page.getByRole('radio', { name: 'A rule file' }).check();
    await page.getByLabel('Name of the rule file').fill('../../etc/passwd');
    await page.getByLabel('The entry or the file').fill('x: 1');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText('Name the rule file as subjects/labour-market.yaml').first().waitFor();
    await page.getByLabel('Name of the rule file').fill('subjects/made-up.yaml');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText('There is a problem').waitFor();
    await page.getByRole('radio', { name: 'A release, as' }).check();
    await page.getByLabel('The entry or the file').fill(GDP);
    await page.getByLabel('For how many days').fill('99');
    await page.getByRole('button', { name: 'Run it silent' }).click();
    await page.getByText('Enter 1 to 30 days').first().waitFor();
    await page.getByLabel('For how many days').fill('3');
    await page.getByRole('button', { name: 'Run it silent' }).click();
    await page.getByText('Not one of them would have been judged otherwise so far').waitFor();
    await looksRight(page, 'silent-trial');
    await page.getByRole('button', { name: 'End it now' }).click();
    await page.getByText('Ended').waitFor();
    const registers = (await holdfast.call('GET', '/v1/embargoes')).body;
    expect(JSON.stringify(registers)).not.toContain('gdp-2016-q1');
    await context.close();
  });
});
