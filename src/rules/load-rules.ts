import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Fault, Result } from '../core/result.ts';
import { type KeyPath, RULE_LIMIT, readYaml, type SourceFile, type YamlEntry } from '../text/read-yaml.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { datasetSchema } from './dataset.ts';
import { directionFileSchema } from './direction.ts';
import { identifierSchema } from './identifier.ts';
import { markingSchema } from './marking.ts';
import { policySchema } from './policy.ts';
import { type Subject, subjectSchema } from './subject.ts';

export const RULE_FOLDERS = ['subjects', 'directions', 'datasets', 'identifiers', 'markings'] as const;
export type RuleFolder = (typeof RULE_FOLDERS)[number];

export const POLICY_FILE = 'policy.yaml';

/**
 * Reads a rule folder's files into rules: all of them, or every fault with file, line and key.
 *
 * `folder` is how the folder is named to its owner. A kind of rule without any file is a fault: its detector would find nothing
 * and say so to nobody. The rules' own examples are proven apart (`scan/rule-proof.ts`).
 */
export function loadRules(files: readonly SourceFile[], folder = 'rules'): Result<CompiledRules> {
  const subjects = readSubjects(files, folder);
  const directions = readKind(files, 'directions', directionFileSchema, folder);
  const datasets = readKind(files, 'datasets', datasetSchema, folder);
  const identifiers = readKind(files, 'identifiers', identifierSchema, folder);
  const markings = readKind(files, 'markings', markingSchema, folder);
  const policy = readPolicy(files, folder);
  const faults = [subjects, directions, datasets, identifiers, markings, policy].flatMap((kind) =>
    kind.ok ? [] : kind.error,
  );
  if (!subjects.ok || !directions.ok || !datasets.ok || !identifiers.ok || !markings.ok || !policy.ok)
    return { ok: false, error: faults };
  const { thresholds, ...outcomes } = policy.value;
  return {
    ok: true,
    value: {
      version: rulesVersion(files),
      subjects: subjects.value,
      directions: directions.value,
      datasets: datasets.value,
      identifiers: identifiers.value,
      markings: markings.value,
      policy: outcomes,
      thresholds,
    },
  };
}

/** A fault at a key of the rule with an id, found again in the file that has it. */
export function placeInRule(
  files: readonly SourceFile[],
  place: { readonly folder: RuleFolder; readonly rule: string; readonly path: KeyPath; readonly message: string },
): Fault {
  for (const file of files.filter(({ path }) => path.startsWith(`${place.folder}/`))) {
    const read = readYaml(file, ruleId, RULE_LIMIT);
    if (read.ok && read.value.value.id === place.rule) return read.value.fault(place.path, place.message);
  }
  return wholeFault(`${place.folder}/${place.rule}`, place.message);
}

const ruleId = z.object({ id: z.string() });

/** Hex SHA-256 over paths and texts; line endings count, order of reading does not. */
export function rulesVersion(files: readonly SourceFile[]): string {
  const hash = createHash('sha256');
  for (const { path, text } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1)))
    hash.update(`${path}\0${Buffer.byteLength(text)}\0${text}`);
  return hash.digest('hex');
}

/** The files of one kind, read; ids must differ. */
function readKind<S extends z.ZodType<{ readonly id: string }>>(
  files: readonly SourceFile[],
  kind: RuleFolder,
  schema: S,
  folder: string,
  check: (entries: readonly YamlEntry<z.output<S>>[]) => readonly Fault[] = () => [],
): Result<readonly z.output<S>[]> {
  const faults: Fault[] = [];
  const entries: YamlEntry<z.output<S>>[] = [];
  const own = files.filter(({ path }) => path.startsWith(`${kind}/`));
  if (own.length === 0)
    faults.push(
      wholeFault(
        `${folder}/${kind}`,
        'holds no rule, so nothing of its kind would be found: put at least one .yaml file into it',
      ),
    );
  for (const file of own) {
    const read = readYaml(file, schema, RULE_LIMIT);
    if (!read.ok) {
      faults.push(...read.error);
      continue;
    }
    const same = entries.find(({ value }) => value.id === read.value.value.id);
    if (same === undefined) entries.push(read.value);
    else
      faults.push(
        read.value.fault(['id'], `the same id stands in ${same.source.file}, give each rule an id of its own`),
      );
  }
  faults.push(...check(entries));
  return faults.length > 0 ? { ok: false, error: faults } : { ok: true, value: entries.map(({ value }) => value) };
}

function readSubjects(files: readonly SourceFile[], folder: string): Result<readonly Subject[]> {
  return readKind(files, 'subjects', subjectSchema, folder, (entries) => {
    const seen = new Map<string, string>();
    return entries.flatMap((entry) =>
      entry.value.measures.flatMap(({ id }, index) => {
        const before = seen.get(id);
        seen.set(id, before ?? entry.source.file);
        if (before === undefined) return [];
        return [
          entry.fault(['measures', index, 'id'], `the same measure stands in ${before}, give each an id of its own`),
        ];
      }),
    );
  });
}

function readPolicy(files: readonly SourceFile[], folder: string) {
  const file = files.find(({ path }) => path === POLICY_FILE);
  if (file === undefined) {
    const message = 'is missing, and it says what each finding comes to: copy the one that is shipped';
    return { ok: false as const, error: [wholeFault(`${folder}/${POLICY_FILE}`, message)] };
  }
  const read = readYaml(file, policySchema);
  return read.ok ? { ok: true as const, value: read.value.value } : read;
}

function wholeFault(file: string, message: string): Fault {
  return { file, line: null, column: null, key: null, message };
}
