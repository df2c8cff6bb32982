import type { Policy } from '../core/policy.ts';
import type { Dataset } from './dataset.ts';
import type { DirectionRules } from './direction.ts';
import type { Identifier } from './identifier.ts';
import type { Marking } from './marking.ts';
import type { Subject } from './subject.ts';

/** All rules, parsed and proven by their own examples. Loaded once, shared by every scan. */
export interface CompiledRules {
  /** Hex SHA-256 over the rule files; every verdict names the version it was made with. */
  readonly version: string;
  readonly subjects: readonly Subject[];
  readonly directions: DirectionRules;
  readonly datasets: readonly Dataset[];
  readonly identifiers: readonly Identifier[];
  readonly markings: readonly Marking[];
  readonly policy: Policy;
  readonly thresholds: Readonly<Record<string, number>>;
}
