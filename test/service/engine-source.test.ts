import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { loadRuleFolder, SHIPPED_RULES } from '../../src/cli/load-engine.ts';
import { ephemeralKeyRing } from '../../src/registers/keys.ts';
import { startEngineSource } from '../../src/service/engine-source.ts';
import { silentLog } from '../../src/service/log.ts';
import type { KeptRegisters } from '../../src/service/stores.ts';

const document = {
  id: 'labour-market-2016-01',
  title: 'UK Labour Market',
  producer: 'Office of Examples',
  subjects: ['labour-market'],
  embargo: { from: '2016-01-13T00:00', until: '2016-01-20T09:30', zone: 'Europe/London' },
  status: 'scheduled',
} as const;

const kept = (version: number) =>
  ({
    version: String(version),
    documents: { embargoes: [document], sensitivity: [] },
    sketches: new Map(),
  }) as unknown as KeptRegisters;

it('reads a change again that it could not read when it was told of it', async () => {
  const rules = await loadRuleFolder(SHIPPED_RULES);
  jest.useFakeTimers();
  try {
    let onChange = () => {};
    const answers = [async () => kept(1), () => Promise.reject(new Error('store away')), async () => kept(2)];
    const engines = await startEngineSource({
      loadRules: async () => ({ ok: true, value: rules }),
      registers: {
        load: () => (answers.shift() ?? (async () => kept(2)))(),
        watch: (told) => {
          onChange = told;
          return { stop: async () => {} };
        },
      },
      keys: ephemeralKeyRing(randomBytes(32)),
      detectors: [],
      open: async () => ({ parts: [], incomplete: [] }) as never,
      log: silentLog,
    });
    onChange();
    await jest.advanceTimersByTimeAsync(100);
    expect((await engines.current()).registersVersion).toBe(1);
    await jest.advanceTimersByTimeAsync(3_000);
    expect((await engines.current()).registersVersion).toBe(2);
    await engines.stop();
  } finally {
    jest.useRealTimers();
  }
});
