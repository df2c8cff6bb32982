import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandIo } from '../src/cli/command.ts';
import { rules } from '../src/cli/rules.ts';

const SHIPPED = fileURLToPath(new URL('../rules', import.meta.url));
const NEAR_MISS = '    - The embargoed goods were sent back.';

const FEW = {
  'subjects/labour-market.yaml': `id: labour-market
title: Labour market
terms: [employment]
measures:
  - { id: employment-rate, title: Employment rate, units: [percent] }
examples: { match: [Employment has risen., Employment has fallen.], clean: [Dough has risen., Lunch is ready.] }
`,
  'directions/up-or-down.yaml': `kind: claim
id: up-or-down
summary: Says which way a measure went.
cues: [{ words: [risen, fallen], relations: [predicate] }]
examples: { match: [Employment has risen., Employment has fallen.], clean: [Dough has risen., Risen bread is served while employment is published.] }
`,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-rules-'));
  // A rule of a kind is enough for what is tried here.
  for (const name of ['identifiers', 'markings', 'policy.yaml', 'datasets/ashe.yaml'])
    cpSync(join(SHIPPED, name), join(folder, name), { recursive: true });
  for (const [name, text] of Object.entries(FEW)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const file = join(folder, 'markings/embargo-notice.yaml');
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, lines.filter((line) => !line.startsWith(NEAR_MISS)).join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: readonly string[]): Promise<{ readonly status: number; readonly out: string }> {
  let out = '';
  const write = (text: string) => {
    out += text;
  };
  const io: CommandIo = {
    out: write,
    err: write,
    stdin: async () => new Uint8Array(),
    isTerminal: false,
    now: () => 0,
    env: {},
  };
  return { status: await rules.run(args, io), out };
}

describe('holdfast rules test', () => {
  it('finds every condition of the shipped rules guarded by a near-miss', async () => {
    const { status, out } = await run('test');
    expect(out.split('\n').filter((line) => line.startsWith('unguarded'))).toEqual([]);
    expect(out).toContain('every condition is guarded');
    expect(status).toBe(0);
  }, 120_000);

  it('names the condition whose near-miss was taken out, and fails where that is asked for', async () => {
    const { status, out } = await run('test', folder, '--strict');
    expect(out).toMatch(/^unguarded: .*embargo-notice\.yaml:\d+:\d+: patterns\[1\]: no near-miss shows/m);
    expect(status).toBe(1);
    expect((await run('test', folder)).status).toBe(0);
  }, 120_000);
});
