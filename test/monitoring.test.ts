import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { createMetrics, createServerMetrics, exposeMetrics } from '../src/cli/metrics.ts';
import { describeWithPromtool } from './services/real-servers.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const Alerts = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          labels: z.object({ severity: z.enum(['page', 'ticket']) }),
          annotations: z.object({ summary: z.string(), runbook: z.string() }),
        }),
      ),
    }),
  ),
});
const alerts = Alerts.parse(parse(read('monitoring/alerts.yaml'))).groups.flatMap(({ rules }) => rules);
const TESTS = ['monitoring/alerts.test.yaml', 'monitoring/alerts-week.test.yaml'];

/** Everything that a server and its workers expose, as a scrape sees it. */
async function scrape(countWaiting = waiting): Promise<string> {
  const metrics = createMetrics();
  const server = createServerMetrics(metrics.registry, '1.2.3', false);
  server.watchRecord({ countWaiting });
  server.watchReadiness(() => Promise.resolve(['database: does not answer']));
  server.countRequest({ method: 'GET', route: '/v1/messages/:id', status: 200, seconds: 0.1 });
  metrics.countPoolRestart('crashed');
  return (await exposeMetrics(metrics.registry, [await createMetrics().registry.getMetricsAsJSON()])).text;
}

const waiting = () =>
  Promise.resolve({
    messages: { received: 1, scanning: 2, held: 3, cleared: 4, released: 5, delivering: 6 },
    overdueSeconds: { scan: -3, deliver: 7, lift: 8 },
    held: { lift: 1, reviewer: 2 },
    oldestHeldSeconds: 9,
  });

/** Names of series in an expression: words that are no function, keyword or label. */
function seriesIn(expression: string): readonly string[] {
  const bare = expression.replaceAll(/"[^"]*"/g, '""').replaceAll(/\b(?:by|without)\s*\([^)]*\)/g, '');
  return (bare.match(/\b(?:holdfast|process|nodejs|up)[a-z0-9_]*/g) ?? []).filter((name) => name !== 'up');
}

function familiesOf(text: string): ReadonlySet<string> {
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

describe('the metrics', () => {
  it('tell in one scrape what waits, and nothing below nought', async () => {
    const text = await scrape();
    expect(text).toContain('holdfast_messages{state="delivering"} 6');
    expect(text).toContain('holdfast_overdue_seconds{stage="scan"} 0');
    expect(text).toContain('holdfast_overdue_seconds{stage="lift"} 8');
    expect(text).toContain('holdfast_held_messages{waits_for="reviewer"} 2');
    expect(text).toContain('holdfast_oldest_held_seconds 9');
    expect(text).toContain('holdfast_ready 0');
  });

  it('leave out what the database does not tell, and keep the rest', async () => {
    const text = await scrape(() => Promise.reject(new Error('away')));
    expect(text).not.toMatch(/^holdfast_(?:messages|overdue_seconds|held_messages|oldest_held_seconds)[ {]/m);
    expect(text).toContain('holdfast_pool_restarts_total{reason="crashed"} 1');
  });

  it('have no label that could name a message, a person, an entry or a figure', async () => {
    const labels = [...(await scrape()).matchAll(/^holdfast_\w+\{([^}]*)\}/gm)].flatMap(([, inside = '']) =>
      inside.split(',').map((pair) => pair.split('=')[0] ?? ''),
    );
    const harmless = ['kind', 'verdict', 'reason', 'detector', 'surface', 'outcome', 'state', 'stage', 'waits_for'];
    const known = [...harmless, 'method', 'route', 'status', 'version', 'le'];
    expect([...new Set(labels)].filter((label) => !known.includes(label))).toEqual([]);
  });
});

describe('the alert rules', () => {
  it.each(alerts)('$alert uses metrics that exist', async ({ expr }) => {
    const families = familiesOf(await scrape());
    expect(seriesIn(expr).filter((name) => !families.has(name))).toEqual([]);
  });

  it.each(alerts)('$alert has a paragraph in the runbook, and a test in which it fires', ({ alert, annotations }) => {
    expect(annotations.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
    const paragraph = new RegExp(`^### ${alert}\n\n(.+)$`, 'm').exec(read('docs/runbook.md'))?.[1] ?? '';
    expect(paragraph.length).toBeGreaterThan(150);
    const fires = new RegExp(`alertname="${alert}", alertstate="firing"`);
    expect(TESTS.filter((file) => fires.test(read(file)))).toHaveLength(1);
  });

  it('has no runbook paragraph for an alert that is gone', () => {
    const told = [...read('docs/runbook.md').matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    expect(told).toEqual(alerts.map(({ alert }) => alert));
  });
});

it('the dashboard uses metrics that exist, and no alert is without its picture', async () => {
  const Dashboard = z.object({
    panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() })).optional() })),
  });
  const { panels } = Dashboard.parse(JSON.parse(read('monitoring/dashboard.json')));
  const used = new Set(panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => seriesIn(expr))));
  const families = familiesOf(await scrape());
  expect([...used].filter((name) => !families.has(name))).toEqual([]);
  const alerted = alerts.flatMap(({ expr }) => seriesIn(expr));
  expect(alerted.filter((name) => !used.has(name))).toEqual([]);
});

describeWithPromtool('promtool', () => {
  const ask = (args: readonly string[], input = '') => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: ROOT, input, encoding: 'utf8' });
    return { status, said: `${stdout}${stderr}` };
  };

  it('finds nothing to say against names, types and helps of the metrics', async () => {
    expect(ask(['check', 'metrics'], await scrape())).toEqual({ status: 0, said: '' });
  });

  it('accepts the rules', () => {
    expect(ask(['check', 'rules', 'monitoring/alerts.yaml'])).toMatchObject({ status: 0 });
  });

  it('sees every alert fire, and none on a calm day', () => {
    const tested = ask(['test', 'rules', ...TESTS]);
    expect(tested.said).not.toContain('FAILED');
    expect(tested.status).toBe(0);
  });
});
