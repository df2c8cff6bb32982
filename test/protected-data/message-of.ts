import { memorySource } from '../../src/core/byte-source.ts';
import type { SensitivityEntry } from '../../src/core/entry.ts';
import type { OpenedMessage } from '../../src/core/part.ts';
import type { DetectContext } from '../../src/detect/detector.ts';
import { DEFAULT_LIMITS } from '../../src/extract/budget.ts';
import { extractors } from '../../src/extract/index.ts';
import { openParts } from '../../src/scan/open-parts.ts';
import { shippedRules } from './shipped-rules.ts';

/** Opens bytes as the scanner does. */
export function messageOf(name: string, content: string | Uint8Array): Promise<OpenedMessage> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const kind = name.endsWith('.eml') ? 'email' : /\.(txt|md)$/.test(name) ? 'draft' : 'file';
  return openParts(
    { kind, name, source: memorySource(bytes) },
    { extractors, limits: DEFAULT_LIMITS, now: () => performance.now() },
  );
}

export const coreEntry: SensitivityEntry = {
  id: 'core-lettings-2016-17',
  title: 'CORE lettings 2016/17, record level',
  owner: 'core.team@department.example',
  classification: 'OFFICIAL-SENSITIVE',
  embargo: null,
  dataset: 'core-lettings',
  columns: [],
  sketch: null,
  allowedRecipients: [],
};

export function aContext(changes: Partial<DetectContext> = {}): DetectContext {
  return {
    rules: shippedRules,
    registers: { embargoes: [], sensitivity: [coreEntry] },
    open: [],
    parties: { from: 'officer@department.example', to: ['contact@landlord.example'] },
    effectiveAt: Date.parse('2017-07-19T09:00:00Z'),
    matchesSealed: () => false,
    ...changes,
  };
}
