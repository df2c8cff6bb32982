import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { CompiledRules } from '../../src/rules/compiled-rules.ts';
import { datasetSchema } from '../../src/rules/dataset.ts';
import { identifierSchema } from '../../src/rules/identifier.ts';
import { markingSchema } from '../../src/rules/marking.ts';
import { policySchema } from '../../src/rules/policy.ts';

const FOLDER = join(import.meta.dirname, '../../rules');

/** The shipped rules on protected data, markings and policy; subjects and directions are left out, for no test here needs them. */
export const shippedRules: CompiledRules = {
  version: 'shipped',
  subjects: [],
  directions: [],
  datasets: files('datasets').map((file) => datasetSchema.parse(file)),
  identifiers: files('identifiers').map((file) => identifierSchema.parse(file)),
  markings: files('markings').map((file) => markingSchema.parse(file)),
  ...policy(),
};

function policy(): Pick<CompiledRules, 'policy' | 'thresholds'> {
  const { thresholds, ...outcomes } = policySchema.parse(read('policy.yaml'));
  return { policy: outcomes, thresholds };
}

function files(kind: string): readonly unknown[] {
  return readdirSync(join(FOLDER, kind)).map((name) => read(join(kind, name)));
}

function read(path: string): unknown {
  return parse(readFileSync(join(FOLDER, path), 'utf8'));
}
