/** A performance claim, and where its bench prints what was measured. */
export interface Claim {
  /** File in `bench/`, without its ending. */
  readonly bench: string;
  readonly claim: string;
  /** What it is compared with. */
  readonly against: string;
  /** Matches the printed line; its first group is the figure. */
  readonly line: RegExp;
  /** The figure as a ratio, from the groups. */
  readonly ratio: (...groups: readonly number[]) => number;
  /** Which way is good, and where it ends to be. */
  readonly must: { readonly most: number } | { readonly least: number };
}

const first = (value = Number.NaN) => value;

/** Every claim as a ratio against its peer or its limit, so that it means the same on another machine. */
export const CLAIMS: readonly Claim[] = [
  {
    bench: 'draft',
    claim: 'a post of 280 characters judged, p99',
    against: 'limit of 5 ms',
    line: /280 characters: .*?, ([\d.]+) of the limit/,
    ratio: first,
    must: { most: 1 },
  },
  {
    bench: 'draft',
    claim: '1 MB of prose judged, CPU',
    against: 'its limit',
    line: /1 MB of prose: .*?, ([\d.]+) of the limit/,
    ratio: first,
    must: { most: 1 },
  },
  {
    bench: 'mail',
    claim: 'mails of 4.6 KB judged in an open window, a second of CPU',
    against: 'limit of 1,000',
    line: /limit 1000\/s: ([\d.]+) times/,
    ratio: first,
    must: { least: 1 },
  },
  {
    bench: 'gateway',
    claim: 'mails taken durably, a second',
    against: 'Postfix alone',
    line: /ratio accepted: ([\d.]+) of Postfix/,
    ratio: first,
    must: { least: 1 },
  },
  {
    bench: 'gateway',
    claim: 'until all of them are judged and delivered',
    against: 'the time it took to take them',
    line: /^Holdfast.* delivered after [\d.]+ s \(([\d.]+) x accept\)/m,
    ratio: first,
    must: { most: 1.5 },
  },
  {
    bench: 'xlsx',
    claim: 'a workbook of 85,000 x 120 read, wall clock',
    against: 'inflating it',
    line: /^read .*?ms wall \(([\d.]+) x\)/m,
    ratio: first,
    must: { most: 2.5 },
  },
  {
    bench: 'xlsx',
    claim: 'its first rows, wall clock',
    against: 'inflating it',
    line: /^first rows .*ms wall \(([\d.]+) x\)/m,
    ratio: first,
    must: { most: 1 },
  },
  {
    bench: 'csv',
    claim: '60 MB of CSV read, wall clock',
    against: 'node:readline counting its lines',
    line: /^read .*?ms wall \(([\d.]+) x\)/m,
    ratio: first,
    must: { most: 2 },
  },
  {
    bench: 'large-workbook',
    claim: 'a large workbook opened and judged',
    against: 'opening it',
    line: /opening and judging +\d+ ms \(([\d.]+) x\)/,
    ratio: first,
    must: { most: 1.3 },
  },
  {
    bench: 'sketch',
    claim: 'subsets of twenty rows of a sketched dataset found',
    against: 'all of them',
    line: /recall +([\d.]+) %/,
    ratio: (percent = Number.NaN) => percent / 100,
    must: { least: 0.99 },
  },
  {
    bench: 'many-sketches',
    claim: 'a mail judged with many sketches',
    against: 'without',
    line: /sketches: ([\d.]+) times the cost/,
    ratio: first,
    must: { most: 1.2 },
  },
  {
    bench: 'retro-scan',
    claim: 'what left searched for a dataset registered later',
    against: 'limit in seconds',
    line: /searched in ([\d.]+) s \(limit ([\d.]+) s/,
    ratio: (seconds = Number.NaN, limit = Number.NaN) => seconds / limit,
    must: { most: 1 },
  },
  {
    bench: 'queue',
    claim: 'worst p95 of a page with 50,000 held messages',
    against: 'target of 200 ms',
    line: /worst p95 (\d+) ms \(target (\d+)\)/,
    ratio: (ms = Number.NaN, target = Number.NaN) => ms / target,
    must: { most: 1 },
  },
  {
    bench: 'workers',
    claim: 'mails a second with two workers',
    against: 'with one',
    line: /2: \d+\/s \(([\d.]+)\)/,
    ratio: first,
    must: { least: 1 },
  },
];
