import type { z } from 'zod';
import type { Registers } from '../core/entry.ts';
import type { Fault, Result } from '../core/result.ts';
import { readYaml, type SourceFile, type YamlEntry } from '../text/read-yaml.ts';
import { EmbargoDocument } from './embargo-document.ts';
import { type EntryReading, type ParsedEntry, type Place, parseEmbargo } from './parse-embargo.ts';
import { parseSensitivity } from './parse-sensitivity.ts';
import type { RegisterContext } from './register-context.ts';
import { SensitivityDocument } from './sensitivity-document.ts';

/** Both registers as they are kept: as their files write them, with every figure sealed. */
export interface RegisterDocuments {
  readonly embargoes: readonly EmbargoDocument[];
  readonly sensitivity: readonly SensitivityDocument[];
}

export interface ParsedRegisters extends Registers {
  readonly documents: RegisterDocuments;
  /** What the entries say to try on encrypted attachments; never to be written down. */
  readonly passwords: readonly string[];
  /** What is no error, but what the registers' owner should know. */
  readonly warnings: readonly Fault[];
}

/** The folders of a register folder; one entry a file in each. */
export const REGISTER_FOLDERS = ['embargoes', 'sensitivity'] as const;

/**
 * Reads a register folder's files into both registers: all of them, or every fault with file, line and key.
 *
 * `folder` is how the folder is named to its owner. A folder without any entry is a fault: nothing would be held.
 */
export function parseRegisters(
  files: readonly SourceFile[],
  context: RegisterContext,
  folder = 'registers',
): Result<ParsedRegisters> {
  if (files.length === 0) {
    const message =
      'holds no entry, so nothing would be held: put at least one .yaml file into embargoes/ or sensitivity/';
    return { ok: false, error: [{ file: folder, line: null, column: null, key: null, message }] };
  }
  const embargoes = readAll(files, 'embargoes', EmbargoDocument, context, parseEmbargo);
  const sensitivity = readAll(files, 'sensitivity', SensitivityDocument, context, parseSensitivity);
  const faults = [
    ...embargoes.faults,
    ...sensitivity.faults,
    ...repeatedIds(embargoes.ids),
    ...repeatedIds(sensitivity.ids),
    ...sharedIds(embargoes.ids, sensitivity.ids),
  ];
  if (faults.length > 0) return { ok: false, error: faults };
  const known = new Set(embargoes.parsed.map(({ entry }) => entry.id));
  const unknownReleases = sensitivity.ids.flatMap(({ source }) => {
    const release = source.value.embargo;
    if (release === undefined || known.has(release)) return [];
    return [
      source.fault(
        ['embargo'],
        'names a release that this register does not have, add its entry to embargoes/ or remove the key',
      ),
    ];
  });
  return {
    ok: true,
    value: {
      embargoes: embargoes.parsed.map(({ entry }) => entry),
      sensitivity: sensitivity.parsed.map(({ entry }) => entry),
      documents: {
        embargoes: embargoes.parsed.map(({ document }) => document),
        sensitivity: sensitivity.parsed.map(({ document }) => document),
      },
      passwords: [...embargoes.parsed, ...sensitivity.parsed].flatMap(({ passwords }) => passwords),
      warnings: [...embargoes.warnings, ...sensitivity.warnings, ...unknownReleases],
    },
  };
}

interface Identified<D> {
  readonly id: string;
  readonly source: YamlEntry<D>;
}

function readAll<S extends z.ZodType<{ readonly id: string }>, E>(
  files: readonly SourceFile[],
  folder: (typeof REGISTER_FOLDERS)[number],
  schema: S,
  context: RegisterContext,
  parse: (document: z.output<S>, context: RegisterContext, at: Place) => EntryReading<E, z.output<S>>,
) {
  const parsed: ParsedEntry<E, z.output<S>>[] = [];
  const ids: Identified<z.output<S>>[] = [];
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  for (const file of files.filter(({ path }) => path.startsWith(`${folder}/`))) {
    const read = readYaml(file, schema);
    if (!read.ok) {
      faults.push(...read.error);
      continue;
    }
    ids.push({ id: read.value.value.id, source: read.value });
    const reading = parse(read.value.value, context, read.value.fault);
    faults.push(...reading.faults);
    warnings.push(...reading.warnings);
    if (reading.parsed !== null) parsed.push(reading.parsed);
  }
  return { parsed, ids, faults, warnings };
}

function repeatedIds<D>(ids: readonly Identified<D>[]): readonly Fault[] {
  const first = new Map<string, YamlEntry<D>>();
  return ids.flatMap(({ id, source }) => {
    const before = first.get(id);
    if (before === undefined) {
      first.set(id, source);
      return [];
    }
    return [source.fault(['id'], `the same id stands in ${before.source.file}, give each entry an id of its own`)];
  });
}

/** Findings name an entry by its id alone, so the two registers may not share one. */
function sharedIds<A, B>(embargoes: readonly Identified<A>[], sensitivity: readonly Identified<B>[]): readonly Fault[] {
  return sensitivity.flatMap(({ id, source }) => {
    const same = embargoes.find((entry) => entry.id === id);
    if (same === undefined) return [];
    return [source.fault(['id'], `the same id stands in ${same.source.source.file}, give each entry an id of its own`)];
  });
}
