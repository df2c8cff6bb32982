import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { jest } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { anEmbargo, FAKE_LIFT } from './fakes/fake-service.ts';
import { type RunningWeb, startWeb } from './fakes/start-web.ts';
import { AXE_RUN } from './services/a-browser.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const QUIET = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];
/** A desktop, the same at 200 % zoom, and a phone. */
const WIDTHS = [1280, 640, 360];
const RELEASE = '/registers/embargoes/labour-market-2016-01';
const PAGES = [
  `${RELEASE}/status`,
  `${RELEASE}/access`,
  '/registers/calendar',
  '/registers/people',
  '/registers/changes',
  '/registers/changes/change-1',
  '/docs/problems/conflict',
  '/registers/import',
  '/registers/datasets/core-lettings-2016-17/edit',
  '/registers/datasets/core-lettings-2016-17/sketch',
  '/registers/datasets/core-lettings-2016-17/sketch?job=job-1',
  '/account',
  '/account/second-factor',
  '/users',
  '/users/new',
  '/users/user-1',
];
const LONG = `${'Unbroken'.repeat(20)} <script>window.hacked = true</script> \u202ertl رقم قياسي`;

jest.setTimeout(120_000);

let browser: Browser;
let web: RunningWeb;
let complaints: string[];

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
  await page.goto(`${web.origin}/sign-in?next=%2Fregisters`);
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill('correct horse');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/registers');
}

// In CI a browser that is missing fails its tests; a newcomer's machine need not have one.
const described = CHROMIUM === undefined && process.env['CI'] === undefined ? describe.skip : describe;

described('registers and accounts in a real browser', () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: QUIET });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    web = await startWeb();
    const person = (email: string) => ({ email, role: LONG, declared: null });
    web.service.embargoes.push(
      anEmbargo({
        id: 'later',
        title: LONG,
        from: FAKE_LIFT + 86_400_000,
        until: FAKE_LIFT + 9 * 86_400_000,
        preRelease: {
          opens: FAKE_LIFT + 8 * 86_400_000,
          access: [person(`${'very.long.name.'.repeat(6)}@department.example`)],
          former: [{ ...person('left@department.example'), left: '2016-01-02' }],
        },
      }),
    );
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await web.close();
    expect(complaints).toEqual([]);
  });

  it('every page suits everybody: no violation, nothing cut off, at every width', async () => {
    // Axe is put into the page from outside, which the page's own policy would refuse.
    const { page } = await open({ bypassCSP: true });
    const suits = async (path: string) => {
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
    };
    web.accounts.withFactor.add('officer');
    await page.goto(`${web.origin}/sign-in`);
    await page.getByLabel('Name').fill('officer');
    await page.getByLabel('Password', { exact: true }).fill('correct horse');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/sign-in/code*');
    await suits('/sign-in/code');
    await page.goto(`${web.origin}/sign-in/new-password`);
    await suits('/sign-in/new-password');
    await signIn(page);
    for (const path of PAGES) {
      await page.goto(web.origin + path);
      await suits(path);
    }
    // A phone begins where now is, not at the names.
    await page.goto(`${web.origin}/registers`);
    expect((await page.locator('.timeline__now-label').boundingBox())?.x).toBeLessThan(300);
    await page.goto(`${web.origin}${RELEASE}/access`);
    const list = {
      name: 'list.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('Email,Role\nnew@department.example,Analyst'),
    };
    await page.getByLabel('CSV or XLSX file').setInputFiles(list);
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByRole('heading', { name: '1 added' }).waitFor();
    await suits('the preview of a list');
    await page.goto(`${web.origin}/registers/import`);
    const calendar = JSON.stringify([{ title: LONG, date: '2016-03-01' }, { title: 'GDP', date: '2016-02-01' }, {}]);
    await page
      .getByLabel('iCalendar (.ics) or JSON file')
      .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(calendar) });
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByRole('heading', { name: 'What the calendar would change' }).waitFor();
    await suits('the preview of a calendar');
  });

  it('says while a release is written what it means and what is wrong, and not before anybody came to it', async () => {
    const { page } = await open();
    await signIn(page);
    await page.getByRole('link', { name: 'Add a release' }).click();
    await page.getByLabel('Title').fill('UK Labour Market, January 2016');
    await page.getByLabel('Labour market', { exact: true }).check();
    await page.locator('#untilDay').fill('2016-02-17');
    await page.locator('#untilTime').fill('09:30');
    await page.getByLabel('Who has pre-release access').fill('one@department.example\ntwo@department.example');
    await page.getByText('From Tue 16 Feb 09:30 two people may see this; public Wed 17 Feb 09:30.').waitFor();
    expect(await page.locator('.live-error:not(:empty)').count()).toBe(0);
    web.keepingFaults.push('producer: this key is missing, add it with a text');
    await page.getByLabel('Producer', { exact: true }).focus();
    await page.keyboard.press('Tab');
    await page.getByText('Producer: is missing, fill it in').waitFor();
    web.keepingFaults.length = 0;
    await page.getByLabel('Producer', { exact: true }).fill('Office for National Statistics');
    await page
      .getByText('Producer: is missing, fill it in')
      .waitFor({ state: 'detached' })
      .catch(() => {});
    expect(await page.locator('.live-error:not(:empty)').count()).toBe(0);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved: UK Labour Market, January 2016.').waitFor();
  });

  it('lets a registrar work by keyboard alone', async () => {
    const { page } = await open();
    await signIn(page);
    await page.goto(`${web.origin}${RELEASE}/status`);
    await tabTo(page, 'choice');
    await page.keyboard.press('Space');
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowDown');
    expect(await page.evaluate('document.querySelector("[name=choice]:checked").value')).toBe('publish');
    await tabTo(page, '', 'Save');
    await page.keyboard.press('Enter');
    await page.waitForURL('**saved=**');
    expect(web.service.calls.map(({ name }) => name)).toContain('putEmbargo');
  });

  it('works without script: registers, lists, calendar, account and people', async () => {
    const { page } = await open({ javaScriptEnabled: false });
    await signIn(page);
    await page.getByRole('link', { name: 'Add a release' }).click();
    await page.getByLabel('Title').fill('Gross domestic product');
    await page.getByRole('button', { name: 'Say it in plain words' }).click();
    await page.getByText('The embargo needs a beginning and a later lift').waitFor();
    await page.locator('#untilDay').fill('2016-02-17');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved: Gross domestic product.').waitFor();
    await page.getByRole('link', { name: 'Calendar', exact: true }).click();
    await page.getByRole('link', { name: /9:30am public: UK Labour Market/ }).click();
    await page.getByRole('button', { name: 'Who has access' }).click();
    await page.getByRole('button', { name: /Has left/ }).click();
    await page.getByText('They have no access any more.').waitFor();
    await page.goto(`${web.origin}/registers/datasets/core-lettings-2016-17/sketch`);
    await page
      .getByLabel('The dataset, or a document')
      .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('a') });
    await page.getByRole('button', { name: 'Make the fingerprint' }).click();
    await page.getByText('Reading rows: 300 rows of 1,000 rows').waitFor();
    await page.getByRole('link', { name: 'Look again' }).click();
    await page.getByRole('link', { name: /Your account/ }).click();
    await page.getByLabel('What it is for').fill('scheduler');
    await page.getByLabel('Keep the registers').check();
    await page.getByRole('button', { name: 'Make the token' }).click();
    await page.getByText('holdfast_shown-once').waitFor();
    await page.getByRole('link', { name: 'People', exact: true }).click();
    await page.getByRole('button', { name: 'Add a person' }).click();
    await page.getByLabel('Name to sign in with').fill('pat');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByText('made-for-you').waitFor();
  });
});

/** Presses Tab until an element of an id or a text has the focus; a person would give up sooner. */
async function tabTo(page: Page, id: string, text = ''): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab');
    const focus = (await page.evaluate(
      '[document.activeElement.id, document.activeElement.textContent.trim()]',
    )) as string[];
    if (id === '' ? focus[1] === text : focus[0] === id) return;
  }
  throw new Error(`the keyboard does not reach ${id}${text}`);
}
