import { parseArgs } from 'node:util';
import { describeFault } from '../core/result.ts';
import { detectors } from '../detect/index.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { loadRules, POLICY_FILE, placeInRule, RULE_FOLDERS } from '../rules/load-rules.ts';
import { disproveRules } from '../scan/rule-proof.ts';
import { unguardedConditions } from '../scan/unguarded-conditions.ts';
import { readFolder } from '../store/read-folder.ts';
import { CannotRun, type Command, orEnd } from './command.ts';
import { SHIPPED_RULES } from './load-engine.ts';
import { count } from './registers-check.ts';

/**
 * Runs every rule's own examples; one that its rule does not bear out costs a line, and exit 2. A condition that no near-miss guards
 * costs a line; and exit 1 in the shipped rules, or where `--strict` asks for it.
 */
export const rules: Command = {
  name: 'rules',
  async run(args, io) {
    const { folder, quick, strict } = parse(args);
    const started = performance.now();
    const { files, warnings } = orEnd(
      await readFolder(folder, { folders: RULE_FOLDERS, files: [POLICY_FILE], what: 'rule' }),
    );
    for (const fault of warnings) io.err(`warning: ${describeFault(fault)}\n`);
    const loaded = orEnd(loadRules(files, folder));
    const disproofs = disproveRules(loaded, detectors).map((disproof) => describeFault(placeInRule(files, disproof)));
    if (disproofs.length > 0) throw new CannotRun(...disproofs);
    const total = RULE_FOLDERS.reduce((sum, kind) => sum + examplesOf(loaded, kind), 0);
    for (const kind of RULE_FOLDERS)
      io.out(
        `${kind.padEnd(12)} ${count(loaded[kind].length, 'rule').padStart(9)}, ${count(examplesOf(loaded, kind), 'example')}\n`,
      );
    io.out(`all ${count(total, 'example')} borne out in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    if (quick) return 0;
    const open = unguardedConditions(loaded, detectors).map((one) => describeFault(placeInRule(files, one)));
    for (const line of open) io.out(`unguarded: ${line}\n`);
    io.out(
      open.length === 0 ? 'every condition is guarded\n' : `${count(open.length, 'condition')} without a near-miss\n`,
    );
    return open.length > 0 && strict ? 1 : 0;
  },
};

function examplesOf(loaded: CompiledRules, kind: (typeof RULE_FOLDERS)[number]): number {
  return loaded[kind].reduce((sum, { examples }) => sum + examples.match.length + examples.clean.length, 0);
}

interface Options {
  readonly folder: string;
  readonly quick: boolean;
  /** Whether a condition without a near-miss is a failure. */
  readonly strict: boolean;
}

function parse(args: readonly string[]): Options {
  const { positionals, values } = read(args);
  const [action, folder, ...more] = positionals;
  if (action !== 'test')
    throw new CannotRun(
      `rules: ${action === undefined ? 'no action given' : `${JSON.stringify(action)} is no action`}, give test`,
    );
  if (more.length > 0) throw new CannotRun('rules test: more than one folder given, name one');
  return {
    folder: folder ?? SHIPPED_RULES,
    quick: values.quick === true,
    strict: values.strict === true || folder === undefined,
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { quick: { type: 'boolean' }, strict: { type: 'boolean' } },
    });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('. ')[0] ?? '').replace(/\.$/, '') : String(error);
    throw new CannotRun(`rules: ${reason}, see \`holdfast help\``);
  }
}
