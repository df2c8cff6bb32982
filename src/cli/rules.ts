import { parseArgs } from 'node:util';
import { describeFault } from '../core/result.ts';
import { detectors } from '../detect/index.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { loadRules, POLICY_FILE, placeInRule, RULE_FOLDERS } from '../rules/load-rules.ts';
import { disproveRules } from '../scan/rule-proof.ts';
import { readFolder } from '../store/read-folder.ts';
import { CannotRun, type Command } from './command.ts';
import { SHIPPED_RULES } from './load-engine.ts';
import { count } from './registers-check.ts';
import { orEnd } from './registers-task.ts';

/** Runs every rule's own examples; one that its rule does not bear out costs a line, and exit 2. */
export const rules: Command = {
  name: 'rules',
  usage: 'rules test [DIR]',
  summary: "runs every rule's own examples; without DIR those of the shipped rules",
  async run(args, io) {
    const folder = parse(args) ?? SHIPPED_RULES;
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
    return 0;
  },
};

function examplesOf(loaded: CompiledRules, kind: (typeof RULE_FOLDERS)[number]): number {
  return loaded[kind].reduce((sum, { examples }) => sum + examples.match.length + examples.clean.length, 0);
}

function parse(args: readonly string[]): string | undefined {
  let positionals: string[];
  try {
    positionals = parseArgs({ args: [...args], allowPositionals: true, options: {} }).positionals;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('. ')[0] ?? '').replace(/\.$/, '') : String(error);
    throw new CannotRun(`rules: ${reason}, see \`holdfast help\``);
  }
  const [action, folder, ...more] = positionals;
  if (action !== 'test')
    throw new CannotRun(
      `rules: ${action === undefined ? 'no action given' : `${JSON.stringify(action)} is no action`}, give test`,
    );
  if (more.length > 0) throw new CannotRun('rules test: more than one folder given, name one');
  return folder;
}
