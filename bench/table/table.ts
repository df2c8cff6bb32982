import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import type { Claim } from './claims.ts';

export interface Measured {
  readonly claim: string;
  readonly against: string;
  /** Null where the bench did not print it: it was not run, or its peer is not here. */
  readonly ratio: number | null;
  readonly must: string;
  readonly holds: boolean | null;
}

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
  readonly node: string;
  /** Load average over a minute before the first bench: above nought, others were at work. */
  readonly load: number;
  readonly at: string;
}

/** What the benches' output says of each claim. */
export function measure(claims: readonly Claim[], said: ReadonlyMap<string, string>): readonly Measured[] {
  return claims.map(({ bench, claim, against, line, ratio, must }) => {
    const found = line.exec(said.get(bench) ?? '');
    const value = found === null ? null : ratio(...found.slice(1).map(Number));
    const holds = value === null ? null : 'most' in must ? value <= must.most : value >= must.least;
    const bound = 'most' in must ? `at most ${must.most}` : `at least ${must.least}`;
    return { claim, against, ratio: value === null ? null : Number(value.toFixed(2)), must: bound, holds };
  });
}

export function machineFacts(now: Date): Machine {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
    at: now.toISOString().slice(0, 10),
  };
}

/** As markdown, for a terminal and for README alike. */
export function tableText(measured: readonly Measured[], machine: Machine): string {
  const rows = measured.map(({ claim, against, ratio, must, holds }) => [
    claim,
    against,
    ratio === null ? 'not measured' : `${ratio}`,
    holds === false ? `${must}, **missed**` : must,
  ]);
  const { cores, processor, memoryGiB, node, load, at } = machine;
  const shared = load > cores / 2 ? `, load ${load}: others were at work, so wall clocks are worse than they are` : '';
  return [
    '| claim | against | ratio | must be |',
    '| --- | --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `${cores} cores (${processor}), ${memoryGiB} GiB, Node ${node}, ${at}${shared}.`,
  ].join('\n');
}

export const README_MARKS = ['<!-- bench: npm run bench -- --readme -->', '<!-- /bench -->'] as const;

/** README with the table between its marks. @throws Error where it has none. */
export function withTable(readme: string, table: string): string {
  const [open, close] = README_MARKS;
  const start = readme.indexOf(open);
  const end = readme.indexOf(close);
  if (start < 0 || end < start) throw new Error(`README has no ${open} … ${close}`);
  return `${readme.slice(0, start + open.length)}\n${table}\n${readme.slice(end)}`;
}
