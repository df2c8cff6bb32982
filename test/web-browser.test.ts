import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { jest } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Recall } from '../src/service/recall-desk.ts';
import { recallNotice } from '../src/service/recall-notice.ts';
import type { BatchMail } from '../src/service/view-batch.ts';
import { aFinding, anEmbargo, FAKE_LIFT, FAKE_NOW } from './fakes/fake-service.ts';
import { type RunningWeb, startWeb } from './fakes/start-web.ts';
import { AXE_RUN } from './services/a-browser.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** A desktop, the same at 200 % zoom, and a phone. */
const WIDTHS = [1280, 640, 360];

const PAGES = [
  '/sign-in',
  '/docs',
  '/check',
  '/check?text=Record%20employment%20again',
  '/check?text=Out%20at%209:30',
  '/review',
  '/review/mail-1',
  '/review?state=rejected',
  '/registers',
  '/registers/embargoes/labour-market-2016-01',
  '/registers/embargoes/labour-market-2016-01/edit',
  '/registers/new-release',
  '/registers/datasets/core-lettings-2016-17',
  '/registers/new-dataset',
  '/audit',
  '/recalls',
  '/recalls/core-lettings-2016-17',
  '/oversight',
  '/nowhere',
];

// A browser on a busy machine is slow to start and slow to draw.
jest.setTimeout(180_000);

let browser: Browser;
let web: RunningWeb;
/** What a page did that it must not: requests to others, errors, breaches of its own policy. */
let complaints: string[];

function aLongMail(): void {
  const text = 'Good morning,\n\nRecord employment! The good news 📈 will keep coming.\nرقم قياسي\n';
  web.service.add({
    view: {
      id: 'mail-1',
      kind: 'email',
      state: 'held',
      verdict: 'hold',
      holdUntil: FAKE_LIFT,
      effectiveAt: FAKE_NOW,
      receivedAt: FAKE_NOW - 60_000,
      envelope: {
        from: `${'very.long.name.'.repeat(6)}@department.example`,
        to: Array.from({ length: 296 }, (_, index) => `person${index}@org${index % 7}.example`),
      },
      messageId: null,
      subject: `${'Unbroken'.repeat(20)} <script>window.hacked = true</script>`,
      findings: [
        aFinding(text.indexOf('Record'), 17, { insight: 'Equals the embargoed figure.' }),
        aFinding(text.indexOf('good news'), 12, { rule: 'anticipation', summary: 'Looks forward to figures.' }),
        aFinding(0, 0, {
          path: `${'folder'.repeat(30)}.zip › a.xlsx › <img src=x onerror="window.hacked=true">`,
          span: null,
        }),
      ],
      incomplete: [{ path: 'report.zip › secret.xlsx', reason: 'encrypted' }],
      mayReveal: true,
    },
    opened: {
      headers: null,
      parts: [
        { path: 'body', type: 'text/plain', bytes: text.length, content: { kind: 'text', role: 'body', text } },
        { path: 'report.zip', type: 'application/zip', bytes: 9, content: { kind: 'container' } },
        { path: 'report.zip › secret.xlsx', type: 'x', bytes: 9, content: { kind: 'incomplete', reason: 'encrypted' } },
      ],
    },
  });
}

function aBatchMail(): BatchMail {
  return {
    id: 'msg-8',
    at: FAKE_NOW,
    state: 'delivered',
    to: [`${'contact.'.repeat(12)}@landlord.example`, 'b@landlord.example'],
    files: [{ name: `${'errors'.repeat(20)}<b>.csv`, bytes: 9_440_000 }],
  };
}

function aRecall(): Recall {
  const recipient = (address: string, confirmedAt: number | null) => ({
    address,
    deliveredAt: FAKE_NOW,
    confirmedAt,
    note: confirmedAt === null ? '' : 'Told by telephone, <b>deleted</b> everywhere',
  });
  return {
    entry: 'core-lettings-2016-17',
    title: 'CORE lettings 2016/17, record level',
    scannedAt: FAKE_NOW,
    traced: 1234,
    found: 1,
    mails: [
      {
        entry: 'core-lettings-2016-17',
        message: 'msg-9',
        sender: `${'quality.'.repeat(12)}@department.example`,
        sentAt: FAKE_NOW - 3_600_000,
        by: 'rows',
        recipients: [
          recipient(`${'contact.'.repeat(12)}@landlord.example`, null),
          recipient('b@landlord.example', FAKE_NOW),
        ],
        notice: recallNotice({ sender: 'quality@department.example', sentAt: FAKE_NOW - 3_600_000 }, null),
      },
    ],
  };
}

async function open(
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('request', (request) => {
    if (!request.url().startsWith(`${web.origin}/`)) complaints.push(`request to ${request.url()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error ${error.message}`));
  page.on('console', (line) => {
    if (line.type() === 'error' && !/status of 4\d\d/.test(line.text())) complaints.push(line.text());
  });
  return { context, page };
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${web.origin}/sign-in`);
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill('correct horse');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/check');
}

// In CI a browser that is missing fails its tests; a newcomer's machine need not have one.
const described = CHROMIUM === undefined && process.env['CI'] === undefined ? describe.skip : describe;

described('in a real browser', () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: QUIET });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    web = await startWeb();
    web.service.embargoes.push(
      anEmbargo({ id: 'later', from: FAKE_LIFT + 86_400_000, until: FAKE_LIFT + 9 * 86_400_000 }),
    );
    aLongMail();
    web.service.recalls = [aRecall()];
    web.service.batch = [aBatchMail()];
    web.service.overview = {
      days: [{ day: '2016-01-20', pass: 40, flag: 3, hold: 7 }],
      lifts: [
        { lift: FAKE_LIFT, held: 5 },
        { lift: null, held: 2 },
      ],
      heldNow: 7,
      oldestHeld: FAKE_NOW - 3_600_000,
      entries: [{ entry: 'labour-market-2016-01', messages: 7, held: 5 }],
      decisions: [{ action: 'release', count: 4, medianMinutes: 3.5 }],
    };
    web.service.acts.push({
      seq: 7,
      at: FAKE_NOW,
      actor: 'user:1',
      actorName: 'Chief reviewer',
      action: 'message.released',
      target: 'mail-1',
      detail: { reason: 'Public by now. '.repeat(20) },
    });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await web.close();
    expect(complaints).toEqual([]);
  });

  it('every page suits everybody: no violation, nothing cut off, at every width', async () => {
    // Axe is put into the page from outside, which the page's own policy would refuse.
    const { context, page } = await open({ bypassCSP: true });
    for (const path of PAGES) {
      if (path === '/check') await signIn(page);
      await page.goto(web.origin + path);
      if (path.startsWith('/check?')) await page.waitForSelector('#verdict-words');
      await page.evaluate(AXE);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        const found = await page.evaluate(AXE_RUN);
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect({ path, width, found, overflow }).toEqual({ path, width, found: [], overflow: 0 });
      }
      expect(await page.evaluate('window.hacked')).toBeUndefined();
    }
    await context.close();
  });

  it('judges while the draft is typed, and an old answer never stands beside new words', async () => {
    const { context, page } = await open();
    await signIn(page);
    await page.locator('#text').pressSequentially('Out at 9:30. ');
    await page.getByRole('heading', { name: 'You can publish this now' }).waitFor();
    await page.locator('#text').pressSequentially('R');
    expect(await page.locator('#result').getAttribute('aria-busy')).toBe('true');
    await page.locator('#text').pressSequentially('ecord employment!');
    await page.getByRole('heading', { name: 'Do not publish this before 9:30am today' }).waitFor();
    expect(await page.locator('mark').allTextContents()).toEqual(['Record employment']);
    await page.getByLabel('Day').fill('2016-01-20');
    await page.getByLabel('Time').fill('09:30');
    await page.getByRole('heading', { name: 'You can publish this at 9:30am today' }).waitFor();
    await page.locator('#text').fill('');
    await page.locator('#verdict-words').waitFor({ state: 'detached' });
    expect(web.service.messages).toHaveLength(1);
    await context.close();
  });

  it('counts down to the lift, and judges again when it comes', async () => {
    web.service.clock.fixed = false;
    web.service.now = FAKE_LIFT - 4000;
    const { context, page } = await open();
    await signIn(page);
    await page.locator('#text').fill('Record employment');
    await page.getByText(/^Safe in 00:00:0\d$/).waitFor();
    web.service.now = FAKE_LIFT;
    await page.getByRole('heading', { name: 'You can publish this now' }).waitFor();
    expect(await page.getByText(/^Safe in/).count()).toBe(0);
    await context.close();
  });

  it('says that there is no answer when Holdfast does not answer', async () => {
    const { context, page } = await open();
    await signIn(page);
    await page.locator('#text').pressSequentially('Out at 9:30.');
    await page.getByRole('heading', { name: 'You can publish this now' }).waitFor();
    await page.route('**/check/live', (route) => route.abort());
    complaints = [];
    await page.locator('#text').pressSequentially(' Record');
    await page.locator('#result').getByText('Holdfast does not answer').waitFor();
    complaints = complaints.filter((one) => !one.includes('ERR_FAILED'));
    await context.close();
  });

  it('counts characters as each channel counts them', async () => {
    const cases = [
      ['A', 'x', 1],
      ['https://www.example.org/a/very/long/address/that/counts/the/same', 'x', 23],
      ['📈', 'x', 2],
      ['👩‍👩‍👧', 'x', 2],
      ['日本', 'x', 4],
      ['é', 'facebook', 1],
      ['👩‍👩‍👧', 'facebook', 1],
    ] as const;
    const { context, page } = await open({ bypassCSP: true });
    await signIn(page);
    const counted = await page.evaluate(`
      import(document.querySelector('script[src*="check-draft"]').src.replace('check-draft', 'count-characters'))
        .then(({ countCharacters }) => ${JSON.stringify(cases)}.map(([text, channel]) => countCharacters(text, channel)))`);
    expect(counted).toEqual(cases.map(([, , expected]) => expected));
    await context.close();
  });

  it('leads a reviewer from the list to a decision by keyboard alone', async () => {
    const { context, page } = await open();
    await signIn(page);
    await page.goto(`${web.origin}/review`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Skip to main content');
    await tabTo(page, 'queue__link');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/review/mail-1');
    await tabTo(page, 'govuk-button--secondary');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/reveal#content');
    await tabTo(page, 'mark-number');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#message-reason-1$/);
    await tabTo(page, 'govuk-textarea');
    await page.keyboard.type('It is public by now.');
    await tabTo(page, 'govuk-button');
    await page.keyboard.press('Enter');
    await page.getByText('Released. It goes out now.').waitFor();
    expect(web.service.messages[0]?.view.state).toBe('released');
    await context.close();
  });

  it('lets all three people do their work without script', async () => {
    const { context, page } = await open({ javaScriptEnabled: false });
    await signIn(page);
    await page.getByLabel('Text').fill('Record employment');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByRole('heading', { name: 'Do not publish this before 9:30am today' }).waitFor();
    await page.getByRole('button', { name: 'Send to a reviewer' }).click();
    await page.getByRole('heading', { name: 'A reviewer has your draft' }).waitFor();
    await page.getByRole('link', { name: 'Held messages' }).click();
    await page.getByRole('link', { name: /^Draft by/ }).click();
    await page.getByRole('button', { name: 'Show the content' }).click();
    expect(await page.locator('mark').allTextContents()).toEqual(['Record employment']);
    await page.getByLabel('Your reason').fill('Wait until it is out.');
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.getByText('Rejected. Its author must not publish it.').waitFor();
    await page.getByRole('link', { name: 'Registers' }).first().click();
    await page.getByRole('link', { name: 'Add a release' }).click();
    await page.getByLabel('Title').fill('Gross domestic product');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved: Gross domestic product.').waitFor();
    await context.close();
  });
});

/** Presses Tab until an element of a class has the focus; a person would give up sooner. */
async function tabTo(page: Page, className: string): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab');
    const classes = (await page.evaluate('document.activeElement.className')) as string;
    if (classes.split(' ').includes(className)) return;
  }
  throw new Error(`the keyboard does not reach ${className}`);
}
