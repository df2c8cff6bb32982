import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Instant } from '../core/entry.ts';
import { describeFault, type Fault } from '../core/result.ts';
import { detectors } from '../detect/index.ts';
import { caseSchema, type Evaluated, type EvaluationCase, evaluateCase } from '../scan/evaluate-set.ts';
import { parseInstant } from '../text/instant.ts';
import { CannotRun, type Command, type CommandIo } from './command.ts';
import { loadRuleFolder, SHIPPED_RULES } from './load-engine.ts';
import { evaluationJson, evaluationText } from './print-evaluation.ts';

/** Judges sentences whose right answer is known, every subject being under embargo, and counts right and wrong. */
export const evaluate: Command = {
  name: 'evaluate',
  async run(args, io) {
    const { file, folder, at, json } = parse(args, io);
    const cases = await readCases(file);
    const rules = await loadRuleFolder(folder);
    const evaluated: Evaluated[] = [];
    for (const [line, one] of cases) evaluated.push(await evaluateCase(one, line, { rules, detectors, at }));
    io.out(json ? evaluationJson(evaluated) : evaluationText(evaluated));
    return 0;
  },
};

function parse(args: readonly string[], io: CommandIo): { file: string; folder: string; at: Instant; json: boolean } {
  const options = { rules: { type: 'string' }, at: { type: 'string' }, format: { type: 'string' } } as const;
  const parsed = readArguments(() => parseArgs({ args: [...args], allowPositionals: true, options }));
  const [file, ...others] = parsed.positionals;
  if (file === undefined || others.length > 0)
    throw new CannotRun('evaluate: give one FILE.jsonl of sentences to judge');
  const at = parsed.values.at === undefined ? io.now() : parseInstant(parsed.values.at);
  if (at === null) throw new CannotRun('--at: is no instant with an offset, write it like 2016-01-20T09:22:00Z');
  const format = parsed.values.format ?? 'text';
  if (format !== 'text' && format !== 'json')
    throw new CannotRun(`--format: ${JSON.stringify(format)} is unknown, give text or json`);
  return { file, folder: parsed.values.rules ?? SHIPPED_RULES, at, json: format === 'json' };
}

function readArguments<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error);
    throw new CannotRun(`evaluate: ${reason}, see \`holdfast help\``);
  }
}

async function readCases(file: string): Promise<readonly (readonly [number, EvaluationCase])[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CannotRun(
      `${file}: cannot be read (${error.code ?? 'error'}), give a file of sentences, one JSON object a line`,
    );
  });
  const cases: (readonly [number, EvaluationCase])[] = [];
  const faults: string[] = [];
  text.split('\n').forEach((source, index) => {
    if (source.trim() === '') return;
    const read = readCase(source);
    if (typeof read === 'string') faults.push(describeFault(faultAt(file, index + 1, read)));
    else cases.push([index + 1, read]);
  });
  if (faults.length > 0) throw new CannotRun(...faults);
  if (cases.length === 0) throw new CannotRun(`${file}: holds no sentence, write one JSON object a line`);
  return cases;
}

/** The case, or what is wrong with it. */
function readCase(source: string): EvaluationCase | string {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return 'is no JSON object, write {"text": "...", "expect": "hold"}';
  }
  const parsed = caseSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not a case'}`.replace(/^: /, '');
}

function faultAt(file: string, line: number, message: string): Fault {
  return { file, line, column: null, key: null, message };
}
