import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRun, type CommandIo } from '../../src/cli/command.ts';
import { scan } from '../../src/cli/scan.ts';

/** One line of `scan --format json`. */
export interface Answer {
  readonly source: string;
  readonly verdict: string;
  readonly holdUntil: string | null;
  readonly effectiveAt: string;
  readonly findings: readonly {
    detector: string;
    entry: string | null;
    path: string;
    span: { start: number; end: number } | null;
    insight?: string;
  }[];
  readonly incomplete: readonly { path: string; reason: string }[];
}

export const LABOUR_MARKET = `
id: labour-market-2016-01
title: UK Labour Market, January 2016
producer: Office for National Statistics
series: labour-market
subjects: [labour-market]
embargo: { from: "2016-01-13T00:00", until: "2016-01-20T09:30", zone: Europe/London }
preRelease:
  opens: "2016-01-19T09:30"
  access:
    - { email: analyst@department.example, role: Labour market analyst, declared: "2016-01-12" }
    - { email: chief@department.example, role: Chief economist, declared: "2016-01-12" }
custodians: ["*@statistics.example"]
status: scheduled
figures:
  - { measure: employment-rate, value: 74.0, unit: percent }
  - { measure: people-in-work, value: 31.39, unit: million }
`;
const CORE_LETTINGS = `
id: core-lettings-2016-17
title: CORE lettings 2016/17, record level
owner: core.team@department.example
classification: OFFICIAL-SENSITIVE
dataset: core-lettings
allowedRecipients: ["analyst@department.example", "*@statistics.example"]
`;
export const TWEET = 'Record employment! More people in work than ever before.\n';

/** A folder of registers and a `holdfast scan` that runs in this process, at 09:15 on 20 January 2016. */
export interface ScanTrial {
  readonly folder: string;
  /** Of `registersWith({ labour: LABOUR_MARKET })`. */
  readonly registers: string;
  registersWith(embargoes: Readonly<Record<string, string>>, name: string): Promise<string>;
  run(args: readonly string[], stdin?: string, env?: CommandIo['env']): Promise<ScanRun>;
  remove(): Promise<void>;
}

export interface ScanRun {
  readonly status: number;
  readonly answers: readonly Answer[];
  readonly out: string;
  readonly err: string;
}

export async function startScanTrial(): Promise<ScanTrial> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-scan-'));
  const trial = {
    folder,
    registersWith: (embargoes: Readonly<Record<string, string>>, name: string) =>
      writeRegisters(join(folder, name), embargoes),
    run: (args: readonly string[], stdin = '', env: CommandIo['env'] = {}) => runScan(args, stdin, folder, env),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  return { ...trial, registers: await trial.registersWith({ labour: LABOUR_MARKET }, 'registers') };
}

async function writeRegisters(dir: string, embargoes: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(join(dir, 'embargoes'), { recursive: true });
  await mkdir(join(dir, 'sensitivity'), { recursive: true });
  for (const [file, text] of Object.entries(embargoes)) await writeFile(join(dir, 'embargoes', `${file}.yaml`), text);
  await writeFile(join(dir, 'sensitivity', 'core.yaml'), CORE_LETTINGS);
  return dir;
}

async function runScan(
  args: readonly string[],
  stdin: string,
  folder: string,
  env: CommandIo['env'],
): Promise<ScanRun> {
  let out = '';
  let err = '';
  const io: CommandIo = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    stdin: async () => Buffer.from(stdin),
    isTerminal: false,
    now: () => Date.parse('2016-01-20T09:15:00Z'),
    env: { HOLDFAST_DATA: join(folder, 'data'), ...env },
  };
  const status = await scan.run(args, io).catch((error: unknown) => {
    if (!(error instanceof CannotRun)) throw error;
    err += error.lines.map((line) => `holdfast: ${line}\n`).join('');
    return 2;
  });
  const answers = out.startsWith('{')
    ? out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Answer)
    : [];
  return { status, answers, out, err };
}
