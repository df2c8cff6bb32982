// Part of the build: proves the shipped rules with the code just built, and keeps them beside it.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeFault } from '../dist/core/result.js';
import { keepProvenRules } from '../dist/store/read-rules.js';

const proven = await keepProvenRules(join(dirname(dirname(fileURLToPath(import.meta.url))), 'rules'));
if (!proven.ok) {
  for (const fault of proven.error) console.error(`holdfast: ${describeFault(fault)}`);
  process.exitCode = 2;
}
