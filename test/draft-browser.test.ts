import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createCheckPointDesk } from '../src/service/check-point-desk.ts';
import { aCaller } from './fakes/fake-accounts.ts';
import { FakeCheckPoints } from './fakes/fake-check-points.ts';
import { FAKE_LIFT } from './fakes/fake-service.ts';
import { type RunningWeb, startWeb } from './fakes/start-web.ts';
import { aBrowser, canBrowse, faultsOf } from './services/a-browser.ts';

// A browser on a busy machine is slow to start and slow to draw.
jest.setTimeout(120_000);

const described = canBrowse ? describe : describe.skip;
const DESK = createCheckPointDesk({ record: new FakeCheckPoints(), wallClock: Date.now });
const PICTURE = { name: 'chart.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') };

let browser: Browser;
let web: RunningWeb;
/** What a page did that it must not: requests to others, errors. */
let complaints: string[];

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('request', (request) => {
    if (!request.url().startsWith(`${web.origin}/`)) complaints.push(`request to ${request.url()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error ${error.message}`));
  return page;
}

async function signIn(page: Page, next = '/check'): Promise<void> {
  await page.goto(`${web.origin}/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill('correct horse');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

const held = (page: Page) => page.getByRole('heading', { name: 'Do not publish this before 9:30am today' });
const safe = (page: Page) => page.getByRole('heading', { name: 'You can publish this now' });
const marksIn = (page: Page) => page.locator('.draft-box__mark').allTextContents();

described('checking a draft in a real browser', () => {
  beforeAll(async () => {
    browser = await aBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    web = await startWeb({ checkPoints: DESK });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await web.close();
    expect(complaints).toEqual([]);
  });

  it('marks the words in the box itself, and leaves caret, undo and screen reader alone', async () => {
    const page = await open();
    await signIn(page);
    const box = page.getByRole('textbox', { name: 'Text', exact: true });
    await box.pressSequentially('Say: Record employment!');
    await held(page).waitFor();
    expect(await marksIn(page)).toEqual(['Record employment']);
    // Typed before the marked words: the mark goes with them before any new answer.
    await page.route('**/check/live', (route) => setTimeout(() => void route.continue(), 400));
    await box.press('Home');
    await box.pressSequentially('Well. ');
    expect(await marksIn(page)).toEqual(['Record employment']);
    expect(await page.evaluate('[document.activeElement.selectionStart, document.activeElement.selectionEnd]')).toEqual(
      [6, 6],
    );
    await page.unroute('**/check/live');
    await held(page).waitFor();
    expect(await box.inputValue()).toBe('Well. Say: Record employment!');
    await box.press('Control+z');
    expect(await box.inputValue()).not.toBe('Well. Say: Record employment!');
    // The layer of marks is nothing to a screen reader, and lies on the words to the pixel.
    expect(await page.locator('.draft-box').ariaSnapshot()).not.toContain('generic');
    const boxes = await page
      .locator('.draft-box > *')
      .evaluateAll((all) => all.map((one) => [one.clientHeight, one.scrollHeight]));
    expect(boxes[0]?.[1]).toBe(boxes[1]?.[1]);
  });

  it('says the verdict once, politely, and the count only where it matters', async () => {
    const page = await open();
    await signIn(page);
    await page.evaluate(`
      window.said = [];
      for (const id of ['check-status', 'character-status'])
        new MutationObserver(() => { const words = document.getElementById(id).textContent; if (words) said.push(words); })
          .observe(document.getElementById(id), { childList: true });`);
    await page.locator('#text').pressSequentially('Record employment now');
    await held(page).waitFor();
    await page.locator('#text').pressSequentially(' and then');
    await page.waitForTimeout(1300);
    expect(await page.evaluate('said')).toEqual(['Do not publish this before 9:30am today']);
    expect(await page.locator('#check-status').getAttribute('role')).toBe('status');
    await page.locator('#text').fill('a'.repeat(275));
    await page.locator('#character-status').getByText('5 characters left').waitFor({ state: 'attached' });
  });

  it('never shows an answer to other words, whatever the order that answers come in', async () => {
    const page = await open();
    await signIn(page);
    let asked = 0;
    await page.route('**/check/live', async (route) => {
      asked += 1;
      if (asked === 1) await new Promise((resolve) => setTimeout(resolve, 700));
      await route.continue().catch(() => {});
    });
    await page.locator('#text').fill('Record employment');
    await page.waitForTimeout(250);
    await page.locator('#text').fill('Out at 9:30');
    await safe(page).waitFor();
    await page.waitForTimeout(700);
    expect([asked, await held(page).count(), await marksIn(page)]).toEqual([2, 0, []]);
  });

  it('does not call a draft safe before its files were opened', async () => {
    const page = await open();
    await signIn(page);
    await page.route('**/check/live', async (route) => {
      const isWithFiles = (route.request().headers()['content-type'] ?? '').startsWith('multipart/');
      if (isWithFiles) await new Promise((resolve) => setTimeout(resolve, 500));
      await route.continue().catch(() => {});
    });
    await page.locator('#text').fill('Out at 9:30');
    await safe(page).waitFor();
    await page.getByLabel('Images and attachments').setInputFiles([PICTURE]);
    await page.getByRole('heading', { name: 'Your files are still to be opened' }).waitFor();
    await page.getByText('The files are being opened').waitFor();
    await page.getByLabel('Description of chart.png').fill('A line that goes up');
    await safe(page).waitFor();
    const draft = web.service.drafts.at(-1);
    expect(draft?.attachments.map(({ name }) => name)).toEqual(['chart.png', 'Description of chart.png.txt']);
  });

  it('takes a draft from the address, and out of it, also where signing in comes between', async () => {
    const page = await open();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(`${request.url()} ${request.headers()['referer'] ?? ''}`));
    await page.goto(`${web.origin}/check#text=Record%20employment`);
    await page.getByLabel('Name').fill('admin');
    await page.getByLabel('Password', { exact: true }).fill('correct horse');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await held(page).waitFor();
    expect(page.url()).toBe(`${web.origin}/check`);
    expect(asked.filter((one) => /Record/.test(one.replace(/#\S*/g, '')))).toEqual([]);
    for (const path of [
      '/check?text=Record%20employment&channel=press',
      '/check#text=Record%20employment&channel=press',
    ]) {
      await page.goto('about:blank').catch(() => {});
      complaints = [];
      await page.goto(`${web.origin}${path}`);
      await held(page).waitFor();
      expect([page.url(), await page.getByLabel('Where it will appear').inputValue()]).toEqual([
        `${web.origin}/check`,
        'press',
      ]);
    }
    complaints = [];
  });

  it('reads a planned time in another zone, and says what it is in London', async () => {
    const page = await open();
    await signIn(page);
    await page.locator('#text').fill('Record employment');
    await page.getByLabel('Day').fill('2016-01-20');
    await page.getByLabel('Time').fill('10:30');
    await page.getByLabel('Zone').selectOption('Europe/Paris');
    await page.getByText('That is 9:30am on Wednesday 20 January 2016 in London.').waitFor();
    await page.getByRole('heading', { name: 'You can publish this at 9:30am today' }).waitFor();
    await page.getByLabel('Day').fill('2016-03-27');
    await page.getByLabel('Time').fill('02:30');
    await page.locator('#result').getByText('02:30 does not exist on that day').waitFor();
  });

  it('leads a draft to a reviewer by keyboard alone', async () => {
    const page = await open();
    await signIn(page);
    await page.locator('#text').focus();
    await page.keyboard.type('Record employment');
    await held(page).waitFor();
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate('document.activeElement.textContent.trim()')) === 'Send to a reviewer') break;
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'A reviewer has your draft' }).waitFor();
    expect(web.service.messages[0]?.view).toMatchObject({ kind: 'draft', state: 'held', holdUntil: FAKE_LIFT });
  });

  it('without script sends no draft without the files that it was checked with', async () => {
    const page = await open({ javaScriptEnabled: false });
    await signIn(page);
    await page.getByLabel('Text').fill('Record employment');
    await page.getByLabel('Images and attachments').setInputFiles([PICTURE]);
    await page.getByLabel('Image descriptions').fill('Record employment, drawn');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await held(page).waitFor();
    await page.getByRole('button', { name: 'Send to a reviewer' }).click();
    await page.getByRole('link', { name: /^Choose the files again/ }).waitFor();
    expect(web.service.messages).toEqual([]);
    await page.getByLabel('Text').fill('Out at 9:30');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByRole('heading', { name: 'Your files are not in this check' }).waitFor();
    await page.getByLabel('Text').fill('Record employment');
    await page.getByLabel('The draft goes without the files that I chose before').check();
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByRole('button', { name: 'Send to a reviewer' }).click();
    await page.getByRole('heading', { name: 'A reviewer has your draft' }).waitFor();
    await page.getByRole('link', { name: 'Check a draft' }).click();
    await page.goto(`${web.origin}/notices`);
    await page.getByLabel('Never').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
  });

  it('counts as X counts, and calls every field by its name', async () => {
    const cases = [
      ['See example.org/page.', 28],
      ['(https://www.example.org/a)', 25],
      ['https://a.example/1 http://b.example/2', 47],
      ['mail me@example.org', 19],
      ['1.5 and e.g. this', 17],
      ['❤️ ©', 4],
      ['🇬🇧#️⃣', 4],
      ['“e\u0301…”', 5],
      ['한국', 4],
    ] as const;
    const page = await open({ bypassCSP: true });
    await signIn(page);
    const counted = await page.evaluate(`
      import(document.querySelector('script[src*="check-draft"]').src.replace('check-draft', 'count-characters'))
        .then(({ countCharacters }) => ${JSON.stringify(cases)}.map(([text]) => countCharacters(text, 'x')))`);
    expect(counted).toEqual(cases.map(([, expected]) => expected));
    await page.getByLabel('Only the people I name').check();
    const names = await page.locator('#check-form').ariaSnapshot();
    for (const line of [
      'textbox "Text"',
      'combobox "Where it will appear"',
      'group "When it will be published"',
      'textbox "Day"',
      'textbox "Time"',
      'combobox "Zone"',
      'group "Who will see it"',
      'radio "Everyone"',
      'textbox "E-mail addresses of the people you name"',
      'button "Images and attachments"',
      'button "Check"',
    ])
      expect(names).toContain(line);
  });

  it('suits everybody on the pages around it, at every width', async () => {
    const page = await open({ bypassCSP: true });
    await signIn(page);
    const made = { name: `${'Long'.repeat(24)} <b>`, author: 'press@department.example', days: 9, secret: null };
    await DESK.create(
      { ...made, kind: 'embed', origins: [`https://${'very-long.'.repeat(12)}example`] },
      aCaller(['admin']),
    );
    for (const path of ['/check/elsewhere', '/check-points', '/notices']) {
      await page.goto(`${web.origin}${path}`);
      for (const width of [1280, 640, 360]) {
        await page.setViewportSize({ width, height: 800 });
        expect({ path, width, ...(await faultsOf(page)) }).toEqual({ path, width, violations: [], overflow: 0 });
      }
    }
    await page.goto(`${web.origin}/check`);
    await page.locator('#text').fill('رقم قياسي record employment شهر');
    await held(page).waitFor();
    await page.getByLabel('Only the people I name').check();
    await page.getByLabel('Images and attachments').setInputFiles([{ ...PICTURE, name: `${'<b>'.repeat(40)}.png` }]);
    await page.locator('.alt-texts__item input').waitFor();
    await held(page).waitFor();
    expect(await faultsOf(page)).toEqual({ violations: [], overflow: 0 });
  });
});

described('the check on the page of another site', () => {
  let site: Server;
  let origin: string;
  let html: string;

  beforeAll(async () => {
    browser = await aBrowser();
    site = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      // As strict as a site can be that shows it.
      response.setHeader(
        'content-security-policy',
        `default-src 'none'; script-src ${web.origin}; connect-src ${web.origin}; frame-ancestors 'none'`,
      );
      response.end(html);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await browser.close();
    site.close();
  });

  it('judges what is typed there, and asks nobody but Holdfast', async () => {
    const desk = createCheckPointDesk({ record: new FakeCheckPoints(), wallClock: Date.now });
    web = await startWeb({ checkPoints: desk });
    const point = {
      kind: 'embed',
      name: 'CMS',
      author: 'press@department.example',
      origins: [origin],
      days: 1,
      secret: null,
    } as const;
    const made = await desk.create(point, aCaller(['admin']));
    const token = made.ok ? made.value.token : '';
    html = `<!doctype html><html lang="en"><title>A scheduler</title><main><h1>Schedule</h1>
      <label for="post">Post</label><textarea id="post"></textarea>
      <holdfast-check token="${token}" for="#post" channel="x"></holdfast-check></main>
      <script src="${web.origin}/embed/holdfast-check.js" defer></script></html>`;
    const context = await browser.newContext({ viewport: { width: 360, height: 800 } });
    const page = await context.newPage();
    const hosts = new Set<string>();
    const errors: string[] = [];
    page.on('request', (request) => hosts.add(new URL(request.url()).origin));
    page.on('console', (line) => line.type() === 'error' && errors.push(line.text()));
    await page.goto(origin);
    await page.evaluate(
      "document.addEventListener('holdfast-verdict', (event) => (window.verdict = event.detail?.verdict ?? null))",
    );
    await page.getByLabel('Post').fill('Record employment');
    await page.getByRole('status').getByText('Do not publish this before 9:30am today').waitFor();
    expect(await page.evaluate('verdict')).toBe('hold');
    await page.getByText('What you can say now').waitFor();
    // No answer stands beside other words, not even for a moment.
    await page.getByLabel('Post').fill('Out at 9:30');
    expect(await page.evaluate("document.querySelector('holdfast-check').verdict")).toBeNull();
    expect(await page.getByText('Do not publish').count()).toBe(0);
    await page.getByRole('status').getByText('You can publish this now').waitFor();
    expect(await page.evaluate('verdict')).toBe('pass');
    // Its address is made when it is pressed, and it is not followed here.
    await page.evaluate("document.addEventListener('click', (event) => event.preventDefault())");
    await page.getByRole('link', { name: 'Open it in Holdfast' }).click();
    expect(await page.getByRole('link', { name: 'Open it in Holdfast' }).getAttribute('href')).toBe(
      `${web.origin}/check#text=Out+at+9%3A30`,
    );
    expect([...hosts].sort()).toEqual([origin, web.origin].sort());
    expect(errors.filter((line) => !line.includes('favicon'))).toEqual([]);
    // A selector that is wrong is told of, and not taken for an empty box.
    await page.evaluate("document.querySelector('holdfast-check').setAttribute('for', '#nowhere')");
    await page.getByRole('status').getByText('`for` points at nothing on this page').waitFor();
    await page.evaluate("document.querySelector('holdfast-check').setAttribute('for', '#post')");
    await web.close();
    await page.getByLabel('Post').fill('Out at ten');
    await page.getByRole('status').getByText('Holdfast does not answer').waitFor();
    expect(await page.evaluate("document.querySelector('holdfast-check').verdict")).toBeNull();
    await context.close();
  });
});
