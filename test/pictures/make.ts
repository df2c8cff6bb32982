import { cpSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startHoldfast, TOKEN } from '../services/start-holdfast.ts';

// Makes the pictures of the documents from a running Holdfast: npm run pictures. Each is a real page, on the day of the breach.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const PASSWORD = 'a password of this picture alone';
const DRAFT = 'Good morning! Record employment again this month, and the good news will keep coming.';
const MOST_BYTES = 200 * 1024;

if (CHROMIUM === undefined) throw new Error('there is no Chromium: apt-get install chromium');
const data = mkdtempSync(join(tmpdir(), 'holdfast-pictures-'));
cpSync(join(ROOT, 'fixtures/registers'), join(data, 'registers'), { recursive: true });
const holdfast = await startHoldfast(data, {
  HOLDFAST_NOW: '2016-01-20T09:22:00Z',
  HOLDFAST_ADMIN_PASSWORD: PASSWORD,
  HOLDFAST_ADMIN_EMAIL: 'analyst@department.example',
  HOLDFAST_NEXT_HOP: `127.0.0.1:${await closedPort()}`,
});
let browser: Browser | null = null;
try {
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  });
  const page = await (await browser.newContext({ viewport: { width: 1000, height: 800 } })).newPage();
  await signIn(page);
  await page.goto(`${holdfast.http}/check`);
  await page.getByRole('textbox').first().fill(DRAFT);
  await page.waitForTimeout(2500);
  await take(page, 'check-a-draft');
  await fillDesk();
  await page.goto(`${holdfast.http}/review`);
  await take(page, 'held-messages');
} finally {
  await browser?.close();
  await holdfast.stop();
  rmSync(data, { recursive: true, force: true });
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${holdfast.http}/sign-in`);
  await page.fill('input[name="name"]', 'admin');
  await page.fill('input[type="password"]', PASSWORD);
  await page.locator('main button[type="submit"]').first().click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

/** Mails and drafts as an office sends them; what is held of them is on the desk. */
async function fillDesk(): Promise<void> {
  const texts = [
    ['press@department.example', 'Lines to take', 'The headline: unemployment tumbles to a ten-year low.'],
    ['minister.office@department.example', 'Tomorrow', 'I hear the figures are very favourable. Record employment!'],
  ] as const;
  for (const [from, subject, text] of texts) {
    const mail = `From: ${from}\r\nTo: desk@paper.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject.length}@department.example>\r\n\r\n${text}\r\n`;
    const response = await fetch(
      `${holdfast.http}/v1/messages?${new URLSearchParams({ from, to: 'desk@paper.example' })}`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'message/rfc822' },
        body: mail,
      },
    );
    if (!response.ok) throw new Error(`a mail was not taken: ${response.status}`);
  }
}

async function take(page: Page, name: string): Promise<void> {
  const path = join(ROOT, 'docs', `${name}.png`);
  const main = await page.locator('main').boundingBox();
  const height = Math.min(1010, Math.round((main?.y ?? 0) + (main?.height ?? 800)));
  await page.setViewportSize({ width: 1000, height: Math.max(600, height) });
  await page.screenshot({ path });
  const { size } = statSync(path);
  if (size > MOST_BYTES)
    throw new Error(`${name}.png has ${size} bytes, at most ${MOST_BYTES} belong into a repository`);
  process.stdout.write(`docs/${name}.png, ${Math.round(size / 1024)} KB\n`);
}

/** A next hop that refuses connections: nothing that is cleared goes anywhere. */
function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 1));
    });
  });
}
