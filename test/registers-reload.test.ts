import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandIo } from '../src/cli/command.ts';
import { registers } from '../src/cli/registers.ts';
import { type HoldfastTree, startHoldfast } from './services/start-holdfast.ts';
import { until } from './services/until.ts';

// Registers and rules take effect without a restart, and what is broken changes nothing.

const ROOT = join(import.meta.dirname, '..');
const ENTRY = 'embargoes/labour-market-2016-01.yaml';
const WORDS = 'directions/record-level.yaml';

let folder: string;
let holdfast: HoldfastTree;
/** What commands print. */
let said = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-reload-'));
  cpSync(join(ROOT, 'fixtures/registers'), join(folder, 'data/registers'), { recursive: true });
  cpSync(join(ROOT, 'fixtures/registers'), join(folder, 'changed'), { recursive: true });
  cpSync(join(ROOT, 'rules'), join(folder, 'rules'), { recursive: true });
  holdfast = await startHoldfast(join(folder, 'data'), {
    HOLDFAST_NOW: '2016-01-20T09:22:00Z',
    HOLDFAST_RULES: join(folder, 'rules'),
  });
}, 90_000);
afterAll(async () => {
  await holdfast.kill();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

async function run(...args: readonly string[]): Promise<number> {
  const io: CommandIo = {
    out: (text) => {
      said += text;
    },
    err: (text) => {
      said += text;
    },
    stdin: async () => new Uint8Array(),
    isTerminal: false,
    now: () => Date.UTC(2016, 0, 20, 9, 22),
    env: { HOLDFAST_DATA: join(folder, 'data') },
  };
  return registers.run(args, io);
}

async function verdictOn(text: string): Promise<string> {
  const draft = { text, channel: 'x', author: 'press@department.example' };
  const { body } = await holdfast.call('POST', '/v1/drafts', draft);
  return (body as { readonly verdict: string }).verdict;
}

/** Seconds until the verdict on a text is the one expected. */
async function secondsUntil(text: string, verdict: string): Promise<number> {
  const started = performance.now();
  await until(async () => (await verdictOn(text)) === verdict, 20_000, `${verdict} on the draft`);
  return (performance.now() - started) / 1000;
}

function edit(path: string, from: string, to: string): void {
  const file = join(folder, path);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

it('an import takes effect on a running server within 5 seconds', async () => {
  expect(await verdictOn('Record employment!')).toBe('hold');
  edit(`changed/${ENTRY}`, 'status: scheduled', 'status: published');
  expect(await run('import', join(folder, 'changed'))).toBe(0);
  expect(await secondsUntil('Record employment!', 'pass')).toBeLessThan(5);
  edit(`changed/${ENTRY}`, 'status: published', 'status: scheduled');
  expect(await run('import', join(folder, 'changed'))).toBe(0);
  expect(await secondsUntil('Record employment!', 'hold')).toBeLessThan(5);
}, 90_000);

it('an import with a fault changes nothing', async () => {
  edit(`changed/${ENTRY}`, 'status: scheduled', 'status: publised');
  await expect(run('import', join(folder, 'changed'))).rejects.toMatchObject({
    lines: [expect.stringContaining('did you mean "published"?')],
  });
  expect(await verdictOn('Record employment!')).toBe('hold');
}, 60_000);

it('an import removes nothing unless its list was seen, and no release that is still under embargo', async () => {
  const pruned = join(folder, 'pruned');
  cpSync(join(ROOT, 'fixtures/registers'), pruned, { recursive: true });
  const [first = ''] = readdirSync(join(pruned, 'sensitivity')).filter((name) => name.endsWith('.yaml'));
  const id = first.replace('.yaml', '');
  rmSync(join(pruned, 'sensitivity', first));
  said = '';
  expect(await run('import', pruned)).toBe(0);
  expect(said).toMatch(/^warning: .*: 1 entry of the store stand/m);
  expect(await run('import', pruned, '--prune')).toBe(0);
  expect(said).toContain(`${id}: `);
  expect(said).toContain('nothing is changed yet: add --yes');
  expect((await holdfast.call('GET', `/v1/sensitivity/${id}`)).status).toBe(200);
  expect(await run('import', pruned, '--prune', '--yes')).toBe(0);
  await until(async () => (await holdfast.call('GET', `/v1/sensitivity/${id}`)).status === 404, 20_000, 'the removal');
  rmSync(join(pruned, ENTRY));
  await expect(run('import', pruned, '--prune', '--yes')).rejects.toMatchObject({
    lines: [expect.stringMatching(/^labour-market-2016-01: its embargo has not ended, so it is not removed/)],
  });
  await expect(run('export', pruned, '--prune')).rejects.toMatchObject({
    lines: [expect.stringMatching(/--prune goes/)],
  });
}, 60_000);

it('a changed rule takes effect, and a broken one leaves the rules in force that were', async () => {
  // Of so few words that readers which learned do not read it.
  const text = 'Wibblewobble unemployment rate';
  expect(await verdictOn(text)).toBe('pass');
  edit(`rules/${WORDS}`, '- record|record_high|', '- wibblewobble|record|record_high|');
  await secondsUntil(text, 'hold');
  appendFileSync(join(folder, 'rules/subjects/gdp.yaml'), 'trems: [x]\n');
  await until(async () => (await fetch(`${holdfast.http}/readyz`)).status === 503, 20_000, 'the fault in readiness');
  expect(await verdictOn(text)).toBe('hold');
  expect(holdfast.said()).toMatch(/gdp\.yaml:\d+:1: trems: unknown key, did you mean/);
}, 90_000);

it('an export needs no running server, and writes nothing in the clear', async () => {
  expect(await holdfast.stop()).toBe(0);
  expect(await run('export', join(folder, 'out'))).toBe(0);
  const text = readFileSync(join(folder, 'out', ENTRY), 'utf8');
  expect(text).toMatch(/sealed: \{ key: k1-/);
  expect(text).not.toMatch(/31\.39|value: 74/);
  expect(await run('check', join(folder, 'out'))).toBe(0);
}, 90_000);
