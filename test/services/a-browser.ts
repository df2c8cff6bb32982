import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

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

/** In CI a browser that is missing fails its tests; a newcomer's machine need not have one. */
export const canBrowse = CHROMIUM !== undefined || process.env['CI'] !== undefined;

export function aBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM ?? '', args: QUIET });
}

/** What axe finds, by its rules for WCAG's highest level too, which it leaves out unless told. */
export const AXE_RUN = `axe.run({ rules: Object.fromEntries(axe.getRules(['wcag2aaa', 'wcag22aa']).map(({ ruleId }) => [ruleId, { enabled: true }])) })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`;

/** What axe finds at the page, at any level, and how far it is wider than its window. The page's policy must be off. */
export async function faultsOf(
  page: Page,
): Promise<{ readonly violations: readonly string[]; readonly overflow: number }> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(AXE_RUN);
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  return { violations: violations as readonly string[], overflow: overflow as number };
}
